"""What a dead worker left half done goes on; what is past its deadline ends (I6)."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.providers.base import FailureKind, Provider, ProviderUnavailable
from generations.rendering.ending import fail
from generations.rendering.submitting import accept, render_request

logger = logging.getLogger(__name__)

DEADLINES: dict[Status, tuple[str, FailureKind, str]] = {
    Status.QUEUED: (
        "QUEUE_DEADLINE_SECONDS",
        FailureKind.TIMEOUT,
        "It waited too long in the queue.",
    ),
    Status.RENDERING: ("RENDER_DEADLINE_SECONDS", FailureKind.TIMEOUT, ""),
    Status.UNKNOWN: ("UNKNOWN_DEADLINE_SECONDS", FailureKind.UNKNOWN, ""),
    Status.FETCHING: (
        "FETCH_DEADLINE_SECONDS",
        FailureKind.TIMEOUT,
        "The finished video could not be fetched from the video model.",
    ),
    Status.FINISHING: (
        "FETCH_DEADLINE_SECONDS",
        FailureKind.TIMEOUT,
        "The finished video could not be prepared for playing.",
    ),
}


def end_overdue() -> None:
    """Fail and refund whatever has stood in one state past that state's deadline."""
    for status, (setting, kind, message) in DEADLINES.items():
        since = timezone.now() - timedelta(seconds=getattr(settings, setting))
        overdue = Generation.objects.stale([status]).filter(moved_at__lt=since)
        for generation_id in overdue.values_list("pk", flat=True):
            fail(generation_id, kind=kind, message=message)


def recover_submissions() -> None:
    """Settle what became of create calls whose worker is gone: not sent, or not known."""
    attempts = Attempt.objects.filter(
        state__in=[Attempt.State.PREPARED, Attempt.State.SENT],
        generation__in=Generation.objects.stale([Status.SUBMITTING]),
    )
    for attempt in attempts:
        _recover(attempt)


@transaction.atomic
def _recover(attempt: Attempt) -> None:
    stale = Generation.objects.stale([Status.SUBMITTING])
    if Attempt.objects.call_off(attempt.pk):
        stale.move(attempt.generation_id, Status.QUEUED, lease_until=None)
    else:
        note = "The create call's worker is gone, and its answer with it."
        stale.move(attempt.generation_id, Status.UNKNOWN, note=note, lease_until=None)


def resolve_unknown(*, provider_named: Callable[[str], Provider]) -> None:
    """Look for lost create calls among the provider's jobs.

    A job is taken only where nothing else can be meant: one job without an owner for one unknown
    attempt with that prompt, size and length. What stays unknown ends at its deadline.
    """
    unknown = Attempt.objects.filter(
        state=Attempt.State.SENT, generation__status=Status.UNKNOWN
    ).select_related("generation__video_model")
    for attempt in unknown:
        _look_for(attempt, provider=provider_named(attempt.provider))


def _look_for(attempt: Attempt, *, provider: Provider) -> None:
    generation = attempt.generation
    alike = Attempt.objects.filter(
        state=Attempt.State.SENT,
        provider=attempt.provider,
        generation__prompt=generation.prompt,
        generation__size=generation.size,
        generation__duration_seconds=generation.duration_seconds,
    )
    if alike.count() > 1:
        return
    try:
        found = provider.find(
            render_request(attempt), sent_at=attempt.sent_at or attempt.created_at
        )
    except ProviderUnavailable as exc:
        logger.info("cannot list the jobs of %s: %s", provider.name, exc)
        return
    owned = Attempt.objects.filter(provider=attempt.provider, provider_job_id__in=found)
    free = set(found) - set(owned.values_list("provider_job_id", flat=True))
    if len(free) == 1:
        accept(attempt, job_id=free.pop())
