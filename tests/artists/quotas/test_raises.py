"""More for a time: exactly until its end, whether or not anything runs on a schedule."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from artists.models import Artist, LedgerEntry, Limit, Raise, Window
from artists.quotas.ceilings import end_raise, grant, raise_for_a_time
from artists.quotas.checking import check_ledger
from artists.quotas.errors import QuotaExceeded, RaiseIsOver
from artists.quotas.services import refund, reserve, settle
from artists.quotas.windows import credit_windows, follow_raises, open_windows

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def limit(artist: Artist) -> Limit:
    """Ada's 1000 credits in total."""
    return artist.limits.get()


def raised(limit: Limit, extra: int = 200, **times: Any) -> Raise:
    facts = {"starts_at": NOON, "ends_at": NOON + HOUR, "by": None, "reason": "A festival"}
    return raise_for_a_time(limit, extra=extra, **facts | times)


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def shown(artist: Artist) -> list[int]:
    return [one.ceiling for one in credit_windows(Limit.objects.binding(artist))]


def test_a_raise_counts_at_once_and_not_a_moment_longer_though_nothing_runs(
    artist: Artist, limit: Limit
) -> None:
    """I3"""
    with at(NOON):
        raised(limit)
        reserve(artist=artist, amount=1100)
    with at(NOON + HOUR - timedelta(microseconds=1)):
        reserve(artist=artist, amount=50)
    with at(NOON + HOUR), pytest.raises(QuotaExceeded, match="0 of 1150 are left"):
        reserve(artist=artist, amount=1)
    assert list(check_ledger()) == []


def test_an_unused_raise_leaves_the_limit_as_it_was_for_the_first_who_asks_after_it(
    artist: Artist, limit: Limit
) -> None:
    """I3"""
    with at(NOON):
        raised(limit)
    with at(NOON + HOUR):
        with pytest.raises(QuotaExceeded, match="1000 of 1000 are left"):
            reserve(artist=artist, amount=1001)
        reserve(artist=artist, amount=1000)
    assert list(check_ledger()) == []


def test_a_raise_that_begins_later_counts_from_then_on_though_nothing_runs(
    artist: Artist, limit: Limit
) -> None:
    with at(NOON):
        raised(limit, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
        with pytest.raises(QuotaExceeded):
            reserve(artist=artist, amount=1001)
    with at(NOON + HOUR):
        reserve(artist=artist, amount=1200)


def test_raises_add_up_and_each_ends_by_itself(artist: Artist, limit: Limit) -> None:
    with at(NOON):
        raised(limit, 100)
        raised(limit, 10, ends_at=NOON + 3 * HOUR)
        raised(limit, 1, starts_at=NOON + 2 * HOUR, ends_at=NOON + 4 * HOUR)
        ceilings = [shown(artist)]
    for hours in (1, 2, 3, 4):
        with at(NOON + hours * HOUR):
            ceilings.append(shown(artist))
            follow_raises()
            assert open_windows(artist)[0].ceiling == ceilings[-1][0]

    assert ceilings == [[1110], [1010], [1011], [1001], [1000]]
    assert list(check_ledger()) == []


def test_what_is_held_beyond_the_end_stays_and_comes_down_as_holds_close(
    artist: Artist, limit: Limit
) -> None:
    """I3"""
    with at(NOON):
        raised(limit)
        kept, closed = reserve(artist=artist, amount=600), reserve(artist=artist, amount=600)
    with at(NOON + HOUR):
        follow_raises()
        assert Window.objects.get().ceiling == 1200
        settle(closed, amount=550)
        assert Window.objects.get().ceiling == 1150
        refund(kept)
        assert Window.objects.get().ceiling == 1000
    assert list(check_ledger()) == []


def test_a_hold_that_closes_during_a_raise_leaves_the_raise(artist: Artist, limit: Limit) -> None:
    with at(NOON):
        raised(limit)
        refund(reserve(artist=artist, amount=1200))

        reserve(artist=artist, amount=1200)


def test_a_day_that_begins_during_a_raise_has_it_and_one_that_is_over_never_gets_it(
    artist: Artist,
) -> None:
    day = Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=50)
    with at(NOON):
        held = reserve(artist=artist, amount=50)
        raised(day, 20, starts_at=NOON + 20 * HOUR, ends_at=NOON + 30 * HOUR)
    with at(NOON + 24 * HOUR):
        follow_raises()
        reserve(artist=artist, amount=70)
        refund(held)

    first, second = Window.objects.filter(limit=day).order_by("starts_at")
    assert (first.ceiling, second.ceiling) == (50, 70)
    assert list(check_ledger()) == []


def test_a_raise_stands_in_the_ledger_with_who_and_why_even_before_it_begins(
    artist: Artist, limit: Limit, manager: Artist
) -> None:
    with at(NOON):
        raised(limit, by=manager, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    with at(NOON + HOUR):
        follow_raises()

    made, begun = LedgerEntry.objects.filter(kind="adjust").order_by("pk")
    assert (made.by, made.reason, made.ceiling) == (manager, "A festival", 0)
    assert (begun.by, begun.reason, begun.ceiling) == (None, "A raise has begun or ended.", 200)


def test_a_raise_can_be_ended_before_its_time_and_once(
    artist: Artist, limit: Limit, manager: Artist
) -> None:
    with at(NOON):
        one = raised(limit)
    with at(NOON + HOUR / 2):
        end_raise(one, by=manager, reason="The festival is over")

        with pytest.raises(QuotaExceeded):
            reserve(artist=artist, amount=1001)
        with pytest.raises(RaiseIsOver):
            end_raise(one, by=manager, reason="Again")
    assert LedgerEntry.objects.get(by=manager).ceiling == -200
    assert list(check_ledger()) == []


def test_a_ceiling_that_is_set_during_a_raise_is_raised_too(artist: Artist, limit: Limit) -> None:
    with at(NOON):
        raised(limit)
        grant(limit, amount=300)

        assert shown(artist) == [500]
        with pytest.raises(QuotaExceeded):
            reserve(artist=artist, amount=501)
    with at(NOON + HOUR):
        assert shown(artist) == [300]


def test_pages_show_a_raise_with_its_end_and_write_nothing(artist: Artist, limit: Limit) -> None:
    with at(NOON):
        one = raised(limit)
        written = LedgerEntry.objects.count()

        (window,) = credit_windows(Limit.objects.binding(artist))
        assert (window.ceiling, window.running_raises) == (1200, [one])
    with at(NOON + HOUR):
        (window,) = credit_windows(Limit.objects.binding(artist))
        assert (window.ceiling, window.running_raises) == (1000, [])
    assert LedgerEntry.objects.count() == written


@pytest.mark.parametrize(
    "wrong", [{"extra": 0}, {"ends_at": NOON}, {"reason": ""}, {"ends_at": NOON - HOUR}]
)
def test_the_database_refuses_a_raise_of_nothing_for_no_time_or_no_reason(
    limit: Limit, wrong: dict[str, Any]
) -> None:
    with at(NOON), pytest.raises(IntegrityError), transaction.atomic():
        raised(limit, **wrong)
