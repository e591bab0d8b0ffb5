"""Every end that is not a video gives the credits back, in the same transaction."""

import resource
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from artists.models import Artist, Reservation, Window
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation, Render, VideoModel
from generations.models.generation import Status
from tests.emulators.base import Canned
from tests.emulators.openai_videos import Emulator, error
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db

REFUNDED = Reservation.State.REFUNDED


def end_of(generation: Generation) -> tuple[str, str, str]:
    generation.refresh_from_db()
    assert list(check_ledger()) == []
    return generation.status, generation.failure_kind, generation.reservation.state


def test_a_prompt_that_the_provider_refuses_is_refunded(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.on_create = lambda request: error(400, "moderation_blocked")

    worker.dispatch_and_submit()

    assert end_of(generation) == (Status.REFUSED, "safety_input", REFUNDED)
    assert generation.failure_message == "The video model does not make videos of this prompt."


def test_a_refusal_that_is_billed_is_settled_and_says_so(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    VideoModel.objects.update(bills_refusals=True)
    emulator.on_create = lambda request: error(400, "moderation_blocked")

    worker.dispatch_and_submit()

    assert end_of(generation) == (Status.REFUSED, "safety_input", Reservation.State.SETTLED)
    assert "the credits are spent" in generation.failure_message


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_size", "invalid_request"),
        (401, "invalid_api_key", "auth"),
        (402, "", "funds"),
        (422, "", "invalid_request"),
        (451, "", "invalid_request"),
    ],
)
def test_a_create_that_is_turned_away_fails_and_is_refunded(
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    status: int,
    code: str,
    kind: str,
) -> None:
    emulator.on_create = lambda request: error(status, code)

    worker.dispatch_and_submit()

    assert end_of(generation) == (Status.FAILED, kind, REFUNDED)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_provider_gets_its_rest_and_the_prompt_its_turn_after_it(
    generation: Generation, worker: Worker, emulator: Emulator, status: int
) -> None:
    """I5: nothing was accepted, so a second attempt is no second create."""
    emulator.on_create = lambda request: error(status, "busy", **{"retry-after": "30"})
    worker.dispatch_and_submit()

    generation.refresh_from_db()
    assert generation.status == Status.QUEUED
    assert worker.dispatch() == []  # it rests

    VideoModel.objects.update(resting_until=timezone.now())
    emulator.on_create = None
    worker.dispatch_and_submit()
    worker.render_and_finish()
    assert end_of(generation) == (Status.READY, "", Reservation.State.SETTLED)
    assert emulator.accepted == 1


def refuse_connection(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def test_a_provider_that_cannot_be_reached_leaves_the_prompt_queued(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.on_create = refuse_connection

    worker.dispatch_and_submit()

    generation.refresh_from_db()
    assert generation.status == Status.QUEUED
    assert generation.reservation.state == Reservation.State.HELD


def test_a_failed_job_is_refunded(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.finish_all(status="failed", error={"code": "gpu_on_fire", "message": "secret path"})

    worker.poll()

    assert end_of(generation) == (Status.FAILED, "provider_error", REFUNDED)
    assert "secret path" not in generation.failure_message


def test_a_job_that_the_provider_has_forgotten_fails_and_is_refunded(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.jobs.clear()

    worker.poll()

    assert end_of(generation) == (Status.FAILED, "not_found", REFUNDED)


def test_a_provider_that_does_not_answer_a_poll_is_asked_again(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    answer, emulator.answer = emulator.answer, lambda request: httpx.Response(502, html="<p>")  # type: ignore[method-assign]
    worker.poll()
    emulator.answer = answer  # type: ignore[method-assign]

    worker.render_and_finish()

    assert end_of(generation) == (Status.READY, "", Reservation.State.SETTLED)


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120), ("3600", 300)])
def test_a_poll_is_put_off_as_long_as_the_provider_asks_and_not_past_the_deadline(
    sent: Attempt,
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    asked: str,
    seconds: int,
) -> None:
    emulator.faults.canned["poll"] = Canned(429, headers={"retry-after": asked})

    worker.poll()

    generation.refresh_from_db()
    assert generation.next_poll_at
    wait = (generation.next_poll_at - timezone.now()).total_seconds()
    assert seconds - 30 < wait <= seconds


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html>not a video</html>", "bad_output"),
        (b"\0\0\0\x10ftypisom, and nothing behind", "bad_output"),
        (b"", "bad_output"),
    ],
)
def test_a_file_that_is_no_video_fails_and_is_refunded(
    sent: Attempt,
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    content: bytes,
    kind: str,
) -> None:
    emulator.clip = content

    worker.render_and_finish()

    assert end_of(generation) == (Status.FAILED, kind, REFUNDED)
    assert not generation.renditions.exists()


@pytest.mark.parametrize(
    "blocks", [[b"<html>", *[b"<p>" * 1000] * 1000], [b"\0\0\0", b"\x10fty"]], ids=["long", "short"]
)
def test_what_does_not_begin_as_a_video_is_neither_read_to_its_end_nor_stored(
    sent: Attempt,
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    blocks: list[bytes],
) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for block in blocks:
            read += len(block)
            yield block

    emulator.on_content = lambda request: httpx.Response(200, content=body())
    emulator.finish_all()
    worker.poll()

    assert worker.fetch(generation.pk) is False

    assert end_of(generation) == (Status.FAILED, "bad_output", REFUNDED)
    assert not Render.objects.exists()
    assert read < 10_000


@contextmanager
def room_on_disk(size_bytes: int) -> Iterator[None]:
    """No file of this process may grow past this: a write beyond it fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_loses_no_generation_and_leaves_nothing_behind(
    sent: Attempt, worker: Worker, emulator: Emulator
) -> None:
    """I6"""
    emulator.finish_all()
    emulator.faults.oversize_bytes = 100_000_000
    (generation_id,) = worker.poll()

    with room_on_disk(64_000_000):
        assert worker.fetch(generation_id) is False

    assert list(settings.SCRATCH.iterdir()) == []
    emulator.faults.oversize_bytes = 0
    worker.die()
    assert worker.fetch(generation_id) is True


@override_settings(RENDER_MAX_BYTES=1000)
def test_a_file_over_the_cap_is_not_kept(
    sent: Attempt, generation: Generation, worker: Worker
) -> None:
    worker.render_and_finish()

    assert end_of(generation) == (Status.FAILED, "bad_output", REFUNDED)
    assert not Render.objects.exists()


def test_a_video_that_is_gone_when_it_is_fetched_fails_and_is_refunded(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.on_content = lambda request: error(404, "expired")

    worker.render_and_finish()

    assert end_of(generation) == (Status.FAILED, "not_found", REFUNDED)


def test_a_job_of_somebody_else_is_never_taken(
    make_generation: Callable[..., Generation],
    other_artist: Artist,
    worker: Worker,
    emulator: Emulator,
) -> None:
    """I7: a provider that answers with another's job id does not show that video to anybody."""
    make_generation()
    worker.dispatch_and_submit()
    (job,) = emulator.jobs.values()
    emulator.on_create = lambda request: httpx.Response(200, json=job)
    theirs = make_generation(by=other_artist)

    worker.dispatch_and_submit()

    assert end_of(theirs) == (Status.FAILED, "provider_error", REFUNDED)


def test_a_credential_is_in_no_row_and_no_log(
    generation: Generation,
    worker: Worker,
    emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """I2"""
    caplog.set_level(0)
    emulator.on_create = lambda request: error(401, "invalid_api_key")

    worker.dispatch_and_submit()

    generation.refresh_from_db()
    said = [*generation.moves.values_list("note", flat=True), generation.failure_message]
    said += Attempt.objects.values_list("native_status", flat=True)
    assert not any("credential" in text for text in [*said, caplog.text])
    assert Window.objects.get().held == 0


STRANGE = [
    b'{"object": "video", "status": "in_progress", "progress": NaN}',
    b'{"object": "video", "status": "in_progress", "progress": 1e999}',
    b"[" * 100_000,
    b'{"object": "video", "status": {"a": 1}, "progress": "9", "error": []}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("strange", STRANGE, ids=["NaN", "infinite", "deep", "types", "bytes"])
def test_one_strange_answer_leaves_the_other_jobs_alone(
    make_generation: Callable[..., Generation],
    worker: Worker,
    emulator: Emulator,
    strange: bytes,
) -> None:
    """I6"""
    odd, good = make_generation("An odd one"), make_generation("A good one")
    worker.dispatch_and_submit()
    emulator.finish_all()
    job = next(key for key, job in emulator.jobs.items() if job["prompt"] == "An odd one")
    answer = emulator.answer

    def odd_answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(job):
            return httpx.Response(200, content=strange, headers={"content-type": "text/json"})
        return answer(request)

    emulator.answer = odd_answer  # type: ignore[method-assign]

    assert worker.poll() == [good.pk]
    odd.refresh_from_db()
    assert odd.status == Status.RENDERING


def test_a_broken_encoding_counts_as_no_answer(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    broken = httpx.Response(
        200, stream=httpx.ByteStream(b"no gzip"), headers={"content-encoding": "gzip"}
    )
    emulator.answer = lambda request: broken  # type: ignore[method-assign]

    assert worker.poll() == []
    generation.refresh_from_db()
    assert generation.status == Status.RENDERING


@pytest.mark.parametrize("job_id", ["", "a" * 1025, "nul\0", 7, None])
def test_a_job_id_that_cannot_be_kept_is_an_unknown_outcome(
    generation: Generation, worker: Worker, emulator: Emulator, job_id: object
) -> None:
    """I5"""
    emulator.on_create = lambda request: httpx.Response(200, json={"id": job_id})

    worker.dispatch_and_submit()

    generation.refresh_from_db()
    assert generation.status == Status.UNKNOWN


def test_a_provider_that_stays_busy_rests_twice_as_long_each_time(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    emulator.on_create = lambda request: error(503, "busy", **{"retry-after": "10"})
    rests = []
    for _ in range(6):
        worker.dispatch_and_submit()
        rests.append(VideoModel.objects.get().rest_seconds)
        VideoModel.objects.update(resting_until=timezone.now())
    assert rests == [10, 20, 40, 80, 160, 300]

    emulator.on_create = None
    worker.dispatch_and_submit()

    assert VideoModel.objects.get().rest_seconds == 0


def test_a_shorter_rest_does_not_end_a_longer_one(video_model: VideoModel) -> None:
    VideoModel.objects.rest(video_model.pk, seconds=200)

    VideoModel.objects.rest(video_model.pk, seconds=5)

    video_model.refresh_from_db()
    assert video_model.resting_until
    assert (video_model.resting_until - timezone.now()).total_seconds() > 190
