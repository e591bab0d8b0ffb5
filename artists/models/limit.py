"""Ceilings in credits, and the periods now running under them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from artists.models.artist import Artist

BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


class LimitQuerySet(models.QuerySet["Limit"]):
    def binding(self, artist: "Artist") -> "LimitQuerySet":
        """Limits that a generation of this artist must fit, in the one order they are taken.

        The order is the same for everybody, so that two reservations never wait for each other.
        """
        everybody = Q(cohort=None, artist=None)
        scopes = everybody | Q(cohort=artist.cohort_id or 0) | Q(artist=artist)
        return self.filter(scopes, ended_at=None).order_by("pk")


class Limit(models.Model):
    """A ceiling for the programme, one cohort or one artist over a day, a month or in total.

    It is ended, never removed: its windows and their ledger stay.
    """

    class Period(models.TextChoices):
        DAY = "day", "Today"
        MONTH = "month", "This month"
        TOTAL = "total", "In total"

    cohort = models.ForeignKey(
        "artists.Cohort", models.CASCADE, null=True, blank=True, related_name="limits"
    )
    artist = models.ForeignKey(
        "artists.Artist", models.CASCADE, null=True, blank=True, related_name="limits"
    )
    period = models.CharField(max_length=5, choices=Period)
    credits = models.PositiveIntegerField()
    granted_by = models.ForeignKey(
        "artists.Cohort",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="granted_limits",
        help_text="The cohort that granted it to an artist on joining. Empty: set by hand.",
    )
    ended_at = models.DateTimeField(
        null=True, editable=False, help_text="Since then it binds nobody."
    )

    objects = LimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cohort=None) | Q(artist=None), name="limit_has_one_scope"
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(cohort=None, artist=None),
                name="limit_is_one_a_period_for_the_programme",
            ),
            models.UniqueConstraint(
                fields=["cohort", "period"], name="limit_is_one_a_period_for_a_cohort"
            ),
            models.UniqueConstraint(
                fields=["artist", "period"], name="limit_is_one_a_period_for_an_artist"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credits} credits {self.get_period_display().lower()} for {self.scope_label}"

    @property
    def scope_label(self) -> str:
        if self.artist_id:
            return "you"
        return "your cohort" if self.cohort_id else "the programme"

    @property
    def reading_order(self) -> tuple[bool, bool, int]:
        """One's own limits first, then the cohort's, then the programme's; the shortest first."""
        periods = list(self.Period)
        return (not self.artist_id, not self.cohort_id, periods.index(self.Period(self.period)))

    def period_start(self, at: datetime) -> datetime:
        """The start of the period that `at` falls in, by the programme's time zone."""
        if self.period == self.Period.TOTAL:
            return BEGINNING
        midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if self.period == self.Period.DAY else midnight.replace(day=1)

    def period_end(self, at: datetime) -> datetime | None:
        """When the period that `at` falls in ends; None for a total, which never does."""
        if self.period == self.Period.TOTAL:
            return None
        start = self.period_start(at)
        if self.period == self.Period.DAY:
            return start + timedelta(days=1)
        return (start + timedelta(days=32)).replace(day=1)


class WindowQuerySet(models.QuerySet["Window"]):
    def hold(self, window_id: int, amount: int) -> bool:
        """Hold credits if they are free; False means that they are not."""
        fits = self.filter(pk=window_id, credits__gte=F("held") + F("spent") + amount)
        return fits.update(held=F("held") + amount) == 1

    def close(self, window_id: int, *, held: int, spent: int) -> None:
        """Take back a hold and add what was spent."""
        self.filter(pk=window_id).update(held=F("held") - held, spent=F("spent") + spent)


class Window(models.Model):
    """The period now running under a limit, with what is held and what is spent in it.

    The ceiling stands here too, so that the database itself refuses to pass it (I3).
    """

    limit = models.ForeignKey(Limit, models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    credits = models.PositiveIntegerField()
    held = models.PositiveIntegerField(default=0)
    spent = models.PositiveIntegerField(default=0)

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limit", "starts_at"], name="window_is_one_a_period"),
            models.CheckConstraint(
                condition=Q(credits__gte=F("held") + F("spent")), name="window_holds_its_ceiling"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held} held and {self.spent} spent of {self.credits}"

    @property
    def free(self) -> int:
        return self.credits - self.held - self.spent

    @property
    def label(self) -> str:
        return self.limit.get_period_display()

    @property
    def scope_label(self) -> str:
        return self.limit.scope_label

    @property
    def resets_at(self) -> datetime | None:
        return self.limit.period_end(self.starts_at)

    @property
    def held_percent(self) -> int:
        return self._percent(self.held)

    @property
    def spent_percent(self) -> int:
        return self._percent(self.spent)

    def _percent(self, part: int) -> int:
        return round(100 * part / self.credits) if self.credits else 0
