"""Asking a provider to stop a job. What became of it is the next poll's to say."""

import logging
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.providers.base import Provider, ProviderUnavailable

logger = logging.getLogger(__name__)


def stop(generation_id: UUID, *, provider_named: Callable[[str], Provider]) -> None:
    """Ask once in a lease's time, for as long as it renders: a request that is lost is no end."""
    if not Generation.objects.claim(
        generation_id, Status.RENDERING, seconds=settings.LEASE_SECONDS
    ):
        return
    attempt = Attempt.objects.get(generation=generation_id, state=Attempt.State.ACCEPTED)
    try:
        answer = provider_named(attempt.provider).cancel(attempt.provider_job_id)
    except ProviderUnavailable as exc:
        logger.info("attempt %s cannot be stopped now: %s", attempt.pk, exc)
        return
    logger.info("asked to stop attempt %s: %s", attempt.pk, answer)
    rendering = Generation.objects.standing(Status.RENDERING).filter(pk=generation_id)
    rendering.update(next_poll_at=timezone.now())


def left_behind() -> list[UUID]:
    """Generations that are to stop, still render, and were not asked about for a lease's time."""
    asked = Generation.objects.stale(Status.RENDERING).filter(cancel_asked_at__isnull=False)
    return list(asked.values_list("pk", flat=True))
