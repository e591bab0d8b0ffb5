"""Money is held and settled as credits are, in the programme's budget of the month."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from artists.models import Artist, Cohort, LedgerEntry, Limit, Reservation, Window
from artists.quotas.checking import check_ledger
from artists.quotas.errors import BudgetUsedUp, QuotaExceeded
from artists.quotas.services import refund, reserve, settle

Kind = LedgerEntry.Kind


@pytest.fixture
def budget(db: None) -> Limit:
    """The programme may spend 1.00 a month."""
    return Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=10_000)


def counters(limit: Limit) -> tuple[int, int, int]:
    window = Window.objects.get(limit=limit)
    return window.ceiling, window.held, window.spent


def test_a_reservation_holds_credits_and_money_each_in_its_own_windows(
    artist: Artist, budget: Limit
) -> None:
    """I3"""
    reserve(artist=artist, amount=40, money=2500)

    assert counters(budget) == (10_000, 2500, 0)
    assert counters(artist.limits.get()) == (1000, 40, 0)
    assert list(check_ledger()) == []


def test_a_prompt_past_the_budget_is_refused_without_figures_and_holds_nothing(
    artist: Artist, budget: Limit
) -> None:
    """I3: all windows, or none."""
    with time_machine.travel(datetime(2026, 3, 31, 12, tzinfo=UTC), tick=False):
        reserve(artist=artist, amount=40, money=8000)

        with pytest.raises(BudgetUsedUp) as refusal:
            reserve(artist=artist, amount=40, money=2001)

    assert refusal.value.message == (
        "The programme's budget for this month is used up: what is left does not reach for this "
        "clip. It begins anew on 1 April, 00:00 UTC. Your own credits stay as they are."
    )
    assert refusal.value.resets_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert counters(artist.limits.get()) == (1000, 40, 0)


def test_the_last_of_the_budget_can_be_held_and_it_begins_anew_with_the_month(
    artist: Artist, budget: Limit
) -> None:
    with time_machine.travel(datetime(2026, 3, 31, 12, tzinfo=UTC), tick=False):
        reserve(artist=artist, amount=1, money=10_000)
        with pytest.raises(BudgetUsedUp):
            reserve(artist=artist, amount=1, money=1)
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC), tick=False):
        reserve(artist=artist, amount=1, money=1)


@pytest.mark.parametrize("money", [None, 0])
def test_what_costs_no_money_or_nobody_knows_how_much_takes_nothing_from_the_budget(
    artist: Artist, budget: Limit, money: int | None
) -> None:
    reserve(artist=artist, amount=1, money=10_000)

    reservation = reserve(artist=artist, amount=40, money=money)

    settle(reservation, amount=40)
    assert counters(budget) == (10_000, 10_000, 0)
    assert list(check_ledger()) == []


@pytest.mark.parametrize(
    ("cost", "spent"), [(None, 2500), (0, 0), (1200, 1200), (2500, 2500), (2501, 2500)]
)
def test_money_settles_at_the_reported_cost_within_the_hold_else_at_the_estimate(
    artist: Artist, budget: Limit, cost: int | None, spent: int
) -> None:
    """I3, I4"""
    reservation = reserve(artist=artist, amount=40, money=2500)

    assert settle(reservation, amount=40, cost=cost)

    assert counters(budget) == (10_000, 0, spent)
    assert counters(artist.limits.get()) == (1000, 0, 40)
    reservation.refresh_from_db()
    assert (reservation.settled_money, reservation.cost) == (spent, cost)
    assert list(check_ledger()) == []


def test_a_cost_beyond_the_hold_stays_to_be_seen_and_is_an_alarm_in_the_log(
    artist: Artist, budget: Limit, caplog: pytest.LogCaptureFixture
) -> None:
    reservation = reserve(artist=artist, amount=40, money=2500)

    settle(reservation, amount=40, cost=4000)

    reservation.refresh_from_db()
    assert reservation.excess == 1500
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "billed 0.40 USD" in line.message
    assert "of which 0.25 USD was held" in line.message


@pytest.mark.parametrize(("cost", "spent", "kind"), [(None, 0, "refund"), (900, 900, "settle")])
def test_a_refund_gives_the_credits_back_and_spends_what_the_provider_billed_all_the_same(
    artist: Artist, budget: Limit, cost: int | None, spent: int, kind: str
) -> None:
    """I3, I4"""
    reservation = reserve(artist=artist, amount=40, money=2500)

    assert refund(reservation, cost=cost)
    assert not settle(reservation, amount=40, cost=2500)

    assert counters(budget) == (10_000, 0, spent)
    assert counters(artist.limits.get()) == (1000, 0, 0)
    entries = LedgerEntry.objects.filter(reservation=reservation, window__limit=budget)
    assert list(entries.order_by("pk").values_list("kind", flat=True)) == ["hold", kind]
    assert list(check_ledger()) == []


def test_the_database_refuses_to_settle_more_money_than_was_held(artist: Artist) -> None:
    """I3"""
    known, unknown = reserve(artist=artist, amount=1, money=10), reserve(artist=artist, amount=1)

    for reservation, money in ((known, 11), (unknown, 1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reservation.objects.filter(pk=reservation.pk).update(settled_money=money)


@pytest.mark.parametrize("wrong", ["cohort", "artist", "day"])
def test_the_database_refuses_money_for_anything_but_the_programmes_month(
    artist: Artist, cohort: Cohort, wrong: str
) -> None:
    scopes: dict[str, dict[str, object]] = {"cohort": {"cohort": cohort}}
    scope = scopes.get(wrong, {"artist": artist} if wrong == "artist" else {})
    period = Limit.Period.DAY if wrong == "day" else Limit.Period.MONTH

    with pytest.raises(IntegrityError), transaction.atomic():
        Limit.objects.create(unit=Limit.Unit.MONEY, period=period, ceiling=1, **scope)


def test_a_budget_alone_is_no_grant_of_credits(
    budget: Limit, make_artist: Callable[..., Artist]
) -> None:
    artist = make_artist("Poor")
    artist.limits.all().delete()

    with pytest.raises(Exception, match="No credits are granted to you yet"):
        reserve(artist=artist, amount=1, money=1)


def test_the_check_finds_money_that_was_settled_without_an_entry(
    artist: Artist, budget: Limit
) -> None:
    """I3"""
    reservation = reserve(artist=artist, amount=40, money=2500)
    settle(reservation, amount=40)

    Reservation.objects.filter(pk=reservation.pk).update(settled_money=2400)

    assert len(list(check_ledger())) == 1


def test_a_refusal_of_credits_is_said_before_one_of_money(artist: Artist, budget: Limit) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        reserve(artist=artist, amount=1001, money=10_001)

    assert not isinstance(refusal.value, BudgetUsedUp)
