"""Our clients of SGLang, vLLM-Omni and LiteLLM, each against the emulator in its dialect."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from generations.providers.base import (
    Cancellation,
    FailureKind,
    JobState,
    OutcomeUnknown,
    ProviderFailure,
    ProviderUnavailable,
)
from tests.emulators.base import Canned
from tests.emulators.openai_dialects import SGLang, form_of
from tests.emulators.openai_videos import CLOUD, KEY, URL, Emulator
from tests.generations.providers.asking import fetch, poll, request_for

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
DIALECTS = ("strict", "sglang", "vllm_omni", "litellm")
SERVER_PATHS = (
    *("output_path", "input_reference", "reference_url", "video_path", "video_url"),
    *("perf_dump_path", "upscaling_model_path", "frame_interpolation_model_path"),
    *("lora", "extra_params", "extra_body", "api_base", "callback_url", "n", "seconds"),
)


def emulated(dialect: str, **faults: Any) -> Emulator:
    emulator = Emulator(clip=b"0123456789", dialect=dialect)
    emulator.faults.load(faults)
    return emulator


def submitted(emulator: Emulator, **job: Any) -> str:
    """A job of ours that stands as told."""
    job_id = emulator.provider().submit(request_for())
    emulator.jobs[job_id].update(job)
    return job_id


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_job_goes_its_way_in_each_dialect(dialect: str) -> None:
    emulator = emulated(dialect, polls_to_finish=3)

    job_id = submitted(emulator)
    seen = [poll(emulator, job_id) for _ in range(3)]

    running = JobState.RUNNING
    assert [one.state for one in seen] == [running, running, JobState.SUCCEEDED]
    assert [one.progress for one in seen] == [33, 66, 100]
    assert fetch(emulator.provider(), job_id) == b"0123456789"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", SERVER_PATHS)
def test_nothing_but_known_parameters_is_ever_sent(dialect: str, name: str) -> None:
    """A path or an address in a body is read, or written, at the server's side."""
    emulator = emulated(dialect)

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(extras={"fps": 24, name: "/etc/passwd"}))

    assert refusal.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.requests == []


@pytest.mark.parametrize("dialect", ["sglang", "litellm"])
def test_a_video_models_own_parameters_are_sent_as_json(dialect: str) -> None:
    emulator = emulated(dialect)

    extras = {"fps": 24, "guidance_scale": 4.5, "negative_prompt": "text"}
    emulator.provider().submit(request_for(extras=extras, end_user="pseudonym"))

    assert json.loads(emulator.requests[0].content) == {
        "model": "lab-1",
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
        **extras,
    }


def test_vllm_omni_takes_a_form_that_names_the_end_user(tmp_path: Path) -> None:
    emulator = emulated("vllm_omni")
    image = tmp_path / "first.png"
    image.write_bytes(b"\x89PNG image bytes")
    facts: dict[str, Any] = {"extras": {"fps": 24, "generate_sound": True}, "end_user": "pseudonym"}

    emulator.provider().submit(request_for(**facts))
    emulator.provider().submit(request_for(**facts, first_image=image, seed=7))

    plain, pictured = [form_of(request) for request in emulator.requests]
    assert plain == {
        "model": "lab-1",
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
        "fps": "24",
        "generate_sound": "true",
        "user": "pseudonym",
    }
    assert pictured == plain | {"seed": "7", "input_reference": b"\x89PNG image bytes"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_first_image_goes_along_as_a_file(dialect: str, tmp_path: Path) -> None:
    emulator = emulated(dialect)
    image = tmp_path / "first.png"
    image.write_bytes(b"\x89PNG image bytes")

    emulator.provider().submit(request_for(first_image=image))

    assert form_of(emulator.requests[0])["input_reference"] == b"\x89PNG image bytes"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_job_that_went_with_a_restart_is_lost(dialect: str) -> None:
    emulator = emulated(dialect)
    job_id = submitted(emulator)

    emulator.faults.forget_jobs = True

    assert poll(emulator, job_id).state is JobState.LOST
    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), job_id)
    assert failure.value.kind is FailureKind.NOT_FOUND


@pytest.mark.parametrize("dialect", ["sglang", "litellm"])
def test_jobs_without_their_prompts_are_not_guessed_at(dialect: str) -> None:
    """I5, I7: size and length alone may be those of somebody else's job."""
    emulator = emulated(dialect)
    submitted(emulator)

    assert emulator.provider().find(request_for(), sent_at=SENT_AT) is None
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("dialect", ["strict", "vllm_omni"])
def test_a_lost_create_call_is_found_by_its_prompt(dialect: str) -> None:
    """I5"""
    emulator = emulated(dialect, drop=["create"])
    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    (job_id,) = emulator.jobs

    assert emulator.provider().find(request_for(), sent_at=SENT_AT) == [job_id]
    assert emulator.provider().find(request_for("Another"), sent_at=SENT_AT) == []


def test_sglang_fails_without_a_code() -> None:
    emulator = emulated("sglang")
    job_id = submitted(emulator, status="failed", error={"message": "out of memory"})

    failure = poll(emulator, job_id).failure

    assert failure is not None
    assert (failure.kind, failure.native_code) == (FailureKind.PROVIDER_ERROR, "")


@pytest.mark.parametrize(("dialect", "status"), [("sglang", "400"), ("vllm_omni", "422")])
def test_an_error_of_the_framework_is_a_refusal(dialect: str, status: str) -> None:
    emulator = emulated(dialect)

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(duration_seconds=-1))

    assert refusal.value.kind is FailureKind.INVALID_REQUEST
    assert refusal.value.native_code == status


def test_sglang_may_say_that_a_video_is_not_there_yet() -> None:
    emulator = emulated("sglang")
    job_id = submitted(emulator, status="in_progress")

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), job_id)


def test_a_video_that_sglang_has_lost_is_gone() -> None:
    emulator = emulated("sglang")
    job_id = submitted(emulator, status="completed", _gone=True)

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), job_id)
    assert failure.value.kind is FailureKind.NOT_FOUND


def test_a_video_in_sglangs_cloud_is_fetched_without_our_credential() -> None:
    """I2"""
    emulator = emulated("sglang", cloud=True)
    job_id = submitted(emulator)
    emulator.finish_all()

    assert fetch(emulator.provider(output_hosts=("*.cloud.test",)), job_id) == b"0123456789"

    (asked,) = [one for one in emulator.requests if one.url.path.startswith("/cloud/")]
    assert str(asked.url).startswith(CLOUD)
    assert "authorization" not in asked.headers
    assert KEY not in str(asked.url)


@pytest.mark.parametrize(
    "url",
    [
        f"{CLOUD}/cloud/video.mp4",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:5432/",
        "file:///etc/passwd",
        "https://bucket.cloud.test@evil.test/video.mp4",
        "not an address",
    ],
)
def test_a_video_on_another_host_is_not_fetched(url: str) -> None:
    emulator = emulated("sglang")
    job_id = submitted(emulator, status="completed", url=url)

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(output_hosts=("elsewhere.test",)), job_id)

    assert failure.value.kind is FailureKind.BAD_OUTPUT
    assert all(one.url.host == "provider.test" for one in emulator.requests)


def test_an_address_that_ran_out_is_asked_for_again() -> None:
    emulator = emulated("sglang", cloud=True, expire_urls=True)
    job_id = submitted(emulator)
    emulator.finish_all()
    hosts = ("bucket.cloud.test",)
    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(output_hosts=hosts), job_id)

    emulator.faults.expire_urls = False

    assert fetch(emulator.provider(output_hosts=hosts), job_id) == b"0123456789"


@pytest.mark.parametrize("dialect", ["strict", "sglang", "litellm"])
def test_what_cannot_be_stopped_is_never_deleted(dialect: str) -> None:
    """SGLang's DELETE would only hide the job: it would run on, and be paid for."""
    emulator = emulated(dialect)
    job_id = submitted(emulator, status="in_progress")

    assert emulator.provider().cancel(job_id) is Cancellation.UNSUPPORTED
    assert job_id in emulator.jobs


def test_deleting_at_sglang_stops_nothing() -> None:
    """Why it is never done."""
    emulator = emulated("sglang")
    job_id = submitted(emulator, status="in_progress")

    url = f"{URL}/videos/{job_id}"
    answer = httpx.Client(transport=emulator.transport()).delete(url).json()

    assert answer["status"] == "deleted"
    assert isinstance(emulator.dialect, SGLang)
    assert [job["id"] for job in emulator.dialect.run_on] == [job_id]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (400, FailureKind.INVALID_REQUEST),
        (422, FailureKind.INVALID_REQUEST),
        (500, FailureKind.PROVIDER_ERROR),
        (503, FailureKind.PROVIDER_ERROR),
    ],
)
def test_vllm_omni_answers_a_failed_job_as_an_http_error(code: int, kind: FailureKind) -> None:
    """I6: a client that looks at the status first would ask for ever."""
    emulator = emulated("vllm_omni")
    job_id = submitted(emulator, status="failed", error={"code": code, "message": "no"})

    snapshot = poll(emulator, job_id)

    assert snapshot.state is JobState.FAILED
    assert snapshot.failure is not None
    assert (snapshot.failure.kind, snapshot.failure.native_code) == (kind, str(code))


def test_the_content_of_a_job_that_failed_at_vllm_omni_is_a_failure() -> None:
    emulator = emulated("vllm_omni")
    job_id = submitted(emulator, status="failed")

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), job_id)
    assert failure.value.kind is FailureKind.PROVIDER_ERROR


def test_a_running_job_can_be_stopped_at_vllm_omni() -> None:
    emulator = emulated("vllm_omni")
    job_id = submitted(emulator, status="in_progress")

    assert emulator.provider().cancel(job_id) is Cancellation.REQUESTED
    assert poll(emulator, job_id).state is JobState.LOST
    assert emulator.provider().cancel(job_id) is Cancellation.TOO_LATE


def test_a_job_that_is_still_being_stopped_counts_as_asked() -> None:
    emulator = emulated("vllm_omni")
    emulator.faults.canned["delete"] = Canned(409, json={"detail": "Cancellation in progress."})

    asked = emulator.provider().cancel(submitted(emulator, status="in_progress"))

    assert asked is Cancellation.REQUESTED


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_job_that_has_ended_keeps_its_video(status: str) -> None:
    """DELETE would take it away."""
    emulator = emulated("vllm_omni")
    job_id = submitted(emulator, status=status)

    assert emulator.provider().cancel(job_id) is Cancellation.TOO_LATE
    assert job_id in emulator.jobs


def test_a_stop_without_an_answer_may_be_asked_for_again() -> None:
    emulator = emulated("vllm_omni", drop=["delete"])
    job_id = submitted(emulator, status="in_progress")

    with pytest.raises(ProviderUnavailable):
        emulator.provider().cancel(job_id)


def test_vllm_omni_that_is_not_ready_took_nothing() -> None:
    """Its own 503 says so in words; a bare one may come from a proxy."""
    emulator = emulated("vllm_omni")
    detail = {"detail": "Video generation handler not initialized."}
    emulator.faults.canned["create"] = Canned(503, json=detail, times=1)

    with pytest.raises(ProviderUnavailable):
        emulator.provider().submit(request_for())
    emulator.faults.canned["create"] = Canned(503, text="upstream reset", times=1)
    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())


def test_litellms_ids_are_long_and_come_back_whole() -> None:
    emulator = emulated("litellm")

    job_id = submitted(emulator)

    assert 900 < len(job_id) <= 1024
    assert poll(emulator, job_id).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("status", "state"),
    [("processing", JobState.RUNNING), ("cancelled", JobState.CANCELLED)],
)
def test_words_of_the_apis_behind_litellm_are_understood(status: str, state: JobState) -> None:
    emulator = emulated("litellm")

    assert poll(emulator, submitted(emulator, status=status)).state is state


def test_what_litellm_calls_completed_may_be_an_error() -> None:
    emulator = emulated("litellm")
    job_id = submitted(emulator, status="completed", _content_error="filtered")
    assert poll(emulator, job_id).state is JobState.SUCCEEDED

    with pytest.raises(ProviderFailure) as failure:
        fetch(emulator.provider(), job_id)

    assert (failure.value.kind, failure.value.native_code) == (FailureKind.PROVIDER_ERROR, "400")


def test_an_error_of_fal_behind_litellm_is_one_of_the_provider() -> None:
    emulator = emulated("litellm")
    job_id = submitted(emulator, status="failed", error={"code": "fal_error", "message": "no"})

    failure = poll(emulator, job_id).failure

    assert failure is not None
    assert (failure.kind, failure.native_code) == (FailureKind.PROVIDER_ERROR, "fal_error")


def test_a_budget_that_is_used_up_at_litellm_is_told_by_its_type() -> None:
    emulator = emulated("litellm")
    error = {"message": "no", "type": "budget_exceeded", "param": "None", "code": "400"}
    emulator.faults.canned["create"] = Canned(400, json={"error": error})

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for())

    assert refusal.value.kind is FailureKind.FUNDS


@pytest.mark.parametrize("status", [408, 500, 503])
def test_what_litellm_says_of_a_server_behind_it_may_come_after_it_took_the_job(
    status: int,
) -> None:
    """I5: 408 is its word for a server that did not answer in time."""
    emulator = emulated("litellm")
    error = {"message": "no", "type": "None", "param": "None", "code": str(status)}
    emulator.faults.canned["create"] = Canned(status, json={"error": error})

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_clock_that_is_a_little_behind_hides_no_job(dialect: str) -> None:
    """I5"""
    emulator = emulated(dialect)
    sent_at = datetime.fromtimestamp(4_000_000_000, UTC)
    emulator.faults.clock_skew_seconds = -20
    job_id = submitted(emulator)

    found = emulator.provider().find(request_for(), sent_at=sent_at)

    assert found == ([job_id] if dialect in ("strict", "vllm_omni") else None)
