"""Whose turn it is: queued generations go to video models with a free slot."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from generations.models import Attempt, Generation, Turn, VideoModel
from generations.models.generation import AT_PROVIDER, Status
from generations.rendering.line import Line, Place, queued
from portal.isolation import alone

AT_ONCE = 20


@transaction.atomic
def start_next() -> list[UUID]:
    """Move queued generations to SUBMITTING while there are slots; return their attempts.

    The lock on the video models makes dispatches take turns, so that the caps are exact. A pass
    starts AT_ONCE at most and lets others write; one that is full is worth another at once.
    """
    models = VideoModel.objects.served().awake().order_by("pk").select_for_update(no_key=True)
    started = (attempt_id for model in models for attempt_id in _fill_slots(model))
    return list(islice(started, AT_ONCE))


def _fill_slots(model: VideoModel) -> Iterator[UUID]:
    """Start as many as there are slots; one that was cancelled meanwhile takes none."""
    free = _free_slots(model)
    if free <= 0 or not queued(model.pk).exists():
        return
    line = Line(model)
    while free > 0 and (place := line.next()):
        attempt_id = _start(place, model)
        if attempt_id:
            free -= 1
            yield attempt_id
        if free > 0:
            line.let_in(place, has_started=attempt_id is not None)


def _free_slots(model: VideoModel) -> int:
    """How many may be sent now. One that fails again and again is tried with one prompt alone.

    A create call whose outcome is unknown keeps its slot, and is no such try.
    """
    theirs = Generation.objects.filter(video_model=model)
    free = model.concurrency - theirs.standing(*AT_PROVIDER).count()
    if not model.is_failing:
        return free
    return min(free, 1 - theirs.standing(Status.SUBMITTING, Status.RENDERING).count())


def _start(place: Place, model: VideoModel) -> UUID | None:
    """Start one, or none: a row that cannot be started keeps no other one waiting."""
    with alone(f"generation {place.generation_id}"):
        return _prepare(place, model)
    return None


def _prepare(place: Place, model: VideoModel) -> UUID | None:
    """Store the attempt before anything is sent. The lease covers the message's way to a worker."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    if not Generation.objects.move(place.generation_id, Status.SUBMITTING, lease_until=until):
        return None
    Turn.objects.take(artist_id=place.artist_id, video_model_id=model.pk, at=now)
    attempt = Attempt.objects.create(generation_id=place.generation_id, provider=model.provider)
    return attempt.pk
