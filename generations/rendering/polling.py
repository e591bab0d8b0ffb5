"""Asking how jobs stand: one sweep over the rows that are due, with one async client."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.providers.base import (
    FailureKind,
    JobState,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
    Snapshot,
)
from generations.providers.http import async_client
from generations.rendering.ending import end_badly

logger = logging.getLogger(__name__)

AT_ONCE = 500
Answer = Snapshot | ProviderUnavailable


def poll_due(
    *, provider_named: Callable[[str], Provider], http: httpx.AsyncClient | None = None
) -> list[UUID]:
    """Poll every job that is due; return the generations whose video can be fetched now."""
    attempts = list(_due()[:AT_ONCE])
    if not attempts:
        return []
    providers = {name: provider_named(name) for name in {one.provider for one in attempts}}
    _take_turn(attempts)
    answers = asyncio.run(_ask(attempts, providers, http or async_client()))
    finished: list[UUID] = []
    unchanged: list[UUID] = []
    for attempt, answer in zip(attempts, answers, strict=True):
        if isinstance(answer, Snapshot) and _is_unchanged(attempt, answer):
            unchanged.append(attempt.generation_id)
        elif _apply_alone(attempt, answer, providers[attempt.provider]):
            finished.append(attempt.generation_id)
    shortest = min(provider.min_poll_seconds for provider in providers.values())
    _poll_again(unchanged, seconds=shortest)
    return finished


def _due() -> QuerySet[Attempt]:
    return (
        Attempt.objects.filter(
            state=Attempt.State.ACCEPTED,
            provider__in=list(settings.PROVIDERS),
            generation__status=Status.RENDERING,
            generation__finished_at=None,
            generation__next_poll_at__lte=timezone.now(),
        )
        .select_related("generation")
        .order_by("generation__next_poll_at")
    )


def _take_turn(attempts: Sequence[Attempt]) -> None:
    """Keep these rows from other sweeps for as long as an answer may take."""
    until = timezone.now() + timedelta(seconds=settings.PROVIDER_TIMEOUT_SECONDS + 1)
    mine = [attempt.generation_id for attempt in attempts]
    Generation.objects.standing(Status.RENDERING).filter(pk__in=mine).update(
        next_poll_at=until, tries=F("tries") + 1
    )


async def _ask(
    attempts: Sequence[Attempt], providers: dict[str, Provider], http: httpx.AsyncClient
) -> list[Answer]:
    async def ask(attempt: Attempt) -> Answer:
        try:
            return await providers[attempt.provider].poll(http, attempt.provider_job_id)
        except ProviderUnavailable as exc:
            return exc
        except Exception as exc:  # one strange answer leaves the other jobs alone
            logger.exception("the answer about attempt %s cannot be read", attempt.pk)
            return ProviderUnavailable(type(exc).__name__)

    async with http:
        return await asyncio.gather(*(ask(attempt) for attempt in attempts))


def _is_unchanged(attempt: Attempt, answer: Snapshot) -> bool:
    known = (attempt.generation.progress, attempt.native_status)
    is_running = answer.state in (JobState.QUEUED, JobState.RUNNING)
    return is_running and (answer.progress, answer.native_status) == known


def _apply_alone(attempt: Attempt, answer: Answer, provider: Provider) -> bool:
    """Act on one answer; what goes wrong with it leaves the other jobs alone."""
    try:
        return _apply(attempt, answer, again_in=provider.min_poll_seconds)
    except Exception:
        logger.exception("the answer about attempt %s cannot be kept", attempt.pk)
        return False


def _apply(attempt: Attempt, answer: Answer, *, again_in: float) -> bool:
    """Act on one answer; True when the video can be fetched."""
    generation_id = attempt.generation_id
    if isinstance(answer, ProviderUnavailable):
        _poll_again([generation_id], seconds=answer.retry_after_seconds)
        return False
    if answer.native_status != attempt.native_status:
        Attempt.objects.filter(pk=attempt.pk).update(native_status=answer.native_status)
    match answer.state:
        case JobState.SUCCEEDED:
            return Generation.objects.move(
                generation_id, Status.FETCHING, next_poll_at=None, lease_until=None
            )
        case JobState.FAILED:
            end_badly(generation_id, answer.failure or ProviderFailure(FailureKind.PROVIDER_ERROR))
        case JobState.LOST:
            end_badly(generation_id, ProviderFailure(FailureKind.NOT_FOUND))
        case JobState.QUEUED | JobState.RUNNING:
            _poll_again([generation_id], seconds=again_in, progress=answer.progress)
    return False


def _poll_again(generation_ids: list[UUID], *, seconds: float, **changes: int) -> None:
    if generation_ids:
        Generation.objects.standing(Status.RENDERING).filter(pk__in=generation_ids).update(
            next_poll_at=timezone.now() + timedelta(seconds=seconds), **changes
        )
