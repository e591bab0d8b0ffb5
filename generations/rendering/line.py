"""The line before a video model: whose prompt is next, by one rule for dispatch and for waiting.

Of the artist with the fewest running; among those, of who had the last turn longest ago; then the
oldest. So one artist's hundred prompts delay another's one by a single slot, however few there are.
"""

import heapq
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, Count, Min
from django.db.models.functions import Cast

from generations.models import Generation, Turn, VideoModel
from generations.models.generation import RUNNING, GenerationQuerySet, Status

LATEST = float("inf")  # a turn that is just being taken


class Place(NamedTuple):
    """What a prompt waits by, the least first. `last_turn` is 0 for who never had one."""

    running: int
    last_turn: float
    generation_id: UUID
    artist_id: int


class Line:
    """The queued prompts of one video model that may be sent: an artist's first one at a time.

    It reads each artist once, and a further prompt of theirs only when one was taken.
    """

    def __init__(self, video_model: VideoModel) -> None:
        self._queued = queued(video_model.pk).sendable()
        firsts = (
            self._queued.order_by()
            .values_list("artist", "artist__cohort__running_cap")
            .annotate(first=Min(Cast("pk", CharField())))  # PostgreSQL 15 has no least UUID
        )
        heads = {artist_id: (cap or 0, UUID(first)) for artist_id, cap, first in firsts}
        running, self._last_turn = standing_of(heads, video_model.pk)
        self._cap = {artist_id: cap for artist_id, (cap, _) in heads.items()}
        self._places = [
            Place(running[artist_id], self._last_turn.get(artist_id, 0.0), first, artist_id)
            for artist_id, (cap, first) in heads.items()
            if running[artist_id] < cap
        ]
        heapq.heapify(self._places)

    def next(self) -> Place | None:
        """Take the prompt whose turn it is out of the line; None when nobody waits any more."""
        return heapq.heappop(self._places) if self._places else None

    def let_in(self, place: Place, *, has_started: bool) -> None:
        """Put the artist's next prompt into the line, behind one that was taken."""
        running = place.running + has_started
        if running >= self._cap[place.artist_id]:
            return
        later = self._queued.filter(artist=place.artist_id, pk__gt=place.generation_id)
        following = later.order_by("pk").values_list("pk", flat=True).first()
        if following:
            last_turn = LATEST if has_started else place.last_turn
            heapq.heappush(self._places, Place(running, last_turn, following, place.artist_id))


def queued(video_model_id: int) -> GenerationQuerySet:
    return Generation.objects.standing(Status.QUEUED).filter(video_model=video_model_id)


def standing_of(
    artist_ids: Iterable[int], video_model_id: int
) -> tuple[Counter[int], dict[int, float]]:
    """How many of each artist's run, and when each had the last turn at this video model."""
    artist_ids = list(artist_ids)
    busy = Generation.objects.standing(*RUNNING).filter(artist__in=artist_ids)
    running = Counter(dict(busy.order_by().values_list("artist").annotate(count=Count("*"))))
    turns = Turn.objects.filter(artist__in=artist_ids, video_model=video_model_id)
    return running, {turn.artist_id: turn.taken_at.timestamp() for turn in turns}
