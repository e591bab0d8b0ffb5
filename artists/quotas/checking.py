"""The ledger check: does every counter equal what the entries say?"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from artists.models import Reservation, Window


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not add up, in a sentence."""

    sentence: str


def check_ledger() -> Iterator[Discrepancy]:
    """Yield whatever contradicts the ledger: counters, and holds not closed or closed twice."""
    yield from _wrong_counters()
    yield from _wrong_closings()


def _wrong_counters() -> Iterator[Discrepancy]:
    sums = Window.objects.annotate(
        ledger_credits=Coalesce(Sum("entries__credits"), 0),
        ledger_held=Coalesce(Sum("entries__held"), 0),
        ledger_spent=Coalesce(Sum("entries__spent"), 0),
    )
    for column in ("credits", "held", "spent"):
        wrong = sums.exclude(**{column: F(f"ledger_{column}")})
        for window in wrong.iterator():
            yield Discrepancy(
                f"window {window.pk}: {column} is {getattr(window, column)}, "
                f"the ledger says {getattr(window, f'ledger_{column}')}"
            )


def _wrong_closings() -> Iterator[Discrepancy]:
    """A reservation's entries sum to its credits while it is held, and to nothing after."""
    held = Sum("entries__held", default=0)
    for_each = Reservation.objects.filter(holds__isnull=False).values("pk", "state", "credits")
    uneven = for_each.annotate(in_ledger=held).filter(
        Q(state=Reservation.State.HELD, in_ledger__lte=0)
        | (~Q(state=Reservation.State.HELD) & ~Q(in_ledger=0))
    )
    for row in uneven:
        yield Discrepancy(
            f"reservation {row['pk']} is {row['state']}, and the ledger still holds "
            f"{row['in_ledger']} credits for it"
        )
