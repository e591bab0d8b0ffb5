"""Many at a time: threads with connections of their own, on whatever database the suite runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from artists.models import Artist, Limit, Reservation, Window
from artists.quotas.checking import check_ledger
from artists.quotas.errors import QuotaExceeded
from artists.quotas.services import grant, refund, reserve, settle


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
    Limit.objects.create(cohort=artists[0].cohort, period=Limit.Period.DAY, credits=250)

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
    assert window.credits == limit.credits
    assert list(check_ledger()) == []
