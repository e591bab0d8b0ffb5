"""Ceilings in credits or in money."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.clock import programme_time

if TYPE_CHECKING:
    from artists.models.artist import Artist
    from artists.models.temporary_raise import Raise
    from artists.models.token import Token

BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
NOBODY = 0  # no row has this key
OF_PROGRAMME = Q(cohort=None, artist=None, token=None)


class LimitQuerySet(models.QuerySet["Limit"]):
    def binding(self, artist: "Artist", *, token: "Token | None" = None) -> "LimitQuerySet":
        """Limits that a generation must fit that this artist asks for, perhaps by a token.

        They come in the one order in which they are taken. The order is the same for everybody,
        so that two reservations never wait for each other.
        """
        return self.binding_keys(
            artist=artist.pk, cohort=artist.cohort_id or NOBODY, token=token.pk if token else NOBODY
        )

    def binding_keys(self, *, artist: Any, cohort: Any, token: Any) -> "LimitQuerySet":
        """The same by keys, NOBODY where there is none; Args to keys do as well."""
        scopes = OF_PROGRAMME | Q(cohort=cohort) | Q(artist=artist) | Q(token=token)
        return self.standing().filter(scopes).order_by("pk")

    def standing(self) -> "LimitQuerySet":
        return self.filter(ended_at=None)


class Limit(models.Model):
    """A ceiling for the programme, one cohort, artist or token over a day, a month or in total.

    In credits, or for the programme in money a month: its budget, in ten-thousandths of its
    currency. It is ended, never removed: its windows and their ledger stay.
    """

    class Period(models.TextChoices):
        DAY = "day", "Today"
        MONTH = "month", "This month"
        TOTAL = "total", "In total"

    class Unit(models.TextChoices):
        CREDITS = "credits"
        MONEY = "money"

    cohort = models.ForeignKey(
        "artists.Cohort", models.CASCADE, null=True, blank=True, related_name="limits"
    )
    artist = models.ForeignKey(
        "artists.Artist", models.CASCADE, null=True, blank=True, related_name="limits"
    )
    token = models.ForeignKey(
        "artists.Token", models.CASCADE, null=True, blank=True, related_name="limits"
    )
    period = models.CharField(max_length=5, choices=Period)
    unit = models.CharField(max_length=7, choices=Unit, default=Unit.CREDITS)
    ceiling = models.PositiveBigIntegerField(help_text="In its unit, without any raise.")
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
                condition=Q(cohort=None, artist=None)
                | Q(cohort=None, token=None)
                | Q(artist=None, token=None),
                name="limit_has_one_scope",
            ),
            models.CheckConstraint(
                condition=Q(unit="credits") | Q(unit="money", period="month") & OF_PROGRAMME,
                name="limit_in_money_is_the_programmes_a_month",
            ),
            models.UniqueConstraint(
                fields=["period", "unit"],
                condition=OF_PROGRAMME,
                name="limit_is_one_a_period_for_the_programme",
            ),
            models.UniqueConstraint(
                fields=["cohort", "period"], name="limit_is_one_a_period_for_a_cohort"
            ),
            models.UniqueConstraint(
                fields=["artist", "period"], name="limit_is_one_a_period_for_an_artist"
            ),
            models.UniqueConstraint(
                fields=["token", "period"], name="limit_is_one_a_period_for_a_token"
            ),
        ]

    def __str__(self) -> str:
        period = self.get_period_display().lower()
        return f"{self.ceiling} {self.unit} {period} for {self.scope_label}"

    @property
    def is_money(self) -> bool:
        return self.unit == self.Unit.MONEY

    @property
    def standing_ceiling(self) -> int | None:
        """What it is set to, without raises; None where it has ended."""
        return None if self.ended_at else self.ceiling

    @property
    def scope(self) -> str:
        """Whom it binds, in a word for programs."""
        if self.token_id:
            return "token"
        if self.artist_id:
            return "artist"
        return "cohort" if self.cohort_id else "programme"

    @property
    def scope_label(self) -> str:
        if self.token is not None:
            return f"the token “{self.token.name}”"
        if self.artist_id:
            return "you"
        return "your cohort" if self.cohort_id else "the programme"

    @property
    def reading_order(self) -> tuple[bool, bool, bool, int]:
        """A token's first, then one's own, the cohort's, the programme's; the shortest first."""
        periods = list(self.Period)
        scopes = (not self.token_id, not self.artist_id, not self.cohort_id)
        return (*scopes, periods.index(self.Period(self.period)))

    def ceiling_at(self, at: datetime, raises: "Iterable[Raise]") -> tuple[int, datetime | None]:
        """The ceiling at a moment with what its raises add, and when that changes next.

        `raises` are those of this limit that have not ended yet.
        """
        added, changes = 0, []
        for one in raises:
            has_begun = one.starts_at <= at
            added += one.extra if has_begun else 0
            changes.append(one.ends_at if has_begun else one.starts_at)
        return self.ceiling + added, min(changes, default=None)

    def period_start(self, at: datetime) -> datetime:
        """The start of the period that `at` falls in, by the programme's time zone."""
        if self.period == self.Period.TOTAL:
            return BEGINNING
        midnight = programme_time(at).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if self.period == self.Period.DAY else midnight.replace(day=1)

    def period_end(self, at: datetime) -> datetime | None:
        """When the period that `at` falls in ends; None for a total, which never does."""
        if self.period == self.Period.TOTAL:
            return None
        start = self.period_start(at)
        if self.period == self.Period.DAY:
            return start + timedelta(days=1)
        return (start + timedelta(days=32)).replace(day=1)
