"""How a review stands for one reviewer: whose claim runs on it, and what may be taken back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from artists.models import Artist
from generations.models import Opinion, Review
from generations.models.review import DECIDE_ESCALATED


@dataclass(frozen=True)
class Claim:
    """Who holds a review, and until when."""

    by: Artist
    is_mine: bool
    expires_at: datetime


def running_claim(review: Review, *, reviewer: Artist) -> Claim | None:
    by, expires_at = review.claimed_by, review.claim_expires_at
    if not review.has_running_claim or by is None or expires_at is None:
        return None
    return Claim(by=by, is_mine=by == reviewer, expires_at=expires_at)


class Bar(StrEnum):
    """Why a review that is open is not somebody's to decide."""

    PART = "part"
    MANAGERS = "managers"
    KEPT = "kept"


def bar_of(review: Review, *, reviewer: Artist, had_part: bool = False) -> Bar | None:
    """The first of them that holds for this reviewer, as `claim` would find it."""
    if had_part:
        return Bar.PART
    if review.level == Review.Level.MANAGERS and not reviewer.has_perm(DECIDE_ESCALATED):
        return Bar.MANAGERS
    return Bar.KEPT if review.is_kept_from(reviewer) else None


def pending_on(review: Review) -> Opinion | None:
    """What was said of it and is not enacted yet: one at most, by the database."""
    if review.status != Review.Status.DECIDED:
        return None
    return review.opinions.pending().first()


def undoable(opinion: Opinion | None, *, reviewer: Artist) -> Opinion | None:
    """The same, where the reviewer said it and may still take it back."""
    if opinion is None or opinion.reviewer_id != reviewer.pk:
        return None
    return opinion if opinion.can_be_undone else None


def heard(review: Review, *, reader: Artist) -> QuerySet[Opinion]:
    """What was said before, for a manager who decides: a second person sees the work fresh."""
    said = review.opinions.given().exclude(enacted_at=None).select_related("reviewer", "ground")
    is_for_managers = review.level == Review.Level.MANAGERS
    may_read = is_for_managers and reader.has_perm(DECIDE_ESCALATED)
    return said.order_by("pk") if may_read else said.none()
