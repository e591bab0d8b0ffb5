"""How long it will take, said honestly: a range from the video model's own last hundred times."""

import math
import statistics
from dataclasses import dataclass

from django.core.cache import caches
from django.db.models import F
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.rendering.line import Place, queued, standing_of

SAMPLES = 100
FEWEST_SAMPLES = 3
CACHE_SECONDS = 30
PLACES_CACHE_SECONDS = 2
A_FEW = 5  # seconds, of which nobody says more than that
FEWEST_IN_MINUTES = 100  # so many seconds and more are told in minutes
HELD = 0  # the place of what may not be sent now


@dataclass(frozen=True)
class Wait:
    """Place in the queue, 0 once it runs, and the seconds until half and until nine of ten ends."""

    position: int
    low_seconds: int
    high_seconds: int

    @property
    def words(self) -> str:
        """What is left, in the unit that fits it."""
        if self.high_seconds <= A_FEW:
            return "a few seconds left"
        if self.high_seconds < FEWEST_IN_MINUTES:
            low, high, unit = self.low_seconds, self.high_seconds, "seconds"
        else:
            low, high, unit = self.low_seconds // 60, round(self.high_seconds / 60), "minutes"
        if low == 0:
            return f"up to {high} {unit} left"
        return f"about {high if low == high else f'{low} to {high}'} {unit} left"


def expected_wait(generation: Generation) -> Wait | None:
    """The waiting range of an active generation.

    None while there are too few times to tell, and while a pause keeps it in the queue.
    """
    times = _usual_seconds(generation.video_model_id)
    if times is None:
        return None
    usual, slow = times
    if generation.status == Status.QUEUED:
        places = _places(generation.video_model_id)
        position = places.get(generation.pk.bytes, len(places) + 1)
        if position == HELD:
            return None
        rest = generation.video_model.rest_left_seconds
        turns = math.ceil(position / max(generation.video_model.concurrency, 1))
        return Wait(position, round(rest + usual * turns), round(rest + slow * (turns + 1)))
    sent_at = generation.sent_at or generation.moved_at
    elapsed = (timezone.now() - sent_at).total_seconds()
    low = max(usual - elapsed, 1)
    return Wait(0, round(low), round(max(slow - elapsed, low)))


def _places(video_model_id: int) -> dict[bytes, int]:
    """The place of everything queued for a video model, by the rule that dispatch goes by.

    By the bytes of the id: a line of a thousand is read from the cache in 1 ms, by UUIDs in 19.
    """
    key = f"queue-places:{video_model_id}"
    places = caches["memory"].get_or_set(
        key, lambda: _count_places(video_model_id), PLACES_CACHE_SECONDS
    )
    return places or {}


def _count_places(video_model_id: int) -> dict[bytes, int]:
    """Everybody's next prompt comes before anybody's second; what is paused takes no place."""
    line = queued(video_model_id).order_by("pk")
    rows = list(line.sendable().values_list("pk", "artist"))
    running, last_turn = standing_of({artist_id for _, artist_id in rows}, video_model_id)
    order = []
    for pk, artist_id in rows:
        order.append(Place(running[artist_id], last_turn.get(artist_id, 0.0), pk, artist_id))
        running[artist_id] += 1
    places = {pk.bytes: HELD for pk in line.values_list("pk", flat=True)}
    numbered = enumerate(sorted(order), start=1)
    return places | {place.generation_id.bytes: number for number, place in numbered}


def _usual_seconds(video_model_id: int) -> tuple[float, float] | None:
    """The p50 and p90 of the seconds from sending to ready, over the last hundred."""
    key = f"usual-seconds:{video_model_id}"
    return caches["memory"].get_or_set(key, lambda: _measure(video_model_id), CACHE_SECONDS)


def _measure(video_model_id: int) -> tuple[float, float] | None:
    last = Generation.objects.filter(video_model=video_model_id, status=Status.READY)
    accepted = Attempt.objects.filter(
        generation__in=list(last.order_by("-pk").values_list("pk", flat=True)[:SAMPLES]),
        state=Attempt.State.ACCEPTED,
    )
    took = accepted.annotate(took=F("generation__finished_at") - F("sent_at"))
    seconds = [one.total_seconds() for one in took.values_list("took", flat=True) if one]
    if len(seconds) < FEWEST_SAMPLES:
        return None
    deciles = statistics.quantiles(seconds, n=10, method="inclusive")
    return deciles[4], deciles[8]
