"""Many at a time: threads with connections of their own, on whatever database the suite runs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from artists.models import Artist, Limit, Reservation, Window
from artists.quotas.checking import check_ledger
from artists.quotas.errors import QuotaExceeded
from artists.quotas.services import refund, reserve, settle


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
