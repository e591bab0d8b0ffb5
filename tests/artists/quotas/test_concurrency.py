"""Many at a time: threads with connections of their own, on whatever database the suite runs."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from artists.access.services import create_token, set_token_limits
from artists.models import Artist, LedgerEntry, Limit, Raise, Reservation, Window
from artists.quotas import services
from artists.quotas.ceilings import grant, raise_for_a_time, undo
from artists.quotas.checking import check_ledger
from artists.quotas.errors import BudgetUsedUp, QuotaExceeded, UndoneBefore
from artists.quotas.services import refund, settle
from artists.quotas.windows import follow_raises

reserve = transaction.atomic(services.reserve)  # each in a transaction of its own


def in_threads(work: Callable[[int], object], *, count: int, threads: int = 8) -> list[object]:
    def run(number: int) -> object:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_parallel_reservations_never_pass_a_limit_that_they_share(
    make_artist: Callable[..., Artist],
) -> None:
    """I3: 60 tries of 10 credits from three artists meet a cohort's limit of 250."""
    artists = [make_artist(name) for name in ("Ada", "Ben", "Cleo")]
    Limit.objects.create(cohort=artists[0].cohort, period=Limit.Period.DAY, ceiling=250)

    def attempt(number: int) -> bool:
        try:
            reserve(artist=artists[number % 3], amount=10)
        except QuotaExceeded:
            return False
        return True

    outcomes = in_threads(attempt, count=60)

    assert outcomes.count(True) == 25
    window = Window.objects.get(limit__cohort__isnull=False)
    assert (window.held, window.spent) == (250, 0)
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_reservation_closed_by_many_at_once_is_closed_by_one(artist: Artist) -> None:
    """I4: settlements and refunds race; one wins and the counters show that one alone."""
    reservations = [reserve(artist=artist, amount=10) for _ in range(6)]

    def close(number: int) -> bool:
        reservation = reservations[number % 6]
        return settle(reservation, amount=10) if number % 2 else refund(reservation)

    outcomes = in_threads(close, count=48)

    assert outcomes.count(True) == 6
    settled = Reservation.objects.filter(state=Reservation.State.SETTLED).count()
    window = Window.objects.get()
    assert (window.held, window.spent) == (0, 10 * settled)
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_limit_lowered_while_holds_close_is_where_the_window_ends(artist: Artist) -> None:
    """I3: whichever of the two comes first, the window comes down to the limit."""
    limit = Limit.objects.get(artist=artist)
    reservations = [reserve(artist=artist, amount=40) for _ in range(20)]

    def lower_and_refund(number: int) -> None:
        if number in {5, 10, 15}:
            grant(limit, amount=200 - number)
        refund(reservations[number])

    in_threads(lower_and_refund, count=20)

    limit.refresh_from_db()
    window = Window.objects.get()
    assert (window.held, window.spent) == (0, 0)
    assert window.ceiling == limit.ceiling
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_budget_in_money_is_never_passed_by_parallel_prompts(
    make_artist: Callable[..., Artist],
) -> None:
    """I3: 60 tries of 0.10 from three artists meet a budget of 2.50; credits follow."""
    artists = [make_artist(name) for name in ("Ada", "Ben", "Cleo")]
    budget = Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=25_000)

    def attempt(number: int) -> bool:
        try:
            reservation = reserve(artist=artists[number % 3], amount=10, money=1000)
        except BudgetUsedUp:
            return False
        if number % 2:
            settle(reservation, amount=10, cost=1500)
        return True

    outcomes = in_threads(attempt, count=60)

    assert outcomes.count(True) == 25
    window = Window.objects.get(limit=budget)
    assert window.held + window.spent == 25_000
    assert sum(one.held + one.spent for one in Window.objects.exclude(limit=budget)) == 250
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_token_that_many_use_at_once_costs_its_own_quota_and_no_more(artist: Artist) -> None:
    """I3: while its artist changes its limit up and down."""
    token, _ = create_token(artist, "leaked", ceilings={Limit.Period.TOTAL: 100})

    def attempt(number: int) -> bool:
        if number in {11, 23}:
            set_token_limits(token, {Limit.Period.TOTAL: 130, Limit.Period.DAY: 500 + number})
        try:
            reserve(artist=artist, amount=10, token=token)
        except QuotaExceeded:
            return False
        return True

    outcomes = in_threads(attempt, count=40)

    assert outcomes.count(True) == 13
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_raises_that_begin_and_end_while_many_reserve_leave_the_books_right(
    artist: Artist,
) -> None:
    """I3: whoever comes first brings the window to its ceiling, and all others agree."""
    limit = Limit.objects.get(artist=artist)

    def act(number: int) -> bool:
        if number % 10 == 3:
            now = timezone.now()
            raise_for_a_time(
                limit,
                extra=100,
                starts_at=now + timedelta(milliseconds=10 * (number % 4)),
                ends_at=now + timedelta(milliseconds=10 * (number % 4) + 15),
                by=None,
                reason="A moment",
            )
        if number % 10 == 7:
            follow_raises()
        try:
            reservation = reserve(artist=artist, amount=30)
        except QuotaExceeded:
            return False
        if number % 3 == 0:
            refund(reservation)
        return True

    outcomes = in_threads(act, count=80)

    assert outcomes.count(True) >= 33
    last_end = Raise.objects.latest("ends_at").ends_at
    time.sleep(max((last_end - timezone.now()).total_seconds(), 0))
    follow_raises()
    window = Window.objects.get()
    assert window.ceiling == max(1000, window.held + window.spent)
    assert window.ceiling_until is None
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_change_that_many_undo_at_once_is_undone_once(artist: Artist, manager: Artist) -> None:
    """I3, I10"""
    limit = Limit.objects.get(artist=artist)
    grant(limit, amount=1500, by=manager, reason="A slip of the hand")
    slip = LedgerEntry.objects.get(by=manager)

    def take_back(number: int) -> bool:
        try:
            undo(slip, by=manager)
        except UndoneBefore:
            return False
        return True

    outcomes = in_threads(take_back, count=8)

    assert outcomes.count(True) == 1
    assert Window.objects.get(limit=limit).ceiling == 1000
    assert list(check_ledger()) == []


@pytest.mark.django_db(transaction=True)
def test_a_period_that_many_open_at_once_while_it_is_raised_has_the_raise(
    make_artist: Callable[..., Artist],
) -> None:
    """I3: whichever comes first, the opening or the raise."""
    artists = [make_artist(name) for name in ("Ada", "Ben", "Cleo")]
    for round_number in range(5):
        Limit.objects.filter(period=Limit.Period.DAY).delete()
        limit = Limit.objects.create(cohort=artists[0].cohort, period=Limit.Period.DAY, ceiling=10)

        def act(number: int, limit: Limit = limit) -> None:
            if number == 3:
                now = timezone.now()
                times = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
                raise_for_a_time(limit, extra=500, by=None, reason="Rush", **times)
            else:
                reserve(artist=artists[number % 3], amount=1)

        in_threads(act, count=8)

        window = Window.objects.get(limit=limit)
        assert (window.ceiling, window.held) == (510, 7), round_number
        assert list(check_ledger()) == []
        refund_all()
        LedgerEntry.objects.all().delete()
        Reservation.objects.all().delete()
        Window.objects.all().delete()


def refund_all() -> None:
    for reservation in Reservation.objects.filter(state=Reservation.State.HELD):
        refund(reservation)
