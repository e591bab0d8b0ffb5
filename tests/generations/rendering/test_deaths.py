"""A worker dies between any two lines; after it, every generation reaches its end."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.models import Artist, Reservation
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.rendering import sweeping
from generations.rendering.submitting import accept
from tests.emulators.openai_videos import Emulator, error, video
from tests.generations.rendering.conftest import Worker
from tests.generations.rendering.standing import status

pytestmark = pytest.mark.django_db


def grow_old(generation: Generation, *, tries: int = 3, **past: float) -> None:
    """Let it have stood where it stands for so long, and tried so often."""
    then = timezone.now() - timedelta(**past)
    changes = {"moved_at": then, "created_at": then, "tries": tries}
    Generation.objects.filter(pk=generation.pk).update(**changes)


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
    emulator.faults.drop = ["create"]
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
    emulator.faults.drop = ["create"]
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
    emulator.faults.drop = ["create"]
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
    emulator.faults.drop = ["create"]
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

    assert list(Generation.objects.stale(Status.FETCHING)) == [generation]
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


@pytest.fixture(params=["closed account", "revoked token"])
def stop(request: pytest.FixtureRequest, generation: Generation) -> Callable[[], None]:
    """Stop whoever asked for the generation."""
    token, _ = create_token(generation.artist, "leaked")
    Generation.objects.update(token=token)

    def stop() -> None:
        if request.param == "revoked token":
            revoke(token, by=generation.artist)
        else:
            Artist.objects.filter(pk=generation.artist_id).update(is_active=False)

    return stop


def test_after_a_stop_no_create_call_leaves(
    generation: Generation, worker: Worker, emulator: Emulator, stop: Callable[[], None]
) -> None:
    """I8: the check is part of the UPDATE that lets the call leave."""
    (attempt_id,) = worker.dispatch()
    stop()

    worker.submit(attempt_id)

    assert emulator.accepted == 0


def test_after_a_stop_what_is_queued_is_cancelled_and_refunded(
    generation: Generation, worker: Worker, stop: Callable[[], None]
) -> None:
    """I8"""
    stop()
    assert worker.dispatch() == []

    worker.sweep()

    assert status(generation) == Status.CANCELLED
    assert generation.reservation.state == Reservation.State.REFUNDED


def test_a_stop_while_it_was_sent_costs_the_others_no_slot(
    generation: Generation,
    make_generation: Callable[..., Generation],
    other_artist: Artist,
    worker: Worker,
    emulator: Emulator,
    stop: Callable[[], None],
) -> None:
    """I6, I8: the video model has one slot, and a stopped artist's prompt held it."""
    VideoModel.objects.update(concurrency=1)
    (attempt_id,) = worker.dispatch()
    stop()
    worker.submit(attempt_id)
    theirs = make_generation(by=other_artist)
    worker.die()

    worker.sweep()
    worker.sweep()
    worker.dispatch_and_submit()

    assert (status(generation), status(theirs)) == (Status.CANCELLED, Status.RENDERING)


def test_a_late_no_of_the_provider_puts_an_unknown_outcome_back_into_the_queue(
    generation: Generation, worker: Worker, emulator: Emulator
) -> None:
    """I6: the worker was slow and was taken for dead; then its answer came after all."""
    (attempt_id,) = worker.dispatch()

    emulator.on_create = lambda request: error(503, "busy")

    def taken_for_dead() -> None:
        worker.die()
        sweeping.recover_submissions()

    worker.meanwhile("submit", taken_for_dead)
    worker.submit(attempt_id)

    assert status(generation) == Status.QUEUED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("call", "standing", "left"),
    [("submit", Status.SUBMITTING, Status.UNKNOWN), ("open_artifact", Status.FETCHING, None)],
)
@override_settings(LEASE_SECONDS=0.3, PROVIDER_TIMEOUT_SECONDS=0.2, FETCH_DEADLINE_SECONDS=0.6)
def test_work_that_hangs_in_a_worker_that_lives_is_handed_on(
    generation: Generation, worker: Worker, call: str, standing: Status, left: Status | None
) -> None:
    """I6: its claim is not renewed for ever."""
    handed_on = False

    def hang() -> None:
        nonlocal handed_on
        for _ in range(100):
            time.sleep(0.05)
            handed_on = Generation.objects.stale(standing).exists()
            if handed_on:
                break
        sweeping.recover_submissions()
        assert left is None or status(generation) == left

    worker.meanwhile(call, hang)
    worker.dispatch_and_submit()
    worker.render_and_finish()

    assert handed_on
    assert status(generation) == Status.READY


def test_a_like_prompt_sent_during_the_lookup_keeps_its_job(
    generation: Generation,
    make_generation: Callable[..., Generation],
    other_artist: Artist,
    worker: Worker,
    emulator: Emulator,
) -> None:
    """I7: the job that the list shows is the other artist's."""
    emulator.faults.drop = ["create"]
    worker.dispatch_and_submit()
    emulator.jobs.clear()  # the first create never arrived
    emulator.faults.drop = []
    theirs = make_generation(by=other_artist)

    def theirs_is_sent() -> None:
        for attempt_id in worker.dispatch():
            Attempt.objects.mark_sent(attempt_id)
            emulator.jobs["video_theirs"] = video("video_theirs")

    worker.meanwhile("find", theirs_is_sent)
    worker.sweep()

    assert status(generation) == Status.UNKNOWN
    accept(theirs.attempts.get(), job_id="video_theirs")
    assert status(theirs) == Status.RENDERING


@pytest.mark.parametrize("standing", [Status.RENDERING, Status.FETCHING, Status.FINISHING])
def test_a_deadline_that_passed_while_we_were_away_ends_nothing_untried(
    sent: Attempt, generation: Generation, worker: Worker, standing: Status
) -> None:
    """I6: the provider may have finished it meanwhile."""
    Generation.objects.filter(pk=generation.pk).update(status=standing)
    grow_old(generation, tries=0, days=2)

    worker.sweep()

    assert status(generation) == standing


def test_what_waits_for_a_provider_that_is_not_set_up_any_more_ends_at_its_deadline(
    sent: Attempt, generation: Generation, worker: Worker
) -> None:
    """I4, I6: nobody can try it; other providers' jobs go on."""
    Attempt.objects.update(provider="gone")
    grow_old(generation, tries=0, days=2)
    assert worker.poll() == []

    worker.sweep()

    assert status(generation) == Status.FAILED
    assert generation.reservation.state == Reservation.State.REFUNDED


def test_a_prompt_that_was_put_off_again_and_again_ends_a_day_after_it_was_made(
    generation: Generation, worker: Worker
) -> None:
    grow_old(generation, tries=0, days=2)
    Generation.objects.update(moved_at=timezone.now())

    worker.sweep()

    assert status(generation) == Status.FAILED


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
