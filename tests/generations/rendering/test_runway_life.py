"""A whole generation on Runway, by the background entry points, over real HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artists.models import Limit, Reservation, Window
from generations import tasks
from generations.models import Attempt, Generation, Rate, Render, VideoModel
from generations.models.generation import Status
from generations.prompts.services import ask_to_stop
from tests.emulators.runway import KEY, Emulator
from tests.emulators.served import served
from tests.generations.pauses.conftest import REASON, paused
from tests.generations.rendering.standing import end_of, poll

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


def stop(generation: Generation) -> None:
    ask_to_stop(generation)
    tasks.stop.delay(str(generation.pk))
    poll()


def test_a_clip_that_its_artist_stops_while_it_waits_at_runway_is_refunded(
    generation: Generation, emulator: Emulator
) -> None:
    """I4: Runway says that it cost nothing."""
    tasks.dispatch.delay()
    stop(generation)

    assert end_of(generation) == (Status.CANCELLED, Reservation.State.REFUNDED, 0)
    assert generation.failure_message == ""


@pytest.mark.parametrize(
    ("provider_price", "cost", "spent"),
    [(1250, 20, 4), (1250, 13, 3), (1250, 90, 8), (None, 20, 8), (None, 0, 0), (1250, 0, 0)],
)
def test_a_clip_that_is_stopped_while_it_is_made_costs_what_runway_bills(
    make_generation: Callable[..., Generation],
    emulator: Emulator,
    provider_price: int | None,
    cost: int,
    spent: int,
) -> None:
    """I3, I4: of 8 credits as many as the cost is of the 0.50 that were expected."""
    Rate.objects.update(provider_price=provider_price)
    budget = Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=10_000)
    generation = make_generation()
    emulator.script.steps = [{"status": "RUNNING", "progress": 0.5}]
    tasks.dispatch.delay()
    poll()
    ask_to_stop(generation)
    tasks.stop.delay(str(generation.pk))
    for task in emulator.jobs.values():
        task["cost"] = cost
    poll()
    poll()  # delivered again, it closes nothing twice

    state = Reservation.State.SETTLED if spent else Reservation.State.REFUNDED
    assert end_of(generation) == (Status.CANCELLED, state, spent)
    assert (f"{spent} of 8 credits are spent" in generation.failure_message) is bool(spent)
    windows = Window.objects.filter(limit=budget)
    money = min(cost * 100, 5000) if provider_price else 0
    assert sum(one.spent for one in windows) == money
    assert sum(one.held for one in windows) == 0


@pytest.mark.parametrize("switch", ["cancelled_vanish", "ends_before_delete"], ids=["gone", "race"])
def test_a_stopped_clip_of_which_runway_says_nothing_is_settled_by_its_rule(
    generation: Generation, emulator: Emulator, switch: str
) -> None:
    """I4: it may be shown not at all, and may end as it is stopped: Runway bills both."""
    setattr(emulator.script, switch, True)
    tasks.dispatch.delay()
    stop(generation)

    assert end_of(generation) == (Status.CANCELLED, Reservation.State.SETTLED, 8)


def test_the_artist_is_told_what_a_stop_costs_before_and_after(
    generation: Generation, emulator: Emulator, client: Client
) -> None:
    client.force_login(generation.artist)
    emulator.script.steps = [{"status": "RUNNING", "progress": 0.5}]
    tasks.dispatch.delay()
    poll()
    for page in ("/active/", generation.get_absolute_url()):
        before = client.get(page).content.decode()
        assert "bills what it has begun: up to all 8 credits stay spent" in before

    told = client.post(f"{generation.get_absolute_url()}stop/", follow=True).content.decode()
    assert "It bills what it has begun" in told
    tasks.stop.delay(str(generation.pk))
    poll()

    after = client.get(generation.get_absolute_url()).content.decode()
    assert "Stopped while it was made." in after
    assert "8 of 8 credits were spent" in after
    assert "yours again" not in after


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


def test_a_clip_that_a_pause_stops_is_cancelled_with_its_refund(
    generation: Generation, emulator: Emulator
) -> None:
    """I4, I8: by the sweep, which asks again for as long as it renders."""
    tasks.dispatch.delay()
    paused(artist=generation.artist, stops_running=True)
    tasks.sweep.delay()
    poll()

    assert end_of(generation) == (Status.CANCELLED, Reservation.State.REFUNDED, 0)
    assert generation.moves.latest("pk").note == f"Stopped by a pause: {REASON}"
