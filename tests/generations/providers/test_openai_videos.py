"""Our client of /v1/videos, strict dialect, against an emulated wire."""

import asyncio
import contextlib
import gzip
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    Cancellation,
    FailureKind,
    JobState,
    OutcomeUnknown,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.providers.openai_videos import OpenAIVideos
from tests.emulators.base import Canned
from tests.emulators.openai_videos import KEY, Emulator, error, video
from tests.generations.providers.asking import fetch, poll, request_for

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


def raising(exception: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise exception("boom", request=request)

    return answer


def test_a_plain_create_is_json_with_nothing_but_the_contracts_fields(emulator: Emulator) -> None:
    job_id = emulator.provider().submit(request_for())

    assert job_id == "video_1"
    (sent,) = emulator.requests
    assert httpx.Response(200, content=sent.content).json() == {
        "model": "lab-1",
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
    }


def test_a_create_with_a_first_image_is_multipart(emulator: Emulator, tmp_path: Path) -> None:
    image = tmp_path / "first.png"
    image.write_bytes(b"\x89PNG image bytes")
    emulator.on_create = lambda request: httpx.Response(200, json=video("video_9"))

    emulator.provider().submit(request_for(first_image=image, seed=5))

    (sent,) = emulator.requests
    assert sent.headers["content-type"].startswith("multipart/form-data")
    assert b'name="input_reference"; filename="first.png"' in sent.content
    assert b"\x89PNG image bytes" in sent.content
    assert b'name="seed"\r\n\r\n5\r\n' in sent.content


@pytest.mark.parametrize(
    "exception", [httpx.ReadTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]
)
def test_a_create_that_may_have_arrived_is_sent_once_and_called_unknown(
    emulator: Emulator, exception: type[httpx.TransportError]
) -> None:
    """I5: no transport retry on create."""
    emulator.on_create = raising(exception)

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("exception", [httpx.ConnectError, httpx.ConnectTimeout])
def test_a_create_that_never_left_may_be_tried_again(
    emulator: Emulator, exception: type[httpx.TransportError]
) -> None:
    emulator.on_create = raising(exception)

    with pytest.raises(ProviderUnavailable):
        emulator.provider().submit(request_for())


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="oops"),
        httpx.Response(408, json={"error": {"code": "timeout"}}),
        httpx.Response(502, html="<h1>Bad Gateway</h1>"),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json={"object": "video"}),
        httpx.Response(200, json=["a", "list"]),
        httpx.Response(302, headers={"location": "https://elsewhere.test/"}),
    ],
    ids=["500", "408", "html", "no-json", "no-id", "list", "redirect"],
)
def test_an_answer_that_says_neither_yes_nor_no_is_unknown(
    emulator: Emulator, answer: httpx.Response
) -> None:
    """I5; a redirect is not followed either: the credential stays with the configured origin."""
    emulator.on_create = lambda request: answer

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    assert len(emulator.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("12", 12), ("0", 1), ("1800", 1800), ("86400", 3600), ("soon", 5), ("", 5)],
)
def test_a_busy_provider_says_how_long_to_wait(
    emulator: Emulator, header: str, seconds: float
) -> None:
    emulator.on_create = lambda request: error(429, "rate_limit", **{"retry-after": header})

    with pytest.raises(ProviderUnavailable) as refusal:
        emulator.provider().submit(request_for())
    assert refusal.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(400, "moderation_blocked"), FailureKind.SAFETY_INPUT),
        (error(400, "invalid_image"), FailureKind.INVALID_ASSET),
        (error(400, ""), FailureKind.INVALID_REQUEST),
        (error(401, "invalid_api_key"), FailureKind.AUTH),
        (error(403, ""), FailureKind.AUTH),
        (error(402, ""), FailureKind.FUNDS),
        (httpx.Response(422, json={"detail": "other shape"}), FailureKind.INVALID_REQUEST),
        (httpx.Response(400, json={"error": "a string"}), FailureKind.INVALID_REQUEST),
    ],
)
def test_a_no_becomes_a_neutral_kind(
    emulator: Emulator, answer: httpx.Response, kind: FailureKind
) -> None:
    emulator.on_create = lambda request: answer

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for())
    assert refusal.value.kind is kind


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", JobState.QUEUED),
        ("in_progress", JobState.RUNNING),
        ("completed", JobState.SUCCEEDED),
        ("failed", JobState.FAILED),
        ("cancelled", JobState.CANCELLED),
        ("deleted", JobState.CANCELLED),
        ("a word of tomorrow", JobState.RUNNING),
    ],
)
def test_a_job_state_becomes_a_neutral_one(
    emulator: Emulator, status: str, state: JobState
) -> None:
    emulator.jobs["video_1"] = video("video_1", status=status, progress=250)

    snapshot = poll(emulator, "video_1")

    assert (snapshot.state, snapshot.native_status) == (state, status)
    assert snapshot.progress == 100


def test_a_failed_job_answered_as_an_http_error_is_a_failed_job(emulator: Emulator) -> None:
    job = video("video_1", status="failed", error={"code": "output_moderation_blocked"})
    emulator.answer = lambda request: httpx.Response(500, json=job)  # type: ignore[method-assign]

    snapshot = poll(emulator, "video_1")

    assert snapshot.state is JobState.FAILED
    assert snapshot.failure
    assert snapshot.failure.kind is FailureKind.SAFETY_OUTPUT


def test_a_job_that_is_not_known_any_more_is_lost(emulator: Emulator) -> None:
    assert poll(emulator, "video_1").state is JobState.LOST


def test_a_poll_without_an_answer_may_be_repeated(emulator: Emulator) -> None:
    emulator.answer = lambda request: httpx.Response(502, html="<p>")  # type: ignore[method-assign]

    with pytest.raises(ProviderUnavailable):
        poll(emulator, "video_1")


def test_a_job_id_cannot_lead_to_another_address(emulator: Emulator) -> None:
    poll(emulator, "../../admin?x=1#y")

    (sent,) = emulator.requests
    assert sent.url.raw_path == b"/v1/videos/..%2F..%2Fadmin%3Fx%3D1%23y"


def test_a_video_is_streamed_up_to_its_cap(emulator: Emulator) -> None:
    emulator.jobs["video_1"] = video("video_1", status="completed")
    provider = emulator.provider()

    with provider.open_artifact("video_1", max_bytes=10) as blocks:
        assert b"".join(blocks) == b"0123456789"
    with pytest.raises(ArtifactTooLarge), provider.open_artifact("video_1", max_bytes=9) as blocks:
        list(blocks)


def test_a_video_that_drips_is_handed_on_block_by_block(emulator: Emulator) -> None:
    """Whoever reads it can stop at its deadline."""
    emulator.jobs["video_1"] = video("video_1")
    emulator.on_content = lambda request: httpx.Response(200, stream=Drip())

    with emulator.provider().open_artifact("video_1", max_bytes=100) as blocks:
        assert next(blocks) == b" "


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (error(404, "expired"), ProviderFailure),
        (error(429, "busy"), ProviderUnavailable),
        (httpx.Response(503), ProviderUnavailable),
        (httpx.Response(302, headers={"location": "http://169.254.169.254/"}), ProviderUnavailable),
    ],
)
def test_a_video_that_is_not_given_out_raises(
    emulator: Emulator, answer: httpx.Response, raised: type[Exception]
) -> None:
    emulator.jobs["video_1"] = video("video_1")
    emulator.on_content = lambda request: answer

    with pytest.raises(raised), emulator.provider().open_artifact("video_1", max_bytes=10):
        pass


def test_lost_jobs_are_looked_for_on_every_page_of_the_list(emulator: Emulator) -> None:
    for number in range(5):
        emulator.jobs[f"video_{number}"] = video(f"video_{number}")
    emulator.jobs["video_1"]["prompt"] = "Another prompt"
    emulator.jobs["video_2"]["size"] = "720x1280"
    emulator.jobs["video_3"]["seconds"] = "8"

    found = emulator.provider().find(request_for(), sent_at=SENT_AT)

    assert found == ["video_4", "video_0"]


def test_jobs_older_than_the_create_call_are_not_meant(emulator: Emulator) -> None:
    before = SENT_AT.timestamp() - 3600
    emulator.jobs["video_1"] = video("video_1", created_at=before)

    assert emulator.provider().find(request_for(), sent_at=SENT_AT) == []


def test_a_list_that_never_ends_is_left(emulator: Emulator) -> None:
    numbers = itertools.count()

    def answer(request: httpx.Request) -> httpx.Response:
        last_id = f"video_{next(numbers)}"
        return httpx.Response(
            200, json={"data": [video(last_id)], "last_id": last_id, "has_more": True}
        )

    emulator.answer = answer  # type: ignore[method-assign]

    assert len(emulator.provider().find(request_for(), sent_at=SENT_AT) or ()) == 20


class Drip(httpx.AsyncByteStream):
    """A body that never ends and never pauses as long as a single read may take."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b" "


class Unread(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("somebody reads this")
        yield b""


class Flood(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000


@pytest.mark.parametrize("body", [Drip, Flood])
def test_an_answer_without_end_is_left(
    emulator: Emulator, settings: Any, body: type[httpx.AsyncByteStream]
) -> None:
    """I6: each call ends in one total time and size, whatever each read takes."""
    settings.PROVIDER_TIMEOUT_SECONDS = 0.3
    emulator.answer = lambda request: httpx.Response(200, stream=body())  # type: ignore[method-assign]

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    with pytest.raises(ProviderUnavailable):
        poll(emulator, "video_1")
    with pytest.raises(ProviderUnavailable):
        emulator.provider().find(request_for(), sent_at=SENT_AT)


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip, identity", "gzip,deflate,gzip"])
def test_an_answer_that_is_compressed_more_than_once_is_not_read(
    emulator: Emulator, coding: str
) -> None:
    """Two codings make 64 kB of zeros 64 GB before a bound can count them."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": coding}, stream=Unread())

    emulator.answer = answer  # type: ignore[method-assign]

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    with pytest.raises(ProviderUnavailable):
        poll(emulator, "video_1")
    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), "video_1")


def test_an_answer_that_is_compressed_once_is_read(emulator: Emulator) -> None:
    body = gzip.compress(json.dumps(video("video_1")).encode())
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    emulator.answer = lambda request: httpx.Response(200, headers=headers, content=body)  # type: ignore[method-assign]

    assert emulator.provider().submit(request_for()) == "video_1"


def test_a_refusal_of_a_video_that_drips_is_left(emulator: Emulator, settings: Any) -> None:
    settings.PROVIDER_TIMEOUT_SECONDS = 0.2
    emulator.jobs["video_1"] = video("video_1")
    emulator.on_content = lambda request: httpx.Response(400, stream=Drip())

    with (
        pytest.raises(ProviderUnavailable),
        emulator.provider().open_artifact("video_1", max_bytes=10),
    ):
        pass


def test_headers_that_drip_hold_no_worker(settings: Any) -> None:
    """I6: httpx's time-out is for each read, and each of these comes in time."""
    settings.PROVIDER_TIMEOUT_SECONDS = 0.3
    began = time.monotonic()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            while time.monotonic() < began + 5:
                connection.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=drip, args=[listener], daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        provider = OpenAIVideos(Account(name="sketch", url=url, key=KEY))
        with pytest.raises(ProviderUnavailable), provider.open_artifact("video_1", max_bytes=10):
            pass

    assert time.monotonic() - began < 2


def test_a_file_that_stops_halfway_is_left(emulator: Emulator, settings: Any) -> None:
    """I6"""
    settings.PROVIDER_TIMEOUT_SECONDS = 0.2

    class Stops(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"x"
            await asyncio.Event().wait()

    emulator.jobs["video_1"] = video("video_1")
    emulator.on_content = lambda request: httpx.Response(200, stream=Stops())

    with (
        pytest.raises(ProviderUnavailable),
        emulator.provider().open_artifact("video_1", max_bytes=10) as blocks,
    ):
        list(blocks)


@pytest.mark.parametrize(
    "word",
    [f"Bearer {KEY}", KEY, "odd\ud800", "odd\0", "x" * 65, "<b>", ["a"]],
    ids=["header", "key", "surrogate", "nul", "long", "html", "list"],
)
def test_a_native_word_that_cannot_be_kept_is_left_out(emulator: Emulator, word: object) -> None:
    """I2: a provider may say our credential back to us."""
    failed = video("video_1", status="failed", error={"code": word})
    emulator.jobs["video_1"] = failed
    emulator.jobs["video_2"] = video("video_2", status=word)
    emulator.on_create = lambda request: httpx.Response(
        400, content=json.dumps({"error": {"code": word}}).encode()
    )

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for())

    assert refusal.value.native_code == "400"
    failure = poll(emulator, "video_1").failure
    assert failure is not None
    assert failure.native_code == ""
    assert poll(emulator, "video_2").native_status == ""


@pytest.mark.parametrize("headers", [{}, {"retry-after": "7"}])
def test_a_bare_503_may_come_after_the_call_went_on(
    emulator: Emulator, headers: dict[str, str]
) -> None:
    """I5: it is not sent again."""
    emulator.on_create = lambda request: httpx.Response(503, text="upstream reset", headers=headers)

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())


@pytest.mark.parametrize("job_id", [".", "..", "new\nline", "odd\ud800"])
def test_a_job_id_that_is_no_plain_text_is_an_unknown_outcome(
    emulator: Emulator, job_id: str
) -> None:
    body = json.dumps({"id": job_id}).encode()
    emulator.on_create = lambda request: httpx.Response(200, content=body)

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("moderation_blocked", FailureKind.SAFETY_INPUT),
        ("output_moderation_blocked", FailureKind.SAFETY_OUTPUT),
        ("expired", FailureKind.NOT_FOUND),
        ("provider_error", FailureKind.PROVIDER_ERROR),
        ("a word of tomorrow", FailureKind.PROVIDER_ERROR),
    ],
)
def test_a_failed_jobs_code_becomes_a_neutral_kind(
    emulator: Emulator, code: str, kind: FailureKind
) -> None:
    emulator.jobs["video_1"] = video("video_1", status="failed", error={"code": code})

    failure = poll(emulator, "video_1").failure

    assert failure is not None
    assert (failure.kind, failure.native_code) == (kind, code)


def test_a_completed_job_with_an_error_has_failed(emulator: Emulator) -> None:
    done = {"status": "completed"}
    emulator.jobs["video_1"] = video("video_1", **done, error={"code": "moderation_blocked"})
    emulator.jobs["video_2"] = video("video_2", **done, error={"code": None, "message": None})

    assert poll(emulator, "video_1").state is JobState.FAILED
    assert poll(emulator, "video_2").state is JobState.SUCCEEDED


def test_an_expired_video_is_gone(emulator: Emulator) -> None:
    emulator.jobs["video_1"] = video("video_1", status="completed", expires_at=1_700_000_000)

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), "video_1")

    assert (failure.value.kind, failure.value.native_code) == (FailureKind.NOT_FOUND, "expired")


@pytest.mark.parametrize(
    ("canned", "kind"),
    [
        (Canned(status=410), FailureKind.NOT_FOUND),
        (Canned(status=404, text="<h1>Not Found</h1>"), FailureKind.NOT_FOUND),
        (Canned(status=200), FailureKind.BAD_OUTPUT),
        (Canned(status=204), FailureKind.BAD_OUTPUT),
        (Canned(status=400, json={"error": {"code": "x"}}), FailureKind.PROVIDER_ERROR),
    ],
    ids=["gone", "not-found", "empty", "no-content", "error"],
)
def test_a_completed_job_without_a_video_has_failed(
    emulator: Emulator, canned: Canned, kind: FailureKind
) -> None:
    """I6: it is not asked for again for ever."""
    emulator.jobs["video_1"] = video("video_1", status="completed")
    emulator.faults.canned["content"] = canned

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), "video_1")

    assert failure.value.kind is kind


def test_the_provider_says_when_it_wants_to_be_asked_again(emulator: Emulator) -> None:
    emulator.jobs["video_1"] = video("video_1")
    assert poll(emulator, "video_1").poll_after_seconds is None

    emulator.faults.poll_after_ms = 2500

    assert poll(emulator, "video_1").poll_after_seconds == 2.5


def test_a_list_that_says_for_ever_that_there_is_more_is_left(emulator: Emulator) -> None:
    for number in range(3):
        emulator.jobs[f"video_{number}"] = video(f"video_{number}")
    emulator.faults.has_more_stuck = True

    found = emulator.provider().find(request_for(), sent_at=SENT_AT)

    assert set(found or ()) == {"video_2", "video_1"}
    assert len(emulator.requests) == 2


def test_a_job_without_a_way_to_stop_it_is_left_alone(emulator: Emulator) -> None:
    emulator.jobs["video_1"] = video("video_1")

    assert emulator.provider().cancel("video_1") is Cancellation.UNSUPPORTED
    assert emulator.requests == []


def test_a_wrong_credential_is_told_as_one(emulator: Emulator) -> None:
    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider(key="another").submit(request_for())

    assert refusal.value.kind is FailureKind.AUTH
    assert emulator.accepted == 0
