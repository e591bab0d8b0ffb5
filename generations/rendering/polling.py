"""Asking how jobs stand: one sweep over the rows that are due, with one async client."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import httpx
from django.db.models import QuerySet
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
    _take_turn(attempts, providers)
    answers = asyncio.run(_ask(attempts, providers, http or async_client()))
    finished = [
        attempt.generation_id
        for attempt, answer in zip(attempts, answers, strict=True)
        if _apply(attempt, answer)
    ]
    return finished


def _due() -> QuerySet[Attempt]:
    return (
        Attempt.objects.filter(
            state=Attempt.State.ACCEPTED,
            generation__status=Status.RENDERING,
            generation__next_poll_at__lte=timezone.now(),
        )
        .select_related("generation")
        .order_by("generation__next_poll_at")
    )


def _take_turn(attempts: Sequence[Attempt], providers: dict[str, Provider]) -> None:
    """Set the next turn before asking, so that a sweep beside this one leaves these rows alone."""
    now = timezone.now()
    for name, provider in providers.items():
        mine = [one.generation_id for one in attempts if one.provider == name]
        Generation.objects.filter(pk__in=mine, status=Status.RENDERING).update(
            next_poll_at=now + timedelta(seconds=provider.min_poll_seconds)
        )


async def _ask(
    attempts: Sequence[Attempt], providers: dict[str, Provider], http: httpx.AsyncClient
) -> list[Answer]:
    async def ask(attempt: Attempt) -> Answer:
        try:
            return await providers[attempt.provider].poll(http, attempt.provider_job_id)
        except ProviderUnavailable as exc:
            return exc

    async with http:
        return await asyncio.gather(*(ask(attempt) for attempt in attempts))


def _apply(attempt: Attempt, answer: Answer) -> bool:
    """Act on one answer; True when the video can be fetched."""
    rendering = Generation.objects.filter(pk=attempt.generation_id, status=Status.RENDERING)
    if isinstance(answer, ProviderUnavailable):
        later = timezone.now() + timedelta(seconds=answer.retry_after_seconds)
        rendering.update(next_poll_at=later)
        return False
    if answer.native_status != attempt.native_status:
        Attempt.objects.filter(pk=attempt.pk).update(native_status=answer.native_status)
    match answer.state:
        case JobState.SUCCEEDED:
            return Generation.objects.move(
                attempt.generation_id, Status.FETCHING, next_poll_at=None, lease_until=None
            )
        case JobState.FAILED:
            end_badly(
                attempt.generation_id,
                answer.failure or ProviderFailure(FailureKind.PROVIDER_ERROR),
            )
        case JobState.LOST:
            end_badly(attempt.generation_id, ProviderFailure(FailureKind.NOT_FOUND))
        case JobState.QUEUED | JobState.RUNNING:
            if answer.progress != attempt.generation.progress:
                rendering.update(progress=answer.progress)
    return False
