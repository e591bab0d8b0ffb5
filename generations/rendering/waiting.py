"""How long it will take, said honestly: a range from the video model's own last hundred times."""

import math
import statistics
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from generations.models import Generation, Move
from generations.models.generation import Status

SAMPLES = 100
FEWEST_SAMPLES = 3
CACHE_SECONDS = 30


@dataclass(frozen=True)
class Wait:
    """Place in the queue, 0 once it runs, and the seconds until half and until nine of ten ends."""

    position: int
    low_seconds: int
    high_seconds: int


def expected_wait(generation: Generation) -> Wait | None:
    """The waiting range of an active generation, read `with_place`.

    None while there are too few times to tell.
    """
    times = _usual_seconds(generation.video_model_id)
    if times is None:
        return None
    usual, slow = times
    if generation.status == Status.QUEUED:
        position = generation.ahead + 1
        turns = math.ceil(position / generation.video_model.concurrency)
        return Wait(position, round(usual * turns), round(slow * (turns + 1)))
    elapsed = (timezone.now() - generation.moved_at).total_seconds()
    low = max(usual - elapsed, 1)
    return Wait(0, round(low), round(max(slow - elapsed, low)))


def _usual_seconds(video_model_id: int) -> tuple[float, float] | None:
    """The p50 and p90 of the seconds from sending to ready, over the last hundred."""
    key = f"usual-seconds:{video_model_id}"
    return cache.get_or_set(key, lambda: _measure(video_model_id), CACHE_SECONDS)


def _measure(video_model_id: int) -> tuple[float, float] | None:
    last = Generation.objects.filter(video_model=video_model_id, status=Status.READY)
    sent = Move.objects.filter(
        generation__in=list(last.order_by("-pk").values_list("pk", flat=True)[:SAMPLES]),
        to=Status.SUBMITTING,
    ).values_list("at", "generation__finished_at")
    seconds = [(finished - at).total_seconds() for at, finished in sent if finished]
    if len(seconds) < FEWEST_SAMPLES:
        return None
    deciles = statistics.quantiles(seconds, n=10, method="inclusive")
    return deciles[4], deciles[8]
