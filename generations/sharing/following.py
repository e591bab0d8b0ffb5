"""How far a submission is: its place in the queue, and each step after it was made."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from generations.models import Review, Submission
from portal.audit import Event

COUNTED_AT_MOST = 100
STEPS_AT_MOST = 200
WORDS = {  # of events that an artist may know of; who acted is none of them
    "review.claimed": "A reviewer took it up",
    "review.released": "The reviewer gave it back to the queue",
    "review.claim_expired": "The reviewer stopped, and it went back to the queue",
    "review.handed_on": "It was handed on to another person",
}


@dataclass(frozen=True)
class Step:
    """One thing that happened to a submission."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Place:
    """How many reviews are due before this one; beyond COUNTED_AT_MOST nobody counts on."""

    before: int
    is_exact: bool


def place_of(review: Review) -> Place | None:
    """Return the place of a waiting review in the queue; None once somebody has it."""
    if not review.is_open or review.is_in_hands:
        return None
    sooner = Q(due_at__lt=review.due_at) | Q(due_at=review.due_at, pk__lt=review.pk)
    ahead = Review.objects.open().filter(sooner)[: COUNTED_AT_MOST + 1].count()
    return Place(before=min(ahead, COUNTED_AT_MOST), is_exact=ahead <= COUNTED_AT_MOST)


def with_steps(submissions: Iterable[Submission]) -> list[tuple[Submission, list[Step]]]:
    """Return each submission with what happened to its review, read with one query."""
    submissions = list(submissions)
    reviews = [str(one.review.pk) for one in submissions]
    events = Event.objects.filter(
        subject_type="generations.review", subject_id__in=reviews, verb__in=WORDS
    )
    steps: dict[str, list[Step]] = defaultdict(list)
    for event in events.order_by("-sequence")[:STEPS_AT_MOST]:
        steps[event.subject_id].insert(0, Step(at=event.at, words=WORDS[event.verb]))
    return [(one, steps[str(one.review.pk)]) for one in submissions]
