"""Reserve, settle, refund: whatever generations cost moves here, in the caller's transaction."""

import logging
from itertools import groupby

from django.db import transaction

from artists.models import Artist, LedgerEntry, Limit, Reservation, Token, Window
from artists.quotas.errors import NoLimitSet, refusal
from artists.quotas.windows import lower_to_limits, open_windows
from portal.money import say_money
from portal.prepared import insert

logger = logging.getLogger(__name__)

Kind = LedgerEntry.Kind
State = Reservation.State


def reserve(
    *, artist: Artist, amount: int, money: int | None = None, token: Token | None = None
) -> Reservation:
    """Hold credits and money in every window that binds, or in none (I3).

    `amount` is in credits. `money` is what the provider is expected to bill, in ten-thousandths
    of the programme's currency; None where its price is not known, and then no money is held.
    `token` is what the artist asks by, if it is one. The windows are locked in one fixed order,
    and the database itself refuses to pass a ceiling. Raises QuotaExceeded or BudgetUsedUp, which
    name the first window that has too little free, and NoLimitSet where no limit that the
    programme set binds and the artist's cohort did not choose that. Outside of a transaction
    it raises TransactionManagementError.
    """
    reservation = Reservation(artist=artist, credits=amount, money=money)
    binding = open_windows(artist, token=token)
    if not any(_is_granted(one.limit) for one in binding) and not _may_spend_without_end(artist):
        raise NoLimitSet
    windows = [one for one in binding if money or not one.limit.is_money]
    for window in windows:
        needed = reservation.held_in(window.limit.unit)
        if window.free < needed:
            raise refusal(window, needed=needed)
    insert(reservation)
    for unit, of_unit in groupby(sorted(windows, key=_unit), key=_unit):
        Window.objects.hold(list(of_unit), reservation.held_in(unit))
    insert(
        *(
            LedgerEntry(
                window=window,
                reservation=reservation,
                kind=Kind.HOLD,
                held=reservation.held_in(window.limit.unit),
            )
            for window in windows
        )
    )
    return reservation


@transaction.atomic
def settle(reservation: Reservation, *, amount: int, cost: int | None = None) -> bool:
    """Spend `amount` credits of a held reservation and free the rest; False if it was closed (I4).

    `amount` is at most what was held: the database refuses more. Money is spent by `cost`, what
    the provider says that it billed, in ten-thousandths of the programme's currency, or by the
    estimate where it says nothing (None). A cost beyond the hold spends the hold alone, stays
    readable on the reservation, and is logged as an error.
    """
    expected = reservation.money or 0
    money = expected if cost is None else min(cost, expected)
    return _close(reservation, State.SETTLED, amount=amount, money=money, cost=cost)


@transaction.atomic
def refund(reservation: Reservation, *, cost: int | None = None) -> bool:
    """Give the credits of a held reservation back; False if it was closed before (I4).

    The money too, but for `cost`: what the provider says that it billed all the same (see settle).
    """
    money = min(cost or 0, reservation.money or 0)
    return _close(reservation, State.REFUNDED, amount=0, money=money, cost=cost)


def _is_granted(limit: Limit) -> bool:
    """Tell whether the programme set it, in credits: an artist's own token is no grant."""
    return limit.token_id is None and not limit.is_money


def _may_spend_without_end(artist: Artist) -> bool:
    """Tell whether a manager put the artist into a cohort that grants without limits."""
    return artist.cohort is not None and not artist.cohort.artist_grants


def _unit(window: Window) -> str:
    return window.limit.unit


def _close(
    reservation: Reservation,
    to: Reservation.State,
    *,
    amount: int,
    money: int,
    cost: int | None,
) -> bool:
    if not Reservation.objects.close(reservation.pk, to, amount=amount, money=money, cost=cost):
        return False
    spent = {Limit.Unit.CREDITS: amount, Limit.Unit.MONEY: money}
    taken = Window.objects.held_by(reservation).select_related("limit")
    windows = list(taken.order_by("limit_id"))
    entries = []
    for window in windows:
        unit = Limit.Unit(window.limit.unit)
        held = reservation.held_in(unit)
        Window.objects.close(window.pk, held=held, spent=spent[unit])
        kind = Kind.SETTLE if to == State.SETTLED or spent[unit] else Kind.REFUND
        entries.append(
            LedgerEntry(
                window=window, reservation=reservation, kind=kind, held=-held, spent=spent[unit]
            )
        )
    LedgerEntry.objects.bulk_create(entries)
    lower_to_limits(windows)
    _notice_excess(reservation, cost=cost)
    return True


def _notice_excess(reservation: Reservation, *, cost: int | None) -> None:
    if reservation.money is not None and cost is not None and cost > reservation.money:
        logger.error(
            "the provider billed %s for reservation %s, of which %s was held: check its price",
            say_money(cost),
            reservation.pk,
            say_money(reservation.money),
        )
