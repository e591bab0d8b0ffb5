"""Lost create calls are looked for among the provider's jobs, and never tried for again (I5)."""

import threading
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.providers.base import Provider, ProviderUnavailable
from generations.rendering.submitting import accept, render_request

AT_ONCE = 5
AGAIN_AFTER_SECONDS = 10

_looking = threading.Lock()  # one pass a process: a list that hangs holds one thread, not all


def look_for_unknown(*, provider_named: Callable[[str], Provider]) -> None:
    """Look for the jobs of unknown outcomes that are due.

    A job is taken only where nothing else can be meant: one job without an owner for one attempt
    with that prompt, size and length whose outcome is open. What stays unknown ends at its
    deadline. Asked for while a pass still runs in this process, it does nothing.
    """
    if not _looking.acquire(blocking=False):
        return
    try:
        _look(provider_named)
    finally:
        _looking.release()


def _look(provider_named: Callable[[str], Provider]) -> None:
    due = Attempt.objects.filter(
        state=Attempt.State.SENT,
        provider__in=list(settings.PROVIDERS),
        generation__status=Status.UNKNOWN,
        generation__finished_at=None,
        generation__next_poll_at__lte=timezone.now(),
    ).select_related("generation__video_model")
    for attempt in due.order_by("generation__next_poll_at")[:AT_ONCE]:
        if _take_turn(attempt):
            _look_for(attempt, provider=provider_named(attempt.provider))


def _take_turn(attempt: Attempt) -> bool:
    """Keep this one from other lookups for a while; False means that another has it."""
    now = timezone.now()
    due = Generation.objects.standing(Status.UNKNOWN).filter(next_poll_at__lte=now)
    again_at = now + timedelta(seconds=AGAIN_AFTER_SECONDS)
    mine = due.filter(pk=attempt.generation_id)
    return mine.update(next_poll_at=again_at, tries=F("tries") + 1) == 1


def _look_for(attempt: Attempt, *, provider: Provider) -> None:
    if _alike(attempt).count() > 1:
        _note(attempt, "Other open create calls are like it: the list cannot tell them apart.")
        return
    try:
        found = provider.find(
            render_request(attempt), sent_at=attempt.sent_at or attempt.created_at
        )
    except ProviderUnavailable as exc:
        _note(attempt, f"The provider's list could not be read ({exc}).")
        return
    if found is None:
        _note(attempt, "The provider has no list of its jobs.")
        return
    # Asked again, in this order: a like prompt that was sent meanwhile may own what was found.
    if _alike(attempt).count() > 1:
        return
    owned = Attempt.objects.filter(provider=attempt.provider, provider_job_id__in=found)
    free = set(found) - set(owned.values_list("provider_job_id", flat=True))
    _note(attempt, _say(sorted(free)))
    if len(free) == 1:
        accept(attempt, job_id=free.pop())


def _say(job_ids: list[str]) -> str:
    if not job_ids:
        return "The provider's list shows no job like it that is nobody's."
    return f"The provider's list shows: {', '.join(job_ids)}"


def _note(attempt: Attempt, findings: str) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(
        looked_for_at=timezone.now(), findings=findings[:300]
    )


def _alike(attempt: Attempt) -> QuerySet[Attempt]:
    """Attempts whose outcome is open and that the provider's list cannot tell from this one."""
    generation = attempt.generation
    return Attempt.objects.filter(
        state=Attempt.State.SENT,
        provider=attempt.provider,
        generation__finished_at=None,
        generation__prompt=generation.prompt,
        generation__size=generation.size,
        generation__duration_seconds=generation.duration_seconds,
    )
