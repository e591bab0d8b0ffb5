"""A video model that fails again and again rests, is tried with one prompt, and comes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.rendering.deadlines import ENOUGH_TRIES
from tests.emulators.openai_videos import Emulator, error
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db

BROKEN = {"status": "failed", "error": {"code": "server_error", "message": ""}}
REFUSED = {"status": "failed", "error": {"code": "moderation_blocked", "message": ""}}


@pytest.fixture
def send(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> Callable[..., list[str]]:
    """Send so many prompts at once, let their jobs end so, and return how the generations stand."""

    def send(count: int, **end: Any) -> list[str]:
        made = [make_generation() for _ in range(count)]
        worker.dispatch_and_submit()
        emulator.finish_all(**end)
        worker.poll()
        return [Generation.objects.get(pk=one.pk).status for one in made]

    return send


@pytest.fixture(autouse=True)
def _room(video_model: VideoModel, cohort: Cohort) -> None:
    VideoModel.objects.update(concurrency=5)
    Cohort.objects.update(running_cap=20)


def wake_time_comes() -> None:
    VideoModel.objects.update(resting_until=timezone.now())


def test_the_third_failure_in_a_row_opens_the_circuit(send: Callable[..., list[str]]) -> None:
    assert send(2, **BROKEN) == [Status.FAILED] * 2
    assert send(1, **BROKEN) == [Status.FAILED]

    assert send(1, **BROKEN) == [Status.QUEUED]


def test_a_circuit_that_closes_is_tried_with_one_prompt_alone(
    send: Callable[..., list[str]], worker: Worker
) -> None:
    send(3, **BROKEN)
    send(3, **BROKEN)
    wake_time_comes()

    assert len(worker.dispatch()) == 1


def test_a_success_closes_the_circuit_for_all(
    send: Callable[..., list[str]], worker: Worker
) -> None:
    send(3, **BROKEN)
    wake_time_comes()

    send(3, status="completed", progress=100)

    assert len(worker.dispatch()) == 2
    model = VideoModel.objects.get()
    assert (model.failures, model.rest_seconds) == (0, 0)


def test_each_failed_try_makes_the_rest_twice_as_long(send: Callable[..., list[str]]) -> None:
    send(3, **BROKEN)
    rests = [VideoModel.objects.get().rest_seconds]
    for _ in range(2):
        wake_time_comes()
        send(1, **BROKEN)
        rests.append(VideoModel.objects.get().rest_seconds)

    assert rests == [30, 60, 120]


def test_failures_that_are_not_in_a_row_open_nothing(send: Callable[..., list[str]]) -> None:
    send(2, **BROKEN)
    send(1, status="completed", progress=100)
    send(2, **BROKEN)

    assert send(1, **BROKEN) == [Status.FAILED]


def test_refusals_are_no_failures_of_the_provider(send: Callable[..., list[str]]) -> None:
    send(5, **REFUSED)

    assert send(1, **REFUSED) == [Status.REFUSED]


def test_a_key_that_is_refused_burns_three_prompts_and_not_the_whole_queue(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> None:
    VideoModel.objects.update(concurrency=1)
    emulator.on_create = lambda request: error(401, "invalid_api_key")
    for _ in range(6):
        make_generation()

    for _ in range(6):
        worker.dispatch_and_submit()

    assert Generation.objects.filter(status=Status.FAILED).count() == 3
    assert Generation.objects.filter(status=Status.QUEUED).count() == 3


def test_create_calls_without_an_answer_open_the_circuit_and_leave_room_to_try(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> None:
    """What is unknown keeps its slot of five until its deadline, and the try has one beside it."""
    emulator.on_create = lambda request: error(500, "server_error")
    for _ in range(3):
        make_generation()
        worker.dispatch_and_submit()
    make_generation()
    make_generation()
    assert Generation.objects.filter(status=Status.UNKNOWN).count() == 3
    assert worker.dispatch() == []

    wake_time_comes()

    assert len(worker.dispatch()) == 1
    assert worker.dispatch() == []


def test_what_is_unknown_takes_no_more_than_the_slots_there_are(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> None:
    VideoModel.objects.update(concurrency=3)
    emulator.on_create = lambda request: error(500, "server_error")
    for _ in range(4):
        make_generation()
    worker.dispatch_and_submit()
    wake_time_comes()

    assert worker.dispatch() == []


def test_jobs_that_never_end_open_the_circuit(
    make_generation: Callable[..., Generation], worker: Worker
) -> None:
    for _ in range(3):
        make_generation()
    worker.dispatch_and_submit()
    Generation.objects.update(moved_at=timezone.now() - timedelta(days=2), tries=ENOUGH_TRIES)

    worker.sweep()

    assert Generation.objects.filter(status=Status.FAILED, failure_kind="timeout").count() == 3
    model = VideoModel.objects.get()
    assert (model.is_failing, model.is_resting) == (True, True)


def test_a_worker_that_dies_is_no_failure_of_the_provider(
    make_generation: Callable[..., Generation], worker: Worker
) -> None:
    make_generation()
    (attempt_id,) = worker.dispatch()
    Attempt.objects.mark_sent(attempt_id)
    worker.die()

    worker.sweep()

    assert Generation.objects.get().status == Status.UNKNOWN
    assert VideoModel.objects.get().failures == 0


def test_the_create_page_says_that_the_video_model_rests(
    client: Client, artist: Artist, send: Callable[..., list[str]]
) -> None:
    client.force_login(artist)
    assert "rests for a while" not in client.get("/create/").content.decode()

    send(3, **BROKEN)

    assert "again and again, and rests for a while" in client.get("/create/").content.decode()


def test_the_create_page_says_that_a_busy_provider_asked_for_a_rest_of_an_hour(
    client: Client, artist: Artist, send: Callable[..., list[str]], emulator: Emulator
) -> None:
    """It did not fail, and nothing says that it did."""
    client.force_login(artist)
    emulator.on_create = lambda request: error(429, "busy", **{"retry-after": "3600"})

    send(1)

    page = client.get("/create/").content.decode()
    assert "is busy or away, and rests for a while" in page
    assert "again and again" not in page
    until = VideoModel.objects.get().resting_until
    assert until
    assert (until - timezone.now()).total_seconds() > 3500
