"""What Runway says of a task, in our words."""

from decimal import Decimal
from typing import Any

import pytest

from generations.providers.base import FailureKind, JobState, ProviderUnavailable
from tests.emulators.base import Canned
from tests.emulators.runway import Emulator
from tests.generations.providers.asking import poll


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", JobState.QUEUED),
        ("THROTTLED", JobState.QUEUED),
        ("RUNNING", JobState.RUNNING),
        ("SUCCEEDED", JobState.SUCCEEDED),
        ("FAILED", JobState.FAILED),
        ("CANCELLED", JobState.CANCELLED),
        ("A_WORD_OF_TOMORROW", JobState.RUNNING),
    ],
)
def test_a_status_becomes_a_neutral_one(
    emulator: Emulator, task_id: str, status: str, state: JobState
) -> None:
    emulator.jobs[task_id]["status"] = status

    snapshot = poll(emulator, task_id)

    assert (snapshot.state, snapshot.native_status) == (state, status)


@pytest.mark.parametrize(
    ("told", "progress"), [(0.25, 25), (0, 0), (1, 100), (7, 100), (-1, 0), ("x", 0), (None, 0)]
)
def test_progress_is_told_in_per_cent(
    emulator: Emulator, task_id: str, told: Any, progress: int
) -> None:
    body = {"id": task_id, "status": "RUNNING", "progress": told}
    emulator.faults.canned["poll"] = Canned(200, json=body)

    assert poll(emulator, task_id).progress == progress


def test_progress_that_stalls_or_jumps_back_is_told_as_it_is(
    emulator: Emulator, task_id: str
) -> None:
    emulator.jobs[task_id] |= {"status": "RUNNING", "progress": 0.5}
    emulator.jobs[task_id]["steps"] = [{"progress": 0.9}]
    emulator.faults.stall_progress = emulator.faults.progress_jumps_back = True

    assert [poll(emulator, task_id).progress for _ in range(3)] == [50, 25, 50]


@pytest.mark.parametrize(
    ("code", "kind", "kept"),
    [
        ("SAFETY.INPUT.TEXT", FailureKind.SAFETY_INPUT, "SAFETY.INPUT"),
        ("SAFETY.OUTPUT.VIDEO", FailureKind.SAFETY_OUTPUT, "SAFETY.OUTPUT"),
        ("SAFETY.THIRD_PARTY", FailureKind.SAFETY_UNSPECIFIED, "SAFETY.THIRD_PARTY"),
        ("SAFETY", FailureKind.SAFETY_UNSPECIFIED, "SAFETY"),
        ("INTERNAL.BAD_OUTPUT.CODE01", FailureKind.BAD_OUTPUT, "INTERNAL.BAD_OUTPUT"),
        ("INTERNAL", FailureKind.PROVIDER_ERROR, "INTERNAL"),
        ("ASSET.INVALID", FailureKind.INVALID_ASSET, "ASSET.INVALID"),
        ("A.CODE.OF.TOMORROW", FailureKind.PROVIDER_ERROR, "A.CODE"),
        (None, FailureKind.PROVIDER_ERROR, ""),
        (7, FailureKind.PROVIDER_ERROR, "7"),
    ],
)
def test_a_failure_code_becomes_a_kind_and_loses_its_third_part(
    emulator: Emulator, task_id: str, code: object, kind: FailureKind, kept: str
) -> None:
    emulator.jobs[task_id] |= {"status": "FAILED", "failureCode": code}

    failure = poll(emulator, task_id).failure

    assert failure is not None
    assert (failure.kind, failure.native_code) == (kind, kept)


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({"status": "SUCCEEDED", "cost": 40}, Decimal("0.40")),  # less than the estimate of 48
        ({"status": "FAILED", "failureCode": "SAFETY.INPUT.TEXT"}, Decimal("0.48")),
        ({"status": "FAILED", "failureCode": "INTERNAL"}, Decimal(0)),
        ({"status": "CANCELLED", "cost": 48}, Decimal("0.48")),
        ({"status": "RUNNING"}, None),
        ({"status": "SUCCEEDED", "cost": -1}, None),
        ({"status": "SUCCEEDED", "cost": 10**30}, None),
        ({"status": "SUCCEEDED", "cost": True}, None),
        ({"status": "SUCCEEDED", "cost": "40"}, None),
    ],
)
def test_what_an_ended_task_costs_is_told_in_money(
    emulator: Emulator, task_id: str, facts: dict[str, Any], cost: Decimal | None
) -> None:
    emulator.jobs[task_id] |= facts

    assert poll(emulator, task_id).cost == cost


def test_a_credit_has_the_price_of_the_account(emulator: Emulator, task_id: str) -> None:
    emulator.jobs[task_id] |= {"status": "SUCCEEDED", "cost": 40}

    assert poll(emulator, task_id, credit_price=Decimal("0.0085")).cost == Decimal("0.34")
    assert poll(emulator, task_id, credit_price=Decimal(0)).cost == 0


def test_a_task_that_is_not_known_any_more_is_lost(emulator: Emulator, task_id: str) -> None:
    emulator.faults.forget_jobs = True

    assert poll(emulator, task_id).state is JobState.LOST


@pytest.mark.parametrize("http_status", [404, 422, 500])
def test_a_failed_task_that_comes_with_an_http_error_has_failed(
    emulator: Emulator, task_id: str, http_status: int
) -> None:
    task = {"id": task_id, "status": "FAILED", "failureCode": "INTERNAL", "cost": {"credits": 0}}
    emulator.faults.canned["poll"] = Canned(http_status, json=task)

    snapshot = poll(emulator, task_id)

    assert (snapshot.state, snapshot.cost) == (JobState.FAILED, 0)
    assert snapshot.failure
    assert snapshot.failure.kind is FailureKind.PROVIDER_ERROR


@pytest.mark.parametrize(
    "answer",
    [
        Canned(502, text="<p>"),
        Canned(502, json={"status": "FAILED"}),  # of whom, it does not say
        Canned(500, json={"id": "1", "status": "error"}),
        Canned(429, json={"error": "slow down"}),
        Canned(401, json={"error": "The API key is not valid"}),
        Canned(200, text="[]"),
        Canned(200, json={"status": 7}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
)
def test_a_poll_without_an_answer_may_be_repeated(
    emulator: Emulator, task_id: str, answer: Canned
) -> None:
    emulator.faults.canned["poll"] = answer

    with pytest.raises(ProviderUnavailable):
        poll(emulator, task_id)


def test_a_task_id_cannot_lead_to_another_address(emulator: Emulator) -> None:
    poll(emulator, "../organization?x=1#y")

    (sent,) = emulator.requests
    assert sent.url.raw_path == b"/v1/tasks/..%2Forganization%3Fx%3D1%23y"
