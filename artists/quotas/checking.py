"""The ledger check: does every counter equal what the entries say?"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Exists, F, OuterRef, Q, Sum, When
from django.db.models.functions import Coalesce

from artists.models import Hold, LedgerEntry, Reservation, Window


@dataclass(frozen=True)
class Discrepancy:
    """One thing that does not add up, in a sentence."""

    sentence: str


def check_ledger() -> Iterator[Discrepancy]:
    """Yield whatever contradicts the ledger.

    A window's counters are the sums of its entries; a reservation's entries in each window that
    it took from sum to its credits held, and after its close to what it settled, spent.
    """
    yield from _wrong_counters()
    yield from _wrong_closings()
    yield from _entries_without_a_hold()


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
    """In each of its windows a reservation holds its credits, then what it settled is spent."""
    here = Q(reservation__entries__window=F("window"))
    holds = Hold.objects.annotate(
        credits=F("reservation__credits"),
        settled=F("reservation__settled_credits"),
        state=F("reservation__state"),
        due=Case(When(state=Reservation.State.HELD, then=F("credits")), default=0),
        ledger_held=Sum("reservation__entries__held", filter=here, default=0),
        ledger_spent=Sum("reservation__entries__spent", filter=here, default=0),
    )
    for hold in holds.exclude(ledger_held=F("due"), ledger_spent=F("settled")).iterator():
        yield Discrepancy(
            f"reservation {hold.reservation_id} of {hold.credits} credits is {hold.state} with "
            f"{hold.settled} settled; in window {hold.window_id} the ledger says "
            f"{hold.ledger_held} held and {hold.ledger_spent} spent"
        )


def _entries_without_a_hold() -> Iterator[Discrepancy]:
    holds = Hold.objects.filter(reservation=OuterRef("reservation"), window=OuterRef("window"))
    strays = LedgerEntry.objects.filter(~Exists(holds), reservation__isnull=False)
    for entry in strays.iterator():
        yield Discrepancy(
            f"ledger entry {entry.pk} is of reservation {entry.reservation_id}, "
            f"which took nothing from window {entry.window_id}"
        )
