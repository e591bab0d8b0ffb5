"""Asking how jobs stand: one pass over the rows that are due, with one client for all of them.

A pass takes rows while some are due and there is room among the requests in flight, and acts on
each answer as it comes, so that a provider that is slow about one job holds up no other.
"""

import logging
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import httpx
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.providers.base import (
    FailureKind,
    JobState,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
    Snapshot,
)
from generations.providers.http import POLLS_AT_ONCE
from generations.rendering.asking import Answer, Asker, Question
from generations.rendering.billing import note_cost
from generations.rendering.ending import end_badly, end_cancelled, end_lost

logger = logging.getLogger(__name__)

PASS_SECONDS = 10.0  # then another pass takes over: a worker that stops waits no longer for one
LOOK_AGAIN_SECONDS = 0.2
POLLS_PER_SECOND = 200  # what one process does with ease: more jobs are asked about less often
POLL_AFTER_MAX_SECONDS = 60.0
RETRY_AFTER_MAX_SECONDS = 300.0  # a job has a deadline, and is to be asked about before it

STILL_GOING = (JobState.QUEUED, JobState.RUNNING)

_taking = threading.Lock()  # one pass a process takes rows at a time


def poll_due(
    *, provider_named: Callable[[str], Provider], http: httpx.AsyncClient | None = None
) -> Iterator[list[UUID]]:
    """Poll every job that is due; yield, as it becomes known, whose video can be fetched."""
    pace_seconds = Generation.objects.standing(Status.RENDERING).count() / POLLS_PER_SECOND
    with Asker(http) as asker:
        for answers in _ask_about_due(asker, provider_named):
            if finished := _keep(answers, provider_named, pace_seconds=pace_seconds):
                yield finished


def _ask_about_due(
    asker: Asker, provider_named: Callable[[str], Provider]
) -> Iterator[list[tuple[Question, Answer]]]:
    until = time.monotonic() + PASS_SECONDS
    is_taking = _taking.acquire(blocking=False)
    try:
        while True:
            if is_taking and asker.in_flight <= POLLS_AT_ONCE // 2:
                for question in _take_due(POLLS_AT_ONCE - asker.in_flight):
                    asker.ask(provider_named(question.provider), question)
            if is_taking and time.monotonic() > until:
                _taking.release()
                is_taking = False
            if not asker.in_flight:
                return
            if answers := asker.collect(seconds=LOOK_AGAIN_SECONDS):
                yield answers
    finally:
        if is_taking:
            _taking.release()


@transaction.atomic
def _take_due(limit: int) -> list[Question]:
    """Take rows that are due, and keep them from other passes for as long as an answer may take."""
    now = timezone.now()
    due = (
        Generation.objects.standing(Status.RENDERING)
        .filter(next_poll_at__lte=now)
        .order_by("next_poll_at")
        .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    )
    progress = dict(due.values_list("pk", "progress")[:limit])
    if not progress:
        return []
    until = now + timedelta(seconds=settings.PROVIDER_TIMEOUT_SECONDS + 1)
    Generation.objects.filter(pk__in=progress).update(next_poll_at=until, tries=F("tries") + 1)
    attempts = Attempt.objects.filter(
        generation__in=progress,
        state=Attempt.State.ACCEPTED,
        provider__in=list(settings.PROVIDERS),
    ).values_list("generation_id", "pk", "provider", "provider_job_id", "native_status")
    return [
        Question(
            generation_id, attempt_id, provider, job_id, progress[generation_id], native_status
        )
        for generation_id, attempt_id, provider, job_id, native_status in attempts
    ]


def _keep(
    answers: list[tuple[Question, Answer]],
    provider_named: Callable[[str], Provider],
    *,
    pace_seconds: float,
) -> list[UUID]:
    """Act on answers; what goes wrong with one leaves the other jobs alone."""
    finished: list[UUID] = []
    running: dict[tuple[int, int], list[UUID]] = defaultdict(list)
    words: dict[str, list[UUID]] = defaultdict(list)
    for question, answer in answers:
        try:
            if _apply(question, answer, provider_named(question.provider)):
                finished.append(question.generation_id)
        except Exception:
            logger.exception("the answer about attempt %s cannot be kept", question.attempt_id)
            continue
        if isinstance(answer, Snapshot) and answer.native_status != question.native_status:
            words[answer.native_status].append(question.attempt_id)
        if isinstance(answer, Snapshot) and answer.state in STILL_GOING:
            wait = max(_wait_seconds(answer, provider_named(question.provider)), pace_seconds)
            running[math.ceil(wait), answer.progress].append(question.generation_id)
        elif isinstance(answer, ProviderUnavailable):
            wait = min(answer.retry_after_seconds, RETRY_AFTER_MAX_SECONDS)
            wait = max(wait, pace_seconds)
            running[math.ceil(wait), question.progress].append(question.generation_id)
    _write_down(running, words)
    return finished


def _apply(question: Question, answer: Answer, provider: Provider) -> bool:
    """Act on what has changed for one job; True when its video can be fetched."""
    if isinstance(answer, ProviderUnavailable):
        return False
    if answer.cost is not None:
        note_cost(question.generation_id, question.attempt_id, cost=answer.cost)
    generation_id = question.generation_id
    match answer.state:
        case JobState.SUCCEEDED:
            return _begin_to_fetch(generation_id)
        case JobState.FAILED:
            end_badly(generation_id, answer.failure or ProviderFailure(FailureKind.PROVIDER_ERROR))
        case JobState.LOST:
            end_lost(generation_id, bills_stopped=provider.bills_stopped)
        case JobState.CANCELLED:
            end_cancelled(generation_id, bills_stopped=provider.bills_stopped)
    return False


@transaction.atomic
def _begin_to_fetch(generation_id: UUID) -> bool:
    """FETCHING; False where it does not render any more. The video model works."""
    if not Generation.objects.move(
        generation_id, Status.FETCHING, next_poll_at=None, lease_until=None
    ):
        return False
    generation = Generation.objects.only("video_model").get(pk=generation_id)
    VideoModel.objects.note_success(generation.video_model_id)
    return True


def _wait_seconds(answer: Snapshot, provider: Provider) -> float:
    """When to ask again: what the provider wishes, within bounds, and never before it allows."""
    wished = min(answer.poll_after_seconds or 0.0, POLL_AFTER_MAX_SECONDS)
    return max(wished, provider.min_poll_seconds)


@transaction.atomic
def _write_down(running: dict[tuple[int, int], list[UUID]], words: dict[str, list[UUID]]) -> None:
    """When to ask again, how far each is, and the provider's own word for it."""
    for word, attempt_ids in words.items():
        Attempt.objects.filter(pk__in=attempt_ids).update(native_status=word)
    now = timezone.now()
    for (seconds, progress), generation_ids in running.items():
        Generation.objects.standing(Status.RENDERING).filter(pk__in=generation_ids).update(
            next_poll_at=now + timedelta(seconds=seconds), progress=progress
        )
