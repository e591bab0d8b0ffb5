"""How a request is stopped."""

import pytest

from generations.providers.base import Cancellation, JobState, ProviderUnavailable
from tests.emulators.base import Canned
from tests.emulators.fal import Emulator
from tests.generations.providers.asking import fetch, poll


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
