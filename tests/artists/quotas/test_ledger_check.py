"""manage.py ledger check"""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from artists.models import Artist, LedgerEntry, Reservation, Window
from artists.quotas.services import refund, reserve, settle


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


@pytest.mark.parametrize("column", ["credits", "held", "spent"])
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
