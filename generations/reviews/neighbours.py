"""What stands beside an item: those before and after it in the queue, and the rest of its set."""

from typing import NamedTuple

from django.db.models import Q

from artists.models import Artist
from generations.models import Review, Submission

SET_SHOWN = 60


class Neighbours(NamedTuple):
    """What somebody may take up next to a review, in the order of the queue."""

    before: Review | None
    after: Review | None


def neighbours_of(review: Review, *, reviewer: Artist) -> Neighbours:
    """Find the nearest reviews before and after one that the reviewer may decide."""
    own = Review.objects.held_by(reviewer)
    others = (Review.objects.free() | own).filter(closed_at=None).decidable_by(reviewer)
    others = others.exclude(pk=review.pk).select_related("about")
    earlier = Q(due_at__lte=review.due_at) & (Q(due_at__lt=review.due_at) | Q(pk__lt=review.pk))
    later = Q(due_at__gte=review.due_at) & (Q(due_at__gt=review.due_at) | Q(pk__gt=review.pk))
    return Neighbours(
        before=others.filter(earlier).order_by("-due_at", "-pk").first(),
        after=others.filter(later).order_by("due_at", "pk").first(),
    )


def set_of(submission: Submission, *, reviewer: Artist) -> list[Review]:
    """The reviews of all clips that were submitted together; empty where it came alone."""
    if submission.set_id is None:
        return []
    together = Review.objects.shown_to(reviewer).filter(
        submission__set=submission.set_id, about__generation__removed_at=None
    )
    return list(together.select_related("about__generation").order_by("pk")[:SET_SHOWN])
