"""What a provider bills for a generation that has ended: it is told too late for its settlement."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from artists.models import LedgerEntry, Limit, Reservation, Window

COST = LedgerEntry.Kind.COST


@transaction.atomic
def book_late_cost(reservation: Reservation, *, cost: int) -> bool:
    """Spend, once, what was billed for a closed reservation beyond what it settled (I3, I4).

    `cost` is in ten-thousandths of the programme's currency. It goes to the periods that the
    reservation held money in, over or not, as far as it was held and they have it free; the rest
    is what managers see as billed beyond. False where the reservation is still held, for then its
    close books the cost, and where as much is known already.
    """
    booked_before = LedgerEntry.objects.filter(reservation=OuterRef("pk"), kind=COST)
    late = Reservation.objects.exclude(state=Reservation.State.HELD).filter(
        Q(cost=None) | Q(cost__lt=cost), ~Exists(booked_before)
    )
    closed = late.select_for_update(of=("self",), no_key=True).filter(pk=reservation.pk).first()
    if closed is None:
        return False
    windows = list(
        Window.objects.held_by(closed)
        .filter(limit__unit=Limit.Unit.MONEY)
        .select_for_update(of=("self",), no_key=True)
        .order_by("limit_id")
    )
    within_hold = max(min(cost, closed.money or 0) - closed.settled_money, 0)
    amount = min([within_hold, *(window.free for window in windows)])
    if amount:
        Window.objects.filter(pk__in=[one.pk for one in windows]).update(spent=F("spent") + amount)
        LedgerEntry.objects.bulk_create(
            LedgerEntry(window=window, reservation=closed, kind=COST, spent=amount)
            for window in windows
        )
    Reservation.objects.filter(pk=closed.pk).update(
        cost=cost, settled_money=F("settled_money") + amount
    )
    return True
