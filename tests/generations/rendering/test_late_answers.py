"""Answers that come after what they answer was settled, and rows that hold up others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from artists.models import Artist, Window
from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.rendering import sweeping
from generations.rendering.submitting import accept
from tests.emulators.openai_videos import Emulator, error
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("code", "headers"), [(503, {"retry-after": "5"}), (400, {}), (429, {})])
def test_a_no_that_comes_after_the_callback_is_too_late(
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    code: int,
    headers: dict[str, str],
) -> None:
    """I5, I6: the job runs, whatever a proxy says of its create call."""
    (attempt_id,) = worker.dispatch()
    emulator.on_create = lambda request: error(code, "busy", **headers)

    def called_back() -> None:
        accept(Attempt.objects.get(pk=attempt_id), job_id="video_1")

    worker.meanwhile("submit", called_back)
    worker.submit(attempt_id)

    generation.refresh_from_db()
    attempt = Attempt.objects.get()
    assert (generation.status, attempt.state) == (Status.RENDERING, Attempt.State.ACCEPTED)


@pytest.mark.parametrize("code", [408, 499])
def test_whoever_gave_up_waiting_may_have_sent_the_create_on(
    generation: Generation, worker: Worker, emulator: Emulator, code: int
) -> None:
    """I5"""
    emulator.on_create = lambda request: error(code, "timeout")

    worker.dispatch_and_submit()

    generation.refresh_from_db()
    assert generation.status == Status.UNKNOWN


def test_one_row_that_cannot_be_dealt_with_leaves_the_others_of_a_sweep_alone(
    make_generation: Callable[..., Generation], other_artist: Artist, worker: Worker
) -> None:
    """I6: the first artist's window was tampered with, so that no refund fits it."""
    broken, sound = make_generation(), make_generation(by=other_artist)
    worker.dispatch_and_submit()
    Window.objects.filter(limit__artist=broken.artist).update(held=0)
    Generation.objects.update(moved_at=timezone.now() - timedelta(hours=5), tries=3)

    sweeping.end_overdue()

    sound.refresh_from_db()
    broken.refresh_from_db()
    assert (broken.status, sound.status) == (Status.RENDERING, Status.FAILED)


def test_asking_to_stop_puts_off_no_deadline(sent: Attempt, generation: Generation) -> None:
    """I6"""
    now = timezone.now()
    Generation.objects.update(
        moved_at=now - timedelta(hours=5), tries=3, lease_until=now + timedelta(seconds=20)
    )

    sweeping.end_overdue()

    generation.refresh_from_db()
    assert generation.status == Status.FAILED
