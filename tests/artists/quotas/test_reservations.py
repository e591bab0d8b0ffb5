"""Reserve, settle and refund."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist, Cohort, LedgerEntry, Limit, Reservation, Window
from artists.quotas.ceilings import grant
from artists.quotas.checking import check_ledger
from artists.quotas.errors import QuotaExceeded
from artists.quotas.services import refund, reserve, settle
from artists.quotas.windows import open_windows

NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def counters(artist: Artist) -> list[tuple[int, int, int]]:
    return [(one.ceiling, one.held, one.spent) for one in open_windows(artist)]


def test_a_reservation_holds_its_credits_in_every_window_that_binds_the_artist(
    artist: Artist, cohort: Cohort
) -> None:
    Limit.objects.create(cohort=cohort, period=Limit.Period.DAY, ceiling=500)
    Limit.objects.create(period=Limit.Period.MONTH, ceiling=9000)

    reserve(artist=artist, amount=40)

    assert counters(artist) == [(1000, 40, 0), (500, 40, 0), (9000, 40, 0)]


def test_a_limit_of_somebody_else_binds_nobody_else(artist: Artist, other_artist: Artist) -> None:
    reserve(artist=artist, amount=40)

    assert counters(other_artist) == [(1000, 0, 0)]


def test_one_full_window_refuses_and_leaves_no_hold_anywhere(
    artist: Artist, cohort: Cohort
) -> None:
    """I3: all windows, or none."""
    Limit.objects.create(cohort=cohort, period=Limit.Period.DAY, ceiling=30)

    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=40)

    assert [(held, spent) for _, held, spent in counters(artist)] == [(0, 0), (0, 0)]
    assert not Reservation.objects.exists()
    assert not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.HOLD).exists()


def test_the_last_credit_can_be_held_and_not_one_more(artist: Artist) -> None:
    reserve(artist=artist, amount=1000)

    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=1)


def test_a_refusal_says_which_limit_how_much_is_left_and_when_it_resets(
    artist: Artist, cohort: Cohort
) -> None:
    Limit.objects.create(cohort=cohort, period=Limit.Period.MONTH, ceiling=100)

    with time_machine.travel(NOON, tick=False):
        reserve(artist=artist, amount=70)
        with pytest.raises(QuotaExceeded) as refusal:
            reserve(artist=artist, amount=40)

    assert refusal.value.message == (
        "This needs 40 credits, and 30 of 100 are left this month for your cohort. "
        "It resets on 1 April, 00:00 UTC."
    )
    assert refusal.value.resets_at == datetime(2026, 4, 1, tzinfo=UTC)


def test_a_settlement_spends_what_was_billed_and_frees_the_rest(artist: Artist) -> None:
    reservation = reserve(artist=artist, amount=40)

    assert settle(reservation, amount=25)

    assert counters(artist) == [(1000, 0, 25)]


def test_a_refund_frees_everything(artist: Artist) -> None:
    reservation = reserve(artist=artist, amount=40)

    assert refund(reservation)

    assert counters(artist) == [(1000, 0, 0)]


@pytest.mark.parametrize("again", ["settle", "refund"])
def test_a_closed_reservation_cannot_be_closed_again(artist: Artist, again: str) -> None:
    """I4: every reservation closes exactly once."""
    reservation = reserve(artist=artist, amount=40)
    settle(reservation, amount=40)

    closed_again = settle(reservation, amount=40) if again == "settle" else refund(reservation)

    assert not closed_again
    assert counters(artist) == [(1000, 0, 40)]


def test_the_database_refuses_to_settle_more_than_was_held(artist: Artist) -> None:
    reservation = reserve(artist=artist, amount=40)

    with pytest.raises(IntegrityError), transaction.atomic():
        settle(reservation, amount=41)


def test_the_database_refuses_a_window_past_its_ceiling(artist: Artist) -> None:
    """I3: the rule stands in the database, whatever the code does."""
    (window,) = open_windows(artist)

    with pytest.raises(IntegrityError), transaction.atomic():
        Window.objects.filter(pk=window.pk).update(held=600, spent=401)


def test_a_day_begins_anew_and_yesterdays_hold_is_settled_in_yesterdays_window(
    artist: Artist,
) -> None:
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=50)
    with time_machine.travel(NOON, tick=False):
        reservation = reserve(artist=artist, amount=50)

    with time_machine.travel(NOON.replace(month=4, day=1), tick=False):
        reserve(artist=artist, amount=20)
        settle(reservation, amount=50)

        assert counters(artist) == [(1000, 20, 50), (50, 20, 0)]
    days = Window.objects.filter(limit__period=Limit.Period.DAY).order_by("starts_at")
    assert [(day.held, day.spent) for day in days] == [(0, 50), (20, 0)]


def test_a_raised_ceiling_counts_at_once_and_stands_in_the_ledger(artist: Artist) -> None:
    reserve(artist=artist, amount=1000)
    limit = Limit.objects.get(artist=artist)

    grant(limit, amount=1200)

    reserve(artist=artist, amount=200)
    assert LedgerEntry.objects.get(kind=LedgerEntry.Kind.ADJUST).ceiling == 200


def test_a_ceiling_lowered_below_what_is_used_stops_there(artist: Artist) -> None:
    reserve(artist=artist, amount=600)

    grant(Limit.objects.get(artist=artist), amount=100)

    assert counters(artist) == [(600, 600, 0)]


@pytest.mark.parametrize("closing", ["refund", "settle"])
def test_a_lowered_ceiling_comes_down_as_holds_close(artist: Artist, closing: str) -> None:
    """I3: credits above the limit are not held again once they are free."""
    kept, closed = reserve(artist=artist, amount=300), reserve(artist=artist, amount=500)
    grant(Limit.objects.get(artist=artist), amount=100)

    if closing == "refund":
        refund(closed)
    else:
        settle(closed, amount=200)

    spent = 0 if closing == "refund" else 200
    assert counters(artist) == [(300 + spent, 300, spent)]
    with pytest.raises(QuotaExceeded):
        reserve(artist=artist, amount=1)
    refund(kept)
    assert counters(artist) == [(max(100, spent), 0, spent)]
    assert list(check_ledger()) == []


def test_a_limit_that_stays_adds_nothing_to_the_ledger_when_a_hold_closes(artist: Artist) -> None:
    limit = Limit.objects.get(artist=artist)
    reservation = reserve(artist=artist, amount=800)
    grant(limit, amount=100)
    grant(limit, amount=1000)
    adjustments = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.ADJUST)
    assert [one.ceiling for one in adjustments.order_by("pk")] == [-200, 200]

    refund(reservation)

    assert counters(artist) == [(1000, 0, 0)]
    assert adjustments.count() == 2


def test_reserving_takes_the_same_number_of_queries_after_many_reservations(
    artist: Artist, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        reserve(artist=artist, amount=1)

    with django_assert_max_num_queries(9):
        reserve(artist=artist, amount=1)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_of_a_transaction(artist: Artist) -> None:
    """I3: there the locks would end before what they are for."""
    with pytest.raises(TransactionManagementError):
        reserve(artist=artist, amount=10)

    assert not Reservation.objects.exists()
