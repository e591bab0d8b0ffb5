"""A manager says what became of a create call whose answer was lost."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.outcomes.asking import check_job
from generations.outcomes.errors import AlreadySettled, JobHasOwner, TooEarly
from generations.providers.base import FailureKind
from generations.rendering.deadlines import longest_claim_seconds
from generations.rendering.ending import fail
from generations.rendering.submitting import accept
from generations.tasks import dispatch, poll
from portal.audit import record

LOST = "The video model made this clip, and it could not be got back."


def say_it_ran(attempt: Attempt, *, job_id: str, reason: str, by: Artist) -> None:
    """It became this job: the generation goes on with it. Nothing is sent a second time (I5).

    The provider is asked about the job first: with one that is not known the generation would end.
    Raises AlreadySettled, and JobRefused in each of its kinds.
    """
    if not Attempt.objects.unknown().filter(pk=attempt.pk).exists():
        raise AlreadySettled
    _check_free(attempt, job_id)
    check_job(attempt.provider, job_id)  # outside the transaction: it asks the network
    with transaction.atomic():
        _lock(attempt)
        _check_free(attempt, job_id)
        if not accept(attempt, job_id=job_id):
            raise AlreadySettled
        _record("attempt.ran", attempt, by=by, reason=reason, job_id=job_id)
        poll.delay_on_commit()


@transaction.atomic
def say_it_ran_and_is_lost(attempt: Attempt, *, reason: str, by: Artist) -> None:
    """It ran and nobody can get its video: the artist has the credits back.

    Raises AlreadySettled.
    """
    _lock(attempt)
    if not fail(attempt.generation_id, kind=FailureKind.NOT_FOUND, message=LOST):
        raise AlreadySettled
    _record("attempt.lost", attempt, by=by, reason=reason)


@transaction.atomic
def say_it_never_ran(attempt: Attempt, *, reason: str, by: Artist) -> None:
    """It became nothing: the generation takes its place in the queue again, its credits held.

    Raises AlreadySettled, and TooEarly while a worker that hangs might still send the call.
    """
    if timezone.now() < may_be_sent_until(attempt):
        raise TooEarly
    _lock(attempt)
    is_open = Attempt.objects.turn_away(attempt.pk)
    if not is_open or not Generation.objects.move(
        attempt.generation_id,
        Status.QUEUED,
        note="The create call had never reached the video model.",
        lease_until=None,
        next_poll_at=None,
    ):
        raise AlreadySettled
    _record("attempt.never_ran", attempt, by=by, reason=reason)
    dispatch.delay_on_commit()


def may_be_sent_until(attempt: Attempt) -> datetime:
    """Until when a worker that was stopped between its note and its call could go on."""
    longest = longest_claim_seconds(Status.SUBMITTING) + settings.LEASE_SECONDS
    return (attempt.sent_at or attempt.created_at) + timedelta(seconds=longest)


def _check_free(attempt: Attempt, job_id: str) -> None:
    if Attempt.objects.filter(provider=attempt.provider, provider_job_id=job_id).exists():
        raise JobHasOwner


def _lock(attempt: Attempt) -> None:
    """Let callbacks, look-ups and other managers wait, and see what they have done before."""
    open_ones = Attempt.objects.unknown().select_for_update(of=("self",), no_key=True)
    if not open_ones.filter(pk=attempt.pk).exists():
        raise AlreadySettled


def _record(verb: str, attempt: Attempt, *, by: Artist, reason: str, job_id: str = "") -> None:
    facts = {"generation": str(attempt.generation_id), "reason": reason, "job_id": job_id}
    record(verb, actor=by, subject=attempt, facts=facts)
