"""The background entry points themselves, over real HTTP, each run where it is sent."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from artists.models import Artist
from generations import tasks
from generations.models import Decision, Generation, Move, Submission
from generations.models.generation import Status
from tests.emulators.openai_videos import KEY, Emulator
from tests.emulators.served import served
from tests.generations.rendering.standing import make_all_due, status
from tests.generations.reviews.acting import decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tasks_run_at_once")]


@pytest.fixture(autouse=True)
def _provider(emulator: Emulator, settings: Any) -> Iterator[None]:
    with served(emulator) as url:
        entry = {"api": "openai_videos", "url": url, "key": KEY}
        settings.PROVIDERS = {"sketch": entry}
        yield


def test_dispatch_and_poll_carry_a_prompt_to_its_end(
    generation: Generation, emulator: Emulator
) -> None:
    tasks.dispatch.delay()
    assert status(generation) == Status.RENDERING

    emulator.finish_all()
    make_all_due()
    tasks.poll.delay()

    assert status(generation) == Status.READY


def test_a_finished_job_frees_its_slot_for_the_next_at_once(
    make_generation: Callable[..., Generation], emulator: Emulator, video_model: Any
) -> None:
    video_model.concurrency = 1
    video_model.save()
    first, second = make_generation(), make_generation()
    tasks.dispatch.delay()
    assert (status(first), status(second)) == (Status.RENDERING, Status.QUEUED)

    emulator.finish_all()
    make_all_due()
    tasks.poll.delay()

    assert (status(first), status(second)) == (Status.READY, Status.RENDERING)


@pytest.mark.parametrize("standing", [Status.FETCHING, Status.FINISHING])
def test_the_sweep_takes_up_what_a_dead_worker_left(
    generation: Generation, emulator: Emulator, standing: Status
) -> None:
    """I6: the message was lost with the worker."""
    tasks.dispatch.delay()
    emulator.finish_all()
    Generation.objects.move(generation.pk, Status.FETCHING)
    if standing == Status.FINISHING:
        tasks.fetching.fetch(generation.pk, provider_named=tasks.provider_named)
    assert status(generation) == standing

    tasks.sweep.delay()

    assert status(generation) == Status.READY


def test_a_lookup_finds_the_job_of_a_lost_answer(
    generation: Generation, emulator: Emulator
) -> None:
    """I5"""
    tasks.dispatch.delay()
    Generation.objects.update(status=Status.UNKNOWN, next_poll_at=timezone.now())
    generation.attempts.update(state="sent", provider_job_id="")

    tasks.look_for_unknown.delay()

    assert status(generation) == Status.RENDERING
    assert generation.attempts.get().provider_job_id == "video_1"
    assert emulator.accepted == 1


def test_moves_are_kept_for_each_step(generation: Generation, emulator: Emulator) -> None:
    tasks.dispatch.delay()
    emulator.finish_all()
    make_all_due()
    tasks.poll.delay()

    assert Move.objects.filter(generation=generation).count() == 6


def test_a_letter_that_was_lost_is_written_once(
    claimed: Submission, reviewer: Artist, mailoutbox: list[Any]
) -> None:
    """The decision was stored, and its message was lost with the broker."""
    decide(submission=claimed, reviewer=reviewer, outcome="approve")
    assert mailoutbox == []

    tasks.tell_untold.delay()
    assert mailoutbox == []  # its own task may still come

    Decision.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    tasks.tell_untold.delay()
    tasks.tell_untold.delay()
    assert len(mailoutbox) == 1
