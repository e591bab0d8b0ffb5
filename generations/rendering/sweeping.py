"""What a dead worker left half done goes on; what is past its deadline ends (I6)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from artists.quotas.services import refund
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import GenerationQuerySet, Status
from generations.providers.base import FailureKind, ProviderFailure
from generations.rendering.deadlines import ENOUGH_TRIES
from generations.rendering.ending import end_badly, fail
from generations.rendering.submitting import lose_track
from portal.isolation import alone

DEADLINES: dict[Status, tuple[str, FailureKind, str]] = {
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
    """Fail and refund what is past its deadline, and what cannot be tried any more."""
    long_ago = _ago(settings.QUEUE_DEADLINE_SECONDS)
    queued = Generation.objects.standing(Status.QUEUED).filter(created_at__lt=long_ago)
    _fail_all(
        queued.not_paused_since(long_ago),
        kind=FailureKind.TIMEOUT,
        message="It waited too long in the queue.",
    )
    is_set_up = Attempt.objects.filter(
        generation=OuterRef("pk"),
        state__in=[Attempt.State.SENT, Attempt.State.ACCEPTED],
        provider__in=list(settings.PROVIDERS),
    )
    for status, (setting, kind, message) in DEADLINES.items():
        # No worker owns what renders: a claim there is only of who asks for it to be stopped.
        is_owned = status != Status.RENDERING
        found = (
            Generation.objects.stale(status) if is_owned else Generation.objects.standing(status)
        )
        overdue = found.filter(_past_deadline(status, default_seconds=getattr(settings, setting)))
        tried = overdue.filter(tries__gte=ENOUGH_TRIES)
        if status == Status.RENDERING:
            _end_as_failures_of_the_provider(tried, kind=kind)
        else:
            _fail_all(tried, kind=kind, message=message)
        if status != Status.FINISHING:
            _fail_all(overdue.exclude(Exists(is_set_up)), kind=kind, message=message)


def _past_deadline(status: Status, *, default_seconds: int) -> Q:
    """Longer in its state than may be; a video model may have its own time to render."""
    late = Q(moved_at__lt=_ago(default_seconds))
    if status != Status.RENDERING:
        return late
    for model in VideoModel.objects.all():
        if model.deadline_seconds:
            its_own = Q(video_model=model, moved_at__lt=_ago(model.deadline_seconds))
            late = late & ~Q(video_model=model) | its_own
    return late


def cancel_stopped() -> None:
    """Cancel and refund what is queued for a closed account or by a revoked token (I8)."""
    for generation in Generation.objects.stopped().select_related("reservation"):
        with alone(f"generation {generation.pk}"):
            queued = Generation.objects.standing(Status.QUEUED)
            note = "Its account or its token was stopped."
            if queued.move(generation.pk, Status.CANCELLED, note=note):
                refund(generation.reservation)


def recover_submissions() -> None:
    """Settle what became of create calls whose worker is gone: not sent, or not known."""
    attempts = Attempt.objects.filter(
        state__in=[Attempt.State.PREPARED, Attempt.State.SENT],
        generation__in=Generation.objects.stale(Status.SUBMITTING),
    )
    for attempt in attempts:
        with alone(f"generation {attempt.generation_id}"):
            _recover(attempt)


def _recover(attempt: Attempt) -> None:
    stale = Generation.objects.stale(Status.SUBMITTING)
    if Attempt.objects.call_off(attempt.pk):
        stale.move(attempt.generation_id, Status.QUEUED, lease_until=None)
    elif stale.filter(pk=attempt.generation_id).exists():
        note = "The create call's worker is gone, and its answer with it."
        lose_track(attempt.generation_id, note=note)


def left_behind(status: Status) -> list[UUID]:
    """Generations in this state that no worker holds: a message for them may have been lost."""
    return list(Generation.objects.stale(status).values_list("pk", flat=True))


def _fail_all(overdue: GenerationQuerySet, *, kind: FailureKind, message: str) -> None:
    for generation_id in overdue.values_list("pk", flat=True):
        with alone(f"generation {generation_id}"):
            fail(generation_id, kind=kind, message=message)


def _end_as_failures_of_the_provider(overdue: GenerationQuerySet, *, kind: FailureKind) -> None:
    """Fail them too, and let that count for the circuit of their video model."""
    for generation_id in overdue.values_list("pk", flat=True):
        with alone(f"generation {generation_id}"):
            end_badly(generation_id, ProviderFailure(kind))


def _ago(seconds: int) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)
