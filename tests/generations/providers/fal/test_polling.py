"""What fal says of a request, in our words."""

from typing import Any

import pytest

from generations.providers.base import (
    Cancellation,
    FailureKind,
    JobState,
    ProviderFailure,
    ProviderUnavailable,
)
from tests.emulators.base import Canned
from tests.emulators.fal import Emulator, failure, refusal
from tests.generations.providers.asking import fetch, hosts_asked, poll
from tests.generations.providers.fal.conftest import POLICY, request_for


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


@pytest.mark.parametrize("http_status", [404, 422, 500])
def test_a_request_that_ended_and_is_told_with_an_http_error_has_failed(
    emulator: Emulator, job_id: str, http_status: int
) -> None:
    emulator.finish_all(**refusal("internal_server_error", code=500))
    said = {"status": "COMPLETED", "request_id": job_id.rpartition("/")[2], "error": "Oops"}
    emulator.faults.canned["poll"] = Canned(http_status, json=said)

    assert poll(emulator, job_id).state is JobState.FAILED


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
        Canned(500, json={"status": "COMPLETED"}),  # of whom, it does not say
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
