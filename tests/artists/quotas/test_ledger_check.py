"""manage.py ledger check"""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from artists.models import Artist, LedgerEntry, Limit, Reservation, Window
from artists.quotas.services import refund, reserve, settle
from artists.quotas.windows import open_windows


def check() -> str:
    out = StringIO()
    call_command("ledger", "check", stdout=out, stderr=out)
    return out.getvalue()


def test_the_check_agrees_after_holds_settlements_and_refunds(artist: Artist) -> None:
    """I3: the counters equal the ledger."""
    settle(reserve(artist=artist, amount=40), amount=30)
    refund(reserve(artist=artist, amount=20))
    reserve(artist=artist, amount=10)

    assert "agrees with all 1 windows" in check()


@pytest.mark.parametrize("column", ["ceiling", "held", "spent"])
def test_the_check_finds_a_counter_that_was_changed(artist: Artist, column: str) -> None:
    reserve(artist=artist, amount=40)
    Window.objects.update(**{column: 500})

    with pytest.raises(CommandError, match="does not add up"):
        check()


def test_the_check_finds_a_ledger_entry_that_is_gone(artist: Artist) -> None:
    reserve(artist=artist, amount=40)
    LedgerEntry.objects.filter(kind=LedgerEntry.Kind.HOLD).delete()

    with pytest.raises(CommandError):
        check()


def test_the_check_finds_a_reservation_closed_without_an_entry(artist: Artist) -> None:
    """I4"""
    reservation = reserve(artist=artist, amount=40)
    Reservation.objects.filter(pk=reservation.pk).update(state=Reservation.State.REFUNDED)

    with pytest.raises(CommandError):
        check()


@pytest.mark.parametrize(
    "wrong",
    [
        {"credits": 30},
        {"credits": 50},
        {"state": Reservation.State.SETTLED, "settled_credits": 40},
    ],
)
def test_the_check_finds_a_reservation_that_its_entries_do_not_match(
    artist: Artist, wrong: dict[str, Any]
) -> None:
    """I3"""
    reservation = reserve(artist=artist, amount=40)
    Reservation.objects.filter(pk=reservation.pk).update(**wrong)

    with pytest.raises(CommandError):
        check()


def test_the_check_finds_a_settlement_that_was_changed(artist: Artist) -> None:
    reservation = reserve(artist=artist, amount=40)
    settle(reservation, amount=40)
    Reservation.objects.filter(pk=reservation.pk).update(settled_credits=10)

    with pytest.raises(CommandError):
        check()


def test_the_check_looks_into_each_window_by_itself(artist: Artist) -> None:
    """I3: what is too much in one window does not make up for what is missing in another."""
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=500)
    reserve(artist=artist, amount=40)
    for window, held in zip(Window.objects.order_by("pk"), (30, 50), strict=True):
        window.entries.filter(kind=LedgerEntry.Kind.HOLD).update(held=held)
        Window.objects.filter(pk=window.pk).update(held=held)

    with pytest.raises(CommandError, match="2 places"):
        check()


def test_the_check_finds_an_entry_of_a_reservation_that_took_nothing_there(
    artist: Artist, other_artist: Artist
) -> None:
    reservation = reserve(artist=artist, amount=40)
    (window,) = open_windows(other_artist)
    window.entries.create(reservation=reservation, kind=LedgerEntry.Kind.HOLD)

    with pytest.raises(CommandError, match="1 places"):
        check()
