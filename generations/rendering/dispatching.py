"""Whose turn it is: queued generations go to video models with a free slot."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from generations.models import Attempt, Generation, Turn, VideoModel
from generations.models.generation import AT_PROVIDER, RUNNING, Status


@transaction.atomic
def start_next() -> list[UUID]:
    """Move queued generations to SUBMITTING while there are slots; return their attempts.

    The lock on the video models makes dispatches take turns, so that the caps are exact.
    """
    models = VideoModel.objects.served().awake().order_by("pk").select_for_update(no_key=True)
    return [attempt_id for model in models for attempt_id in _fill_slots(model)]


def _fill_slots(model: VideoModel) -> Iterator[UUID]:
    """Start as many as there are slots; one that was cancelled meanwhile takes none."""
    at_provider = Generation.objects.standing(*AT_PROVIDER).filter(video_model=model)
    free = model.slots - at_provider.count()
    while free > 0 and (generation := _next_for(model)):
        attempt_id = _start(generation, provider=model.provider)
        if attempt_id:
            free -= 1
            yield attempt_id


def _next_for(model: VideoModel) -> Generation | None:
    """The generation whose turn it is.

    Of the artist with the fewest running; among those, of who had the last turn longest ago: so
    one artist's hundred prompts delay another's one by a single slot, however few slots there are.
    """
    running = Generation.objects.standing(*RUNNING).filter(artist=OuterRef("artist"))
    count = running.order_by().values("artist").annotate(count=Count("*")).values("count")
    last_turn = Turn.objects.filter(artist=OuterRef("artist"), video_model=model)
    return (
        Generation.objects.standing(Status.QUEUED)
        .sendable()
        .filter(video_model=model)
        .annotate(
            running=Coalesce(Subquery(count), 0),
            last_turn_at=Subquery(last_turn.values("taken_at")),
        )
        .filter(running__lt=F("artist__cohort__running_cap"))
        .order_by("running", F("last_turn_at").asc(nulls_first=True), "pk")
        .first()
    )


def _start(generation: Generation, *, provider: str) -> UUID | None:
    """Store the attempt before anything is sent. The lease covers the message's way to a worker."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    if not Generation.objects.move(generation.pk, Status.SUBMITTING, lease_until=until):
        return None
    Turn.objects.take(
        artist_id=generation.artist_id, video_model_id=generation.video_model_id, at=now
    )
    return Attempt.objects.create(generation=generation, provider=provider).pk
