"""The periods now running under the limits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from artists.models.ledger import LedgerEntry
from artists.models.limit import Limit
from portal.prepared import Arg, Update

if TYPE_CHECKING:
    from artists.models.reservation import Reservation
    from artists.models.temporary_raise import Raise

LOW_PART = 0.2


class WindowQuerySet(models.QuerySet["Window"]):
    def of_periods(self, periods: "Iterable[tuple[Any, Any]]") -> "WindowQuerySet":
        """Those of these limits, by their keys, whose period begins so. In the limits' order."""
        wanted = Q(pk__in=[])
        for limit, starts_at in periods:
            wanted |= Q(limit=limit, starts_at=starts_at)
        return self.filter(wanted).order_by("limit")

    def hold(self, windows: "Sequence[Window]", amount: int) -> None:
        """Hold an amount in each of these windows, which the caller has locked and found free."""
        keys = {f"window{place}": one.pk for place, one in enumerate(windows)}
        _holding(tuple(keys))(amount=amount, **keys)

    def close(self, window_id: int, *, held: int, spent: int) -> None:
        """Take back a hold and add what was spent."""
        self.filter(pk=window_id).update(held=F("held") - held, spent=F("spent") + spent)

    def held_by(self, reservation: "Reservation") -> "WindowQuerySet":
        """Those that a reservation took from: it gives back to the same."""
        hold = LedgerEntry.Kind.HOLD
        return self.filter(entries__reservation=reservation, entries__kind=hold)

    def outdated(self, at: datetime) -> "WindowQuerySet":
        """Those under whose ceiling a raise has begun or ended meanwhile."""
        return self.filter(ceiling_until__lte=at)


class Window(models.Model):
    """The period now running under a limit, with what is held and what is spent in it.

    The ceiling stands here too, so that the database itself refuses to pass it (I3). What a raise
    adds is in it until `ceiling_until`; from then on nothing is held before it is written anew.
    """

    limit = models.ForeignKey(Limit, models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    ceiling = models.PositiveBigIntegerField()
    ceiling_until = models.DateTimeField(
        null=True, help_text="When a raise begins or ends next. Empty: none is known."
    )
    held = models.PositiveBigIntegerField(default=0)
    spent = models.PositiveBigIntegerField(default=0)

    running_raises: "list[Raise]" = []  # set by artists.quotas.windows.read_windows

    objects = WindowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limit", "starts_at"], name="window_is_one_a_period"),
            models.CheckConstraint(
                condition=Q(ceiling__gte=F("held") + F("spent")), name="window_holds_its_ceiling"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ceiling_until"],
                condition=Q(ceiling_until__isnull=False),
                name="window_ceiling_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held} held and {self.spent} spent of {self.ceiling}"

    def is_outdated(self, at: datetime) -> bool:
        return self.ceiling_until is not None and self.ceiling_until <= at

    @property
    def free(self) -> int:
        return self.ceiling - self.held - self.spent

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
    def level(self) -> str:
        """How near its end it is: `used_up`, `low` from a fifth of the ceiling on, or empty."""
        if self.free == 0:
            return "used_up"
        return "low" if self.free <= self.ceiling * LOW_PART else ""

    @property
    def held_percent(self) -> int:
        return self._percent(self.held)

    @property
    def spent_percent(self) -> int:
        return self._percent(self.spent)

    def _percent(self, part: int) -> int:
        return round(100 * part / self.ceiling) if self.ceiling else 0


@cache
def _holding(keys: tuple[str, ...]) -> Update:
    amount, key = models.BigIntegerField(), models.BigIntegerField()
    windows = Window.objects.filter(pk__in=[Arg(one, key) for one in keys])
    return Update(lambda: windows, held=F("held") + Arg("amount", amount))
