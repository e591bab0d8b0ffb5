"""How a task is stopped; that Runway calls nobody back."""

import pytest

from generations.providers.base import Cancellation, ForgedCallback, JobState, ProviderUnavailable
from tests.emulators.base import Canned
from tests.emulators.runway import Emulator
from tests.generations.providers.asking import poll


@pytest.mark.parametrize("status", ["PENDING", "THROTTLED", "RUNNING"])
def test_a_task_that_has_not_ended_is_cancelled(
    emulator: Emulator, task_id: str, status: str
) -> None:
    emulator.jobs[task_id]["status"] = status

    assert emulator.provider().cancel(task_id) is Cancellation.REQUESTED
    assert poll(emulator, task_id).state is JobState.CANCELLED


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "CANCELLED", "A_WORD_OF_TOMORROW"])
def test_a_task_that_has_ended_is_left_with_its_output(
    emulator: Emulator, task_id: str, status: str
) -> None:
    emulator.jobs[task_id]["status"] = status

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE
    assert [one.method for one in emulator.requests] == ["POST", "GET"]


def test_a_task_that_is_gone_is_cancelled_too_late(emulator: Emulator, task_id: str) -> None:
    emulator.faults.forget_jobs = True

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE


def test_a_task_that_goes_between_the_question_and_the_delete_is_cancelled_too_late(
    emulator: Emulator, task_id: str
) -> None:
    emulator.faults.canned["delete"] = Canned(404, json={"error": "No task was found"})

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE


@pytest.mark.parametrize("switch", ["cancelled_vanish", "ends_before_delete"])
def test_a_task_may_be_gone_once_it_was_cancelled(
    emulator: Emulator, task_id: str, switch: str
) -> None:
    """The second is the race that Runway's DELETE leaves open."""
    setattr(emulator.script, switch, True)

    assert emulator.provider().cancel(task_id) is Cancellation.REQUESTED
    assert poll(emulator, task_id).state is JobState.LOST


@pytest.mark.parametrize("call", ["poll", "delete"])
def test_a_cancellation_without_an_answer_may_be_repeated(
    emulator: Emulator, task_id: str, call: str
) -> None:
    emulator.faults.canned[call] = Canned(503, text="")

    with pytest.raises(ProviderUnavailable):
        emulator.provider().cancel(task_id)


def test_every_callback_is_a_forged_one(emulator: Emulator) -> None:
    assert emulator.provider().sends_callbacks is False
    with pytest.raises(ForgedCallback):
        emulator.provider().read_callback({}, b'{"id": "1"}', model="gen4.5")
