"""Our client of fal's queue against an emulated one, over a fake wire and a real one."""

import base64
import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
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
from generations.providers.fal import Fal
from tests.emulators.base import Canned
from tests.emulators.fal import APP, CDN, KEY, URL, Emulator, failure, refusal
from tests.emulators.served import served
from tests.generations.providers import asking
from tests.generations.providers.asking import fetch, poll

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
CALLBACK_URL = "https://portal.test/hooks/fal/1/a-secret-of-this-attempt"
POLICY = "content_policy_violation"

request_for = partial(asking.request_for, model=APP, size="1920x1080", duration_seconds=6)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


@pytest.fixture
def job_id(emulator: Emulator) -> str:
    return emulator.provider().submit(request_for())


def hosts_asked(emulator: Emulator) -> set[str]:
    return {one.url.host for one in emulator.requests}


# --- Create -------------------------------------------------------------------------------------


def test_a_prompt_is_sent_to_its_app_and_becomes_a_job_that_names_its_address(
    emulator: Emulator,
) -> None:
    job_id = emulator.provider().submit(request_for(seed=7, callback_url=CALLBACK_URL))

    (job,) = emulator.jobs.values()
    assert job_id == f"fal-ai/ltx-2/requests/{job['id']}"
    assert job["body"] == {
        "prompt": "A paper boat",
        "duration": 6,
        "aspect_ratio": "16:9",
        "resolution": "1080p",
        "seed": 7,
    }
    (sent,) = emulator.requests
    assert (sent.url.path, dict(sent.url.params)) == (f"/{APP}", {"fal_webhook": CALLBACK_URL})
    assert sent.headers["x-fal-no-retry"] == "1"
    preference = json.loads(sent.headers["x-fal-object-lifecycle-preference"])
    assert preference == {"expiration_duration_seconds": 86_400}


@pytest.mark.parametrize(
    ("app", "size", "words"),
    [
        ("fal-ai/veo3.1/fast", "1280x720", ("6s", "16:9", "720p")),
        ("fal-ai/veo3/fast", "1080x1920", ("6s", "9:16", "1080p")),
        ("fal-ai/veo2", "1280x720", ("6s", "16:9", None)),
        ("fal-ai/kling-video/v2.1/master/text-to-video", "960x960", ("6", "1:1", None)),
        ("fal-ai/kling-video/v4/text-to-video", "1280x720", (6, "16:9", "720p")),
        ("fal-ai/bytedance/seedance/v1/pro/text-to-video", "854x480", ("6", "16:9", "480p")),
        ("blackforestlabs/flux-3-max/text-to-video", "1680x720", (6, "21:9", "720p")),
        ("fal-ai/veo30/x", "1280x720", (6, "16:9", "720p")),
    ],
)
def test_each_app_is_asked_in_its_own_words(
    emulator: Emulator, app: str, size: str, words: tuple[Any, ...]
) -> None:
    emulator.provider().submit(request_for(model=app, size=size))

    (job,) = emulator.jobs.values()
    assert (
        job["body"]["duration"],
        job["body"]["aspect_ratio"],
        job["body"].get("resolution"),
    ) == words
    assert job["app"] == app


@pytest.mark.parametrize(
    "changes",
    [
        {"size": "1000x170"},
        {"style": "watercolour"},
        {"model": "veo3.1"},
        {"model": "fal-ai/../admin"},
        {"model": "fal-ai/veo3?x=1"},
        {"model": "https://elsewhere.test/a/b"},
        {"model": "fal-ai//veo"},
    ],
)
def test_what_cannot_be_said_to_an_app_is_never_sent(
    emulator: Emulator, changes: dict[str, str]
) -> None:
    with pytest.raises(ProviderFailure) as refused:
        emulator.provider().submit(request_for(**changes))
    assert refused.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.requests == []


def test_extras_that_are_known_are_sent_and_take_nobodys_place(emulator: Emulator) -> None:
    extras = {"negative_prompt": "rain", "prompt": "A bill", "duration": 60, "lora_path": "/etc"}
    emulator.provider().submit(request_for(extras=extras))

    (job,) = emulator.jobs.values()
    assert (job["body"]["negative_prompt"], job["body"]["prompt"]) == ("rain", "A paper boat")
    assert (job["body"]["duration"], "lora_path" in job["body"]) == (6, False)


@pytest.mark.parametrize(
    ("app", "asked"),
    [
        ("fal-ai/ltx-2/text-to-video/fast", "fal-ai/ltx-2/image-to-video/fast"),
        ("fal-ai/ltx-2/image-to-video", "fal-ai/ltx-2/image-to-video"),
        ("fal-ai/veo3.1", "fal-ai/veo3.1/image-to-video"),
    ],
)
def test_a_first_image_travels_inside_of_the_call_to_the_app_that_takes_one(
    emulator: Emulator, tmp_path: Path, app: str, asked: str
) -> None:
    image = tmp_path / "first.jpg"
    image.write_bytes(b"a picture")

    emulator.provider().submit(request_for(model=app, first_image=image))

    (job,) = emulator.jobs.values()
    encoded = base64.b64encode(b"a picture").decode()
    assert (job["app"], job["body"]["image_url"]) == (asked, f"data:image/jpeg;base64,{encoded}")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Canned(401, json={"detail": "Authentication is required"}), FailureKind.AUTH),
        (Canned(403, json={"detail": "Access denied"}), FailureKind.AUTH),
        (Canned(403, json={"detail": "User is locked. Reason: TOP_UP."}), FailureKind.FUNDS),
        (Canned(402), FailureKind.FUNDS),
        (Canned(404, json={"detail": "Application not found"}), FailureKind.NOT_FOUND),
        (Canned(422, json=refusal("missing")["result"]), FailureKind.INVALID_REQUEST),
        (Canned(422, json=refusal("image_too_small")["result"]), FailureKind.INVALID_ASSET),
        (
            Canned(422, json=refusal(POLICY, loc=["body", "prompt"])["result"]),
            FailureKind.SAFETY_INPUT,
        ),
        (Canned(422, text="<p>"), FailureKind.INVALID_REQUEST),
    ],
)
def test_a_no_becomes_a_neutral_kind(emulator: Emulator, answer: Canned, kind: FailureKind) -> None:
    emulator.faults.canned["create"] = answer

    with pytest.raises(ProviderFailure) as refused:
        emulator.provider().submit(request_for())
    assert refused.value.kind is kind
    assert (emulator.creates_sent, emulator.accepted) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Canned(429, headers={"retry-after": "12"}), 12),
        (Canned(429, text="<h1>Slow down</h1>"), 5),
        (Canned(503, json={"detail": "Overloaded"}), 5),
        (Canned(503, json={"detail": "Overloaded"}, headers={"retry-after": "7"}), 7),
    ],
)
def test_what_the_queue_did_not_take_may_be_sent_later(
    emulator: Emulator, answer: Canned, seconds: float
) -> None:
    emulator.faults.canned["create"] = answer

    with pytest.raises(ProviderUnavailable) as busy:
        emulator.provider().submit(request_for())
    assert busy.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    "answer",
    [
        Canned(500, json={"detail": "Internal Server Error"}),
        Canned(502, text="<h1>Bad Gateway</h1>"),
        Canned(503, text="upstream reset"),
        Canned(503, text="<h1>Later</h1>", headers={"retry-after": "7"}),
        Canned(504),
        Canned(200, text="not json"),
        Canned(200, json={}),
        Canned(200, json={"request_id": None, "status_url": f"{URL}/a/b/requests/1/status"}),
        Canned(200, json={"request_id": "../../admin"}),
        Canned(200, json={"request_id": "1/status?x"}),
        Canned(200, json={"request_id": "x" * 101}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
)
def test_an_answer_that_says_neither_yes_nor_no_is_unknown_and_sent_once(
    emulator: Emulator, answer: Canned
) -> None:
    """I5"""
    emulator.faults.canned["create"] = answer

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    assert emulator.creates_sent == 1
    assert hosts_asked(emulator) == {"queue.fal.test"}


def test_a_request_that_was_accepted_before_the_connection_dropped_cannot_be_looked_for(
    emulator: Emulator,
) -> None:
    """I5"""
    emulator.faults.drop = ["create"]

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())

    assert (emulator.creates_sent, emulator.accepted) == (1, 1)
    assert emulator.provider().find(request_for(), sent_at=SENT_AT) is None  # type: ignore[func-returns-value]


def test_a_create_that_never_left_may_be_tried_again() -> None:
    with pytest.raises(ProviderUnavailable):
        Fal(Account(name="fal", url="http://127.0.0.1:9", key=KEY)).submit(request_for())


# --- Poll ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("IN_QUEUE", JobState.QUEUED),
        ("IN_PROGRESS", JobState.RUNNING),
        ("A_WORD_OF_TOMORROW", JobState.RUNNING),
        ("COMPLETED", JobState.SUCCEEDED),
    ],
)
def test_a_status_becomes_a_neutral_one(
    emulator: Emulator, job_id: str, status: str, state: JobState
) -> None:
    emulator.finish_all(status=status)

    snapshot = poll(emulator, job_id)

    assert (snapshot.state, snapshot.native_status) == (state, status)
    asked = [one.url.path for one in emulator.requests[1:]]
    assert asked == [f"/{job_id}/status", f"/{job_id}"][: 2 if status == "COMPLETED" else 1]


@pytest.mark.parametrize(
    ("ended", "kind", "code"),
    [
        (refusal(POLICY), FailureKind.SAFETY_UNSPECIFIED, POLICY),
        (refusal(POLICY, loc=["body", "prompt"]), FailureKind.SAFETY_INPUT, POLICY),
        (refusal(POLICY, loc=["body", "image_url"]), FailureKind.SAFETY_INPUT, POLICY),
        (refusal("no_media_generated"), FailureKind.BAD_OUTPUT, "no_media_generated"),
        (refusal("generation_timeout", code=504), FailureKind.TIMEOUT, "generation_timeout"),
        (
            refusal("downstream_service_error", code=400),
            FailureKind.PROVIDER_ERROR,
            "downstream_service_error",
        ),
        (
            refusal("downstream_service_unavailable", code=500),
            FailureKind.PROVIDER_ERROR,
            "downstream_service_unavailable",
        ),
        (
            refusal("internal_server_error", code=500),
            FailureKind.PROVIDER_ERROR,
            "internal_server_error",
        ),
        (refusal("image_too_large"), FailureKind.INVALID_ASSET, "image_too_large"),
        (refusal("file_download_error"), FailureKind.INVALID_ASSET, "file_download_error"),
        (refusal("greater_than"), FailureKind.INVALID_REQUEST, "greater_than"),
        (refusal("literal_error"), FailureKind.INVALID_REQUEST, "literal_error"),
        (refusal("a_word_of_tomorrow", code=404), FailureKind.NOT_FOUND, "a_word_of_tomorrow"),
        (failure("request_timeout", code=504), FailureKind.TIMEOUT, "request_timeout"),
        (failure("startup_timeout", code=504), FailureKind.TIMEOUT, "startup_timeout"),
        (failure("runner_disconnected"), FailureKind.PROVIDER_ERROR, "runner_disconnected"),
        (failure("internal_error", code=500), FailureKind.PROVIDER_ERROR, "internal_error"),
        (failure("bad_request", code=400), FailureKind.INVALID_REQUEST, "bad_request"),
        ({"code": 422, "result": {"detail": "No such voice"}}, FailureKind.INVALID_REQUEST, "422"),
        ({"code": 500, "result": {"detail": "Oops"}}, FailureKind.PROVIDER_ERROR, "500"),
        ({"code": 422, "result": {"detail": [7, {}]}}, FailureKind.INVALID_REQUEST, "422"),
        ({"error": "Oops"}, FailureKind.PROVIDER_ERROR, "500"),
        ({"error_type": "runner_server_error"}, FailureKind.PROVIDER_ERROR, "runner_server_error"),
        ({"result": {"seed": 7}}, FailureKind.BAD_OUTPUT, "no video"),
        ({"result": {"video": None}}, FailureKind.BAD_OUTPUT, "no video"),
        ({"result": {"video": {"url": ""}}}, FailureKind.BAD_OUTPUT, "no video"),
        ({"result": {"video": {"url": 7}}}, FailureKind.BAD_OUTPUT, "no video"),
    ],
)
def test_completed_is_not_success(
    emulator: Emulator, job_id: str, ended: dict[str, Any], kind: FailureKind, code: str
) -> None:
    emulator.finish_all(**ended)

    snapshot = poll(emulator, job_id)

    assert snapshot.state is JobState.FAILED
    assert snapshot.failure
    assert (snapshot.failure.kind, snapshot.failure.native_code) == (kind, code)


def test_a_refusal_among_other_errors_is_the_one_that_counts(
    emulator: Emulator, job_id: str
) -> None:
    both = refusal("missing")["result"]["detail"] + refusal(POLICY)["result"]["detail"]
    emulator.finish_all(code=422, result={"detail": both})

    found = poll(emulator, job_id).failure

    assert found
    assert found.kind is FailureKind.SAFETY_UNSPECIFIED


@pytest.mark.parametrize(
    "ended",
    [
        failure("client_cancelled", code=499),
        {"code": 499, "result": {"detail": "Cancelled"}},
        {"error": "Cancelled", "error_type": "client_cancelled"},
    ],
)
def test_a_request_that_was_stopped_is_cancelled(
    emulator: Emulator, job_id: str, ended: dict[str, Any]
) -> None:
    emulator.finish_all(**ended)

    assert poll(emulator, job_id).state is JobState.CANCELLED


def test_a_result_that_lags_behind_its_status_is_waited_for(emulator: Emulator) -> None:
    emulator.faults.result_lags = 2
    job_id = emulator.provider().submit(request_for())
    emulator.finish_all()

    states = [poll(emulator, job_id).state for _ in range(3)]

    assert states == [JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED]


@pytest.mark.parametrize("call", ["poll", "result"])
def test_a_request_that_is_not_known_any_more_is_lost(
    emulator: Emulator, job_id: str, call: str
) -> None:
    emulator.finish_all()
    if call == "poll":
        emulator.faults.forget_jobs = True
    else:
        emulator.faults.canned["result"] = Canned(404, json={"detail": "Not found"})

    assert poll(emulator, job_id).state is JobState.LOST


@pytest.mark.parametrize("call", ["poll", "result"])
@pytest.mark.parametrize(
    "answer",
    [
        Canned(502, text="<h1>Bad Gateway</h1>"),
        Canned(200, text="<h1>Good morning</h1>"),
        Canned(500),
        Canned(429, json={"detail": "Slow down"}),
        Canned(401, json={"detail": "Authentication is required"}),
        Canned(403, json={"detail": "User is locked. Reason: Exhausted balance."}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
)
def test_what_is_no_word_about_the_request_may_be_asked_again(
    emulator: Emulator, job_id: str, call: str, answer: Canned
) -> None:
    """I6: an account that is locked meanwhile, or a proxy, ends no request that was paid for."""
    emulator.finish_all()
    emulator.faults.canned[call] = answer

    with pytest.raises(ProviderUnavailable):
        poll(emulator, job_id)
    assert hosts_asked(emulator) == {"queue.fal.test"}


@pytest.mark.parametrize(
    "job_id",
    [
        "../../admin?x=1#y",
        "fal-ai/ltx-2/requests/../../../admin",
        "fal-ai/ltx-2/requests/1/cancel",
        "elsewhere.test//a/requests/1",
        "0b2d5a9c",
        "",
    ],
)
def test_a_job_id_cannot_lead_to_another_address(emulator: Emulator, job_id: str) -> None:
    provider = emulator.provider()

    assert poll(emulator, job_id).state is JobState.LOST
    assert provider.cancel(job_id) is Cancellation.TOO_LATE
    with pytest.raises(ProviderFailure):
        fetch(provider, job_id)
    assert emulator.requests == []


# --- The credential stays at home ---------------------------------------------------------------


def test_addresses_on_a_foreign_host_are_never_asked(emulator: Emulator) -> None:
    """I2: fal's own SDK takes its key there (test_fal_sdk.py)."""
    emulator.faults.foreign = "https://elsewhere.test"
    provider = emulator.provider()
    job_id = provider.submit(request_for())
    poll(emulator, job_id)
    assert provider.cancel(job_id) is Cancellation.REQUESTED
    other_id = provider.submit(request_for())
    emulator.finish_all()
    poll(emulator, other_id)
    fetch(provider, other_id)

    assert hosts_asked(emulator) == {"queue.fal.test", httpx.URL(CDN).host}
    given = {one.url.host for one in emulator.requests if KEY in str(one.headers.raw)}
    assert given == {"queue.fal.test"}


def test_the_credential_is_in_no_error_and_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """I2: whatever fal, or a proxy before it, says back to us."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    provider, job_id = emulator.provider(), f"{APP.rpartition('/')[0]}/requests/t1"
    problem = {"type": KEY, "loc": [KEY], "msg": KEY, "input": KEY}
    echo = {"status": KEY, "error": KEY, "error_type": f"Key {KEY}", "detail": [problem]}
    calls: list[Callable[[], object]] = [
        lambda: provider.submit(request_for()),
        lambda: fetch(provider, job_id),
        lambda: provider.cancel(job_id),
    ]
    seen = [repr(provider), repr(provider.account)]

    for status in (401, 429, 500, 503):
        says_back = Canned(status, json=echo)
        emulator.faults.canned = dict.fromkeys(("create", "poll", "result"), says_back)
        for call in calls:
            with pytest.raises((ProviderFailure, ProviderUnavailable, OutcomeUnknown)) as caught:
                call()
            seen += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
    for word in ("COMPLETED", KEY):
        emulator.faults.canned["poll"] = Canned(200, json=echo | {"status": word})
        snapshot = poll(emulator, job_id)
        seen += [repr(snapshot), repr(snapshot.failure)]

    assert len(seen) == 30
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert "queue.fal.test" in caplog.text


def test_the_secret_of_a_callback_address_is_in_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx would log the whole address of the create call."""
    caplog.set_level(logging.DEBUG)

    emulator.provider().submit(request_for(callback_url=CALLBACK_URL))

    assert "a-secret-of-this-attempt" in str(emulator.requests[0].url)
    assert "a-secret-of-this-attempt" not in caplog.text


# --- The video ----------------------------------------------------------------------------------


def test_a_video_is_streamed_from_the_cdn_without_our_credential(
    emulator: Emulator, job_id: str
) -> None:
    """I2"""
    emulator.finish_all()

    assert fetch(emulator.provider(), job_id, max_bytes=10) == b"0123456789"
    last = emulator.requests[-1]
    assert last.url.host == "v3.fal.media"
    assert {"authorization", "x-fal-no-retry"} & set(last.headers) == set()
    with pytest.raises(ArtifactTooLarge):
        fetch(emulator.provider(), job_id, max_bytes=9)


def test_an_address_that_ran_out_is_asked_for_again(emulator: Emulator, job_id: str) -> None:
    emulator.finish_all()
    emulator.faults.canned["content"] = Canned(403, text="Forbidden", times=1)

    assert fetch(emulator.provider(), job_id) == b"0123456789"
    first, second = (one.url for one in emulator.requests if one.url.host == "v3.fal.media")
    assert first != second


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Canned(401), 2),
        (Canned(403), 2),
        (Canned(404), 2),
        (Canned(410), 2),
        (Canned(302, headers={"location": "http://169.254.169.254/latest"}), 1),
        (Canned(307, headers={"location": f"{CDN}/files/other.mp4"}), 1),
        (Canned(429), 1),
        (Canned(502, text="<h1>Bad Gateway</h1>"), 1),
    ],
)
def test_a_video_that_is_not_given_out_is_left_for_the_next_try(
    emulator: Emulator, job_id: str, answer: Canned, times: int
) -> None:
    """A redirect is not followed."""
    emulator.finish_all()
    emulator.faults.canned["content"] = answer

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), job_id)
    asked = [one for one in emulator.requests if one.url.host != "queue.fal.test"]
    assert [one.url.host for one in asked] == ["v3.fal.media"] * times


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/a.mp4",
        "https://169.254.169.254/latest",
        "https://fal.media.elsewhere.test/a.mp4",
        "https://notfal.media/a.mp4",
        "https://user:word@v3.fal.media/a.mp4",
        "http://v3.fal.media/a.mp4",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
    ],
)
def test_an_address_outside_of_the_allowed_hosts_is_never_opened(
    emulator: Emulator, job_id: str, address: str
) -> None:
    emulator.finish_all(result={"video": {"url": address}})

    with pytest.raises(ProviderFailure) as refused:
        fetch(emulator.provider(), job_id)
    assert refused.value.kind is FailureKind.BAD_OUTPUT
    assert hosts_asked(emulator) == {"queue.fal.test"}


def test_an_account_may_name_the_hosts_of_its_outputs(emulator: Emulator, job_id: str) -> None:
    emulator.finish_all()

    with pytest.raises(ProviderFailure):
        fetch(emulator.provider(output_hosts=("*.example.org",)), job_id)
    assert fetch(emulator.provider(output_hosts=("v3.fal.media",)), job_id)


@pytest.mark.parametrize(
    ("facts", "raised"),
    [
        ({"status": "IN_PROGRESS"}, ProviderUnavailable),
        ({"status": "COMPLETED"} | refusal(POLICY), ProviderFailure),
        (failure("client_cancelled", code=499), ProviderFailure),
        ({"status": "COMPLETED", "result": {"seed": 7}}, ProviderFailure),
    ],
)
def test_a_request_that_is_not_done_any_more_gives_no_video(
    emulator: Emulator, job_id: str, facts: dict[str, Any], raised: type[Exception]
) -> None:
    emulator.finish_all(**facts)

    with pytest.raises(raised):
        fetch(emulator.provider(), job_id)


def test_over_real_http_a_video_is_whole_truncated_or_too_large(emulator: Emulator) -> None:
    emulator.cdn = ""
    with served(emulator, base="") as url:
        provider = Fal(Account(name="fal", url=url, key=KEY))
        job_id = provider.submit(request_for())
        emulator.finish_all()
        assert fetch(provider, job_id) == b"0123456789"

        emulator.faults.truncate_content = True
        with pytest.raises(ProviderUnavailable):
            fetch(provider, job_id)

        emulator.faults.truncate_content, emulator.faults.oversize_bytes = False, 1000
        with pytest.raises(ArtifactTooLarge):
            fetch(provider, job_id)


# --- Cancel -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["IN_QUEUE", "IN_PROGRESS"])
def test_a_request_that_has_not_ended_is_stopped(
    emulator: Emulator, job_id: str, status: str
) -> None:
    emulator.finish_all(status=status)

    assert emulator.provider().cancel(job_id) is Cancellation.REQUESTED
    assert poll(emulator, job_id).state is JobState.CANCELLED


def test_a_request_that_has_ended_keeps_its_video(emulator: Emulator, job_id: str) -> None:
    emulator.finish_all()

    assert emulator.provider().cancel(job_id) is Cancellation.TOO_LATE
    assert fetch(emulator.provider(), job_id) == b"0123456789"


def test_a_request_that_is_gone_is_stopped_too_late(emulator: Emulator, job_id: str) -> None:
    emulator.faults.forget_jobs = True

    assert emulator.provider().cancel(job_id) is Cancellation.TOO_LATE


@pytest.mark.parametrize("answer", [Canned(500), Canned(401), Canned(302), Canned(502, text="<p>")])
def test_a_cancellation_without_an_answer_may_be_repeated(
    emulator: Emulator, job_id: str, answer: Canned
) -> None:
    emulator.faults.canned["cancel"] = answer

    with pytest.raises(ProviderUnavailable):
        emulator.provider().cancel(job_id)
