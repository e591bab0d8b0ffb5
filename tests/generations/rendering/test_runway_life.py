"""A whole generation on Runway, by the background entry points, over real HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from artists.models import Limit, Reservation, Window
from artists.quotas.checking import check_ledger
from generations import tasks
from generations.models import Attempt, Generation, Rate, Render, VideoModel
from generations.models.generation import Status
from generations.prompts.services import ask_to_stop
from tests.emulators.runway import KEY, Emulator
from tests.emulators.served import served

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_run_at_once")]


@pytest.fixture
def emulator(clip: bytes) -> Emulator:
    return Emulator(clip=clip, cdn="")


@pytest.fixture(autouse=True)
def _provider(emulator: Emulator, video_model: VideoModel, settings: Any) -> Iterator[None]:
    """The video model is gen4.5 of a Runway account."""
    VideoModel.objects.update(provider="runway", native_name="gen4.5", styles=[])
    video_model.refresh_from_db()
    with served(emulator) as url:
        settings.PROVIDERS = {"runway": {"api": "runway", "url": url, "key": KEY}}
        yield


def poll() -> None:
    Generation.objects.update(next_poll_at=timezone.now(), lease_until=None)
    tasks.poll.delay()


def end_of(generation: Generation) -> tuple[str, str, int]:
    generation.refresh_from_db()
    assert list(check_ledger()) == []
    spent = Window.objects.get(limit__artist=generation.artist).spent
    return generation.status, generation.reservation.state, spent


def test_a_prompt_goes_through_every_state_of_runway_to_a_video(
    generation: Generation, emulator: Emulator
) -> None:
    emulator.script.steps = [
        {},
        {"status": "THROTTLED"},
        {"status": "RUNNING", "progress": 0.5},
        {"status": "SUCCEEDED", "cost": 40},
    ]
    tasks.dispatch.delay()
    seen = []
    for _ in range(3):
        poll()
        generation.refresh_from_db()
        seen.append((Attempt.objects.get().native_status, generation.progress))
    poll()

    assert seen == [("PENDING", 0), ("THROTTLED", 0), ("RUNNING", 50)]
    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)
    assert Render.objects.get().size_bytes == len(emulator.clip)
    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


def test_what_runway_bills_is_spent_of_the_budget_and_the_rest_is_free_again(
    make_generation: Callable[..., Generation], emulator: Emulator
) -> None:
    """I3, I4: 0.40 of the 0.50 that the price let expect."""
    Rate.objects.update(provider_price=1250)
    budget = Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=10_000)
    emulator.script.steps = [{"status": "SUCCEEDED", "cost": 40}]
    generation = make_generation()
    tasks.dispatch.delay()
    poll()

    assert end_of(generation)[0] == Status.READY
    window = Window.objects.get(limit=budget)
    assert (window.held, window.spent) == (0, 4000)


@pytest.mark.parametrize(
    ("is_billed", "state", "spent"),
    [(True, Reservation.State.SETTLED, 8), (False, Reservation.State.REFUNDED, 0)],
)
def test_a_refusal_is_settled_where_the_video_model_bills_it(
    generation: Generation, emulator: Emulator, is_billed: bool, state: str, spent: int
) -> None:
    """I4"""
    VideoModel.objects.update(bills_refusals=is_billed)
    emulator.script.steps = [{"status": "FAILED", "failureCode": "SAFETY.INPUT.TEXT"}]
    tasks.dispatch.delay()
    poll()

    assert end_of(generation) == (Status.REFUSED, state, spent)
    assert generation.failure_kind == "safety_input"
    assert ("the credits are spent" in generation.failure_message) is is_billed
    assert "TEXT" not in str(list(generation.moves.values_list("note", flat=True)))


def test_a_create_whose_answer_was_lost_stays_unknown_with_its_hold(
    generation: Generation, emulator: Emulator
) -> None:
    """I5: Runway lists nothing, so neither a lookup nor the sweep finds it or sends it again."""
    emulator.faults.drop = ["create"]
    tasks.dispatch.delay()
    Generation.objects.update(next_poll_at=timezone.now())
    tasks.look_for_unknown.delay()
    tasks.sweep.delay()
    tasks.dispatch.delay()

    assert end_of(generation) == (Status.UNKNOWN, Reservation.State.HELD, 0)
    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


def test_a_video_whose_address_ran_out_is_fetched_by_a_fresh_one(
    generation: Generation, emulator: Emulator
) -> None:
    """I6"""
    emulator.faults.load({"canned": {"content": {"status": 403, "times": 1}}})
    tasks.dispatch.delay()
    emulator.finish_all()
    poll()

    assert end_of(generation)[0] == Status.READY


@pytest.mark.parametrize("output", [[], ["http://127.0.0.1:1/a.mp4"]])
def test_done_with_no_video_that_may_be_fetched_is_refunded(
    generation: Generation, emulator: Emulator, output: list[str]
) -> None:
    """I4; the second address is on another port than the account's own."""
    tasks.dispatch.delay()
    emulator.finish_all(output=output)
    poll()

    assert end_of(generation) == (Status.FAILED, Reservation.State.REFUNDED, 0)
    assert generation.failure_kind == "bad_output"


@pytest.mark.parametrize(
    "switch", ["", "cancelled_vanish", "ends_before_delete"], ids=["told", "gone", "race"]
)
def test_a_clip_that_its_artist_stops_is_cancelled_with_its_refund(
    generation: Generation, emulator: Emulator, switch: str
) -> None:
    """I4: the task may be shown as cancelled or not at all, and may end as it is stopped."""
    if switch:
        setattr(emulator.script, switch, True)
    tasks.dispatch.delay()
    ask_to_stop(generation)
    tasks.stop.delay(str(generation.pk))
    poll()

    assert end_of(generation) == (Status.CANCELLED, Reservation.State.REFUNDED, 0)


def test_a_clip_that_is_finished_is_kept_though_its_artist_asked_too_late(
    generation: Generation, emulator: Emulator
) -> None:
    """Runway's DELETE would take the video with it."""
    tasks.dispatch.delay()
    emulator.finish_all()
    ask_to_stop(generation)
    tasks.stop.delay(str(generation.pk))
    poll()

    assert end_of(generation) == (Status.READY, Reservation.State.SETTLED, 8)
