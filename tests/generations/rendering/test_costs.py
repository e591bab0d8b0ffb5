"""What becomes of the programme's money when a generation ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from artists.models import LedgerEntry, Limit, Reservation, Window
from artists.quotas.checking import check_ledger
from artists.quotas.errors import BudgetUsedUp
from artists.quotas.spending import Excess, excess_of
from generations.models import Attempt, Generation, Rate, VideoModel
from generations.models.generation import Status
from generations.providers.base import FailureKind
from generations.rendering.billing import note_cost
from generations.rendering.ending import fail, refuse, succeed
from tests.generations.rendering.conftest import Worker

PRICE = 1250  # 0.125 a second: four seconds cost 0.50


@pytest.fixture(autouse=True)
def budget(video_model: VideoModel) -> Limit:
    """1.20 a month, and a provider price for all of sketch-1."""
    Rate.objects.update(provider_price=PRICE)
    return Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=12_000)


def money(budget: Limit) -> tuple[int, int]:
    window = Window.objects.get(limit=budget)
    return window.held, window.spent


def report(generation: Generation, *costs: int | None) -> None:
    """Let a provider say what it billed for each attempt."""
    for cost in costs:
        Attempt.objects.create(
            generation=generation, provider="sketch", state=Attempt.State.TURNED_AWAY, cost=cost
        )


def finishing(generation: Generation) -> Generation:
    Generation.objects.filter(pk=generation.pk).update(status=Status.FINISHING)
    return generation


def test_a_prompt_holds_the_providers_price_until_the_budget_is_reached(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    """I3"""
    first, _ = make_generation(), make_generation()

    with pytest.raises(BudgetUsedUp):
        make_generation()

    assert (first.reservation.credits, first.reservation.money) == (8, 5000)
    assert money(budget) == (10_000, 0)
    assert Generation.objects.count() == 2


def test_a_size_whose_price_is_not_known_holds_no_money(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    Rate.objects.filter(size="1280x720").update(provider_price=None)

    assert make_generation().reservation.money is None


@pytest.mark.parametrize(
    ("costs", "spent"), [((), 5000), ((None,), 5000), ((4200,), 4200), ((1000, 1500), 2500)]
)
def test_a_finished_clip_settles_at_what_the_provider_billed_else_at_the_estimate(
    make_generation: Callable[..., Generation],
    budget: Limit,
    costs: tuple[int | None, ...],
    spent: int,
) -> None:
    """I4"""
    generation = finishing(make_generation())
    report(generation, *costs)

    assert succeed(generation.pk, renditions=[])

    assert money(budget) == (0, spent)
    assert list(check_ledger()) == []


def test_a_price_that_changes_meanwhile_changes_nothing_that_is_held(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    generation = finishing(make_generation())
    Rate.objects.update(provider_price=9 * PRICE)

    succeed(generation.pk, renditions=[])

    assert money(budget) == (0, 5000)


@pytest.mark.parametrize(("cost", "spent"), [(None, 0), (3000, 3000), (99_999, 5000)])
def test_a_failed_clip_gives_the_credits_back_and_settles_what_was_billed_all_the_same(
    make_generation: Callable[..., Generation], budget: Limit, cost: int | None, spent: int
) -> None:
    """I4"""
    generation = make_generation()
    report(generation, cost)

    assert fail(generation.pk, kind=FailureKind.BAD_OUTPUT)

    assert money(budget) == (0, spent)
    generation.reservation.refresh_from_db()
    assert (generation.reservation.settled_credits, generation.reservation.cost) == (0, cost)
    assert list(check_ledger()) == []


@pytest.mark.parametrize(
    ("bills_refusals", "cost", "credits", "spent"),
    [
        (False, None, 0, 0),
        (False, 700, 0, 700),
        (True, None, 8, 5000),
        (True, 700, 8, 700),
    ],
)
def test_a_refusal_settles_credits_by_the_video_model_and_money_by_the_bill(
    make_generation: Callable[..., Generation],
    video_model: VideoModel,
    budget: Limit,
    bills_refusals: bool,
    cost: int | None,
    credits: int,
    spent: int,
) -> None:
    VideoModel.objects.update(bills_refusals=bills_refusals)
    generation = make_generation()
    report(generation, cost)

    assert refuse(generation.pk, kind=FailureKind.SAFETY_OUTPUT)

    generation.reservation.refresh_from_db()
    assert generation.reservation.settled_credits == credits
    assert money(budget) == (0, spent)
    assert list(check_ledger()) == []


def test_a_whole_way_through_a_provider_settles_the_money_once(
    worker: Worker, make_generation: Callable[..., Generation], budget: Limit
) -> None:
    """I4, I5"""
    generation = make_generation()
    worker.dispatch_and_submit()
    Attempt.objects.update(cost=4321)
    worker.render_and_finish()
    worker.finish(generation.pk)

    generation.refresh_from_db()
    assert generation.status == Status.READY
    assert money(budget) == (0, 4321)


def bill(generation: Generation, cost: str) -> None:
    """Let a poll that was under way bring what the provider billed."""
    attempt, _ = Attempt.objects.get_or_create(
        generation=generation, provider="sketch", state=Attempt.State.ACCEPTED
    )
    note_cost(generation.pk, attempt.pk, cost=Decimal(cost))


def test_a_cost_that_is_told_before_the_end_waits_for_it(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    generation = make_generation()

    bill(generation, "0.30")

    assert money(budget) == (5000, 0)
    assert fail(generation.pk, kind=FailureKind.TIMEOUT)
    assert money(budget) == (0, 3000)
    assert not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.COST).exists()


@pytest.mark.parametrize(("cost", "spent"), [("0.30", 3000), ("0", 0), ("7.77", 5000)])
def test_a_cost_that_is_told_after_the_end_is_booked_once_within_what_was_held(
    make_generation: Callable[..., Generation], budget: Limit, cost: str, spent: int
) -> None:
    """I3, I4"""
    generation = make_generation()
    fail(generation.pk, kind=FailureKind.TIMEOUT)
    assert money(budget) == (0, 0)

    bill(generation, cost)
    bill(generation, cost)

    assert money(budget) == (0, spent)
    generation.reservation.refresh_from_db()
    assert generation.reservation.state == Reservation.State.REFUNDED
    assert (generation.reservation.settled_credits, generation.reservation.settled_money) == (
        0,
        spent,
    )
    assert generation.reservation.cost == round(float(cost) * 10_000)
    booked = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.COST).values_list("spent", flat=True)
    assert list(booked) == ([spent] if spent else [])
    assert list(check_ledger()) == []


def test_a_late_cost_of_what_was_settled_at_the_estimate_is_in_it_already(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    generation = finishing(make_generation())
    succeed(generation.pk, renditions=[])

    bill(generation, "0.50")

    assert money(budget) == (0, 5000)
    assert list(check_ledger()) == []


def test_a_late_cost_never_takes_what_others_hold_and_managers_see_the_rest(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    """I3"""
    late = make_generation()
    fail(late.pk, kind=FailureKind.TIMEOUT)
    others = [make_generation() for _ in range(2)]

    bill(late, "0.50")

    assert len(others) == 2
    assert money(budget) == (10_000, 2000)
    assert excess_of(Reservation.objects.all()) == Excess(clips=1, money=3000)
    assert list(check_ledger()) == []


def test_a_late_cost_belongs_to_the_month_that_had_held_it(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    with time_machine.travel(datetime(2026, 3, 31, 23, 50, tzinfo=UTC), tick=False):
        late = make_generation()
        fail(late.pk, kind=FailureKind.TIMEOUT)
    with time_machine.travel(datetime(2026, 4, 1, 0, 10, tzinfo=UTC), tick=False):
        make_generation()
        bill(late, "0.40")

    march, april = Window.objects.filter(limit=budget).order_by("starts_at")
    assert (march.held, march.spent) == (0, 4000)
    assert (april.held, april.spent) == (5000, 0)
    assert list(check_ledger()) == []


def test_the_database_takes_no_second_booking_of_a_late_cost(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    """I4"""
    generation = make_generation()
    fail(generation.pk, kind=FailureKind.TIMEOUT)
    bill(generation, "0.10")
    entry = LedgerEntry.objects.get(kind=LedgerEntry.Kind.COST)
    entry.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(kind=LedgerEntry.Kind.COST).update(held=-1)


@pytest.mark.django_db(transaction=True)
def test_a_cost_and_an_end_at_the_same_moment_meet_however_they_fall(
    make_generation: Callable[..., Generation], budget: Limit
) -> None:
    """I3, I4: told by several at once, too."""
    generations = [make_generation(), make_generation()]
    for generation in generations:
        Attempt.objects.create(
            generation=generation, provider="sketch", state=Attempt.State.ACCEPTED
        )

    def act(number: int) -> None:
        try:
            for generation in generations:
                if number == 0:
                    fail(generation.pk, kind=FailureKind.TIMEOUT)
                else:
                    bill(generation, "0.30")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(act, [1, 0, 1, 1]))

    assert money(budget) == (0, 6000)
    assert list(check_ledger()) == []
