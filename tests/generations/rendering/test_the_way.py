"""The way of a prompt, step by step, and each step delivered twice."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, default_storage
from pytest_django import DjangoAssertNumQueries

from artists.models import Cohort, LedgerEntry, Reservation, Window
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation, Render, Rendition, VideoModel
from generations.models.generation import Status
from tests.emulators.openai_videos import Emulator
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db


def held_and_spent() -> tuple[int, int]:
    window = Window.objects.get()
    return window.held, window.spent


def test_a_prompt_becomes_a_settled_video_with_its_renditions(
    generation: Generation, worker: Worker, clip: bytes
) -> None:
    assert held_and_spent() == (8, 0)

    worker.dispatch_and_submit()
    worker.render_and_finish()

    generation.refresh_from_db()
    assert (generation.status, generation.progress) == (Status.READY, 100)
    assert held_and_spent() == (0, 8)
    render = Render.objects.get(generation=generation)
    assert render.sha256 == hashlib.sha256(clip).hexdigest()
    kinds = set(generation.renditions.values_list("kind", flat=True))
    assert kinds == set(Rendition.Kind.values) - {"waveform"}  # it has no sound
    assert list(generation.moves.values_list("to", flat=True)) == [
        "queued",
        "submitting",
        "rendering",
        "fetching",
        "finishing",
        "ready",
    ]
    assert list(check_ledger()) == []


def test_files_may_lie_in_a_storage_that_is_no_folder(
    generation: Generation, worker: Worker, clip: bytes, settings: Any
) -> None:
    in_memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": in_memory}

    worker.dispatch_and_submit()
    worker.render_and_finish()

    generation.refresh_from_db()
    assert generation.status == Status.READY
    render = Render.objects.get(generation=generation)
    with render.file.open() as stored:
        assert stored.read() == clip
    assert isinstance(default_storage, InMemoryStorage)
    assert default_storage.exists(str(render.file.name))


def test_the_provider_is_asked_for_what_the_artist_chose_and_nothing_else(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    worker.dispatch_and_submit()

    (request,) = emulator.requests
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {
        "model": "sketch-1",
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
        "style": "film",
        "seed": generation.seed,
    }


def test_an_attempt_delivered_twice_is_sent_once(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I5"""
    (attempt_id,) = worker.dispatch()

    worker.submit(attempt_id)
    worker.submit(attempt_id)

    assert emulator.accepted == 1


def test_every_later_step_delivered_twice_changes_nothing(
    sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    """I4, I5"""
    emulator.finish_all()
    (generation_id,) = worker.poll()
    assert worker.poll() == []
    assert worker.fetch(generation_id)
    assert not worker.fetch(generation_id)

    worker.finish(generation_id)
    worker.finish(generation_id)

    assert Render.objects.count() == 1
    assert Rendition.objects.count() == len(Rendition.Kind) - 1  # no sound, no waveform
    assert LedgerEntry.objects.filter(kind=LedgerEntry.Kind.SETTLE).count() == 1


def test_progress_is_what_the_provider_says(
    sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    emulator.finish_all(status="in_progress", progress=42)

    worker.poll()

    generation = Generation.objects.get()
    assert (generation.status, generation.progress) == (Status.RENDERING, 42)


def test_an_unknown_status_word_counts_as_running(
    sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    emulator.finish_all(status="pondering", progress="much")

    worker.poll()

    assert Generation.objects.get().status == Status.RENDERING
    assert Attempt.objects.get().native_status == "pondering"


def test_a_poll_costs_far_fewer_queries_than_there_are_jobs(
    make_generation: Callable[..., Generation],
    worker: Worker,
    emulator: Emulator,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    VideoModel.objects.update(concurrency=80)
    Cohort.objects.update(running_cap=80, queued_cap=80)
    for _ in range(80):
        make_generation()
    worker.dispatch_and_submit()
    emulator.finish_all(status="queued", progress=0)
    worker.poll()

    with django_assert_max_num_queries(40):  # a few for each bunch of answers
        worker.poll()
    assert Reservation.objects.filter(state=Reservation.State.HELD).count() == 80
