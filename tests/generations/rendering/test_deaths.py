"""A worker dies between any two lines; after it, every generation reaches its end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from artists.models import Reservation
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation
from generations.models.generation import Status
from tests.emulators.openai_videos import Emulator
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db


def status(generation: Generation) -> str:
    generation.refresh_from_db()
    return generation.status


def grow_old(generation: Generation, **past: float) -> None:
    Generation.objects.filter(pk=generation.pk).update(moved_at=timezone.now() - timedelta(**past))


def test_death_before_the_create_call_puts_the_prompt_back_into_the_queue(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I6"""
    (attempt_id,) = worker.dispatch()
    worker.die()

    worker.sweep()

    assert status(generation) == Status.QUEUED
    worker.submit(attempt_id)  # its message comes after all
    assert emulator.accepted == 0
    worker.dispatch_and_submit()
    assert (status(generation), emulator.accepted) == (Status.RENDERING, 1)


def test_a_claim_that_still_runs_is_left_alone(generation: Generation, worker: Worker) -> None:
    worker.dispatch()

    worker.sweep()

    assert status(generation) == Status.SUBMITTING


def test_death_after_the_create_call_finds_the_job_in_the_providers_list(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I5, I6: the outcome is looked up, and never tried for by a second create."""
    emulator.drop_after_create = True
    worker.dispatch_and_submit()
    assert status(generation) == Status.UNKNOWN

    worker.sweep()

    assert status(generation) == Status.RENDERING
    worker.render_and_finish()
    assert (status(generation), emulator.accepted) == (Status.READY, 1)


def test_a_worker_that_died_while_it_sent_leaves_an_unknown_outcome(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I5"""
    (attempt_id,) = worker.dispatch()
    Attempt.objects.mark_sent(attempt_id)  # and then it was killed
    worker.die()

    worker.sweep()
    worker.sweep()

    assert status(generation) == Status.UNKNOWN
    assert emulator.accepted == 0


def test_an_outcome_that_stays_unknown_ends_at_its_deadline_with_a_refund(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I4, I6"""
    emulator.drop_after_create = True
    worker.dispatch_and_submit()
    emulator.jobs.clear()
    worker.sweep()
    assert status(generation) == Status.UNKNOWN

    grow_old(generation, seconds=901)
    worker.sweep()

    assert status(generation) == Status.FAILED
    assert generation.reservation.state == Reservation.State.REFUNDED


def test_two_unknown_outcomes_that_look_alike_are_not_guessed_at(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> None:
    emulator.drop_after_create = True
    make_generation()
    make_generation()
    worker.dispatch_and_submit()

    worker.sweep()

    assert {one.status for one in Generation.objects.all()} == {Status.UNKNOWN}


def test_a_job_with_an_owner_is_not_taken_for_a_lost_one(
    make_generation: Callable[..., Generation], worker: Worker, emulator: Emulator
) -> None:
    first = make_generation()
    worker.dispatch_and_submit()
    second = make_generation()
    emulator.drop_after_create = True
    worker.dispatch_and_submit()

    worker.sweep()

    assert (status(first), status(second)) == (Status.RENDERING, Status.RENDERING)
    jobs = Attempt.objects.values_list("provider_job_id", flat=True)
    assert sorted(jobs) == ["video_1", "video_2"]


def test_death_while_fetching_or_finishing_goes_on_from_the_stored_step(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I6"""
    emulator.finish_all()
    worker.poll()
    assert status(generation) == Status.FETCHING
    claimed = Generation.objects.claim(generation.pk, Status.FETCHING, seconds=20)
    assert claimed
    assert not worker.fetch(generation.pk)  # somebody has it

    worker.die()

    assert list(Generation.objects.stale([Status.FETCHING])) == [generation]
    assert worker.fetch(generation.pk)
    Generation.objects.claim(generation.pk, Status.FINISHING, seconds=20)
    worker.die()
    worker.finish(generation.pk)
    assert status(generation) == Status.READY
    assert list(check_ledger()) == []


@pytest.mark.parametrize(
    "standing", [Status.QUEUED, Status.RENDERING, Status.FETCHING, Status.FINISHING]
)
def test_what_stands_past_its_deadline_fails_and_is_refunded(
    generation: Generation, worker: Worker, standing: Status
) -> None:
    """I4, I6"""
    Generation.objects.filter(pk=generation.pk).update(status=standing)
    grow_old(generation, days=2)

    worker.sweep()

    assert status(generation) == Status.FAILED
    assert generation.failure_message
    assert generation.reservation.state == Reservation.State.REFUNDED


def test_an_artist_who_may_not_act_any_more_has_no_create_call_made(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I8: the check is part of the UPDATE that lets the call leave."""
    (attempt_id,) = worker.dispatch()
    generation.artist.is_active = False
    generation.artist.save()

    worker.submit(attempt_id)

    assert emulator.accepted == 0


@override_settings(LEASE_SECONDS=0)
def test_a_late_answer_after_the_end_does_not_bring_the_generation_back(
    sent: Attempt, generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I4"""
    grow_old(generation, days=2)
    worker.sweep()

    worker.render_and_finish()

    assert status(generation) == Status.FAILED
    assert generation.reservation.state == Reservation.State.REFUNDED
