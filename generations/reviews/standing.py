"""How a review stands for one reviewer: whose claim runs on it, and what may be taken back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from django.db.models import QuerySet

from artists.models import Artist
from generations.models import Opinion, Review
from generations.models.review import DECIDE_ESCALATED
from generations.reviews.going_on import last_undoable


@dataclass(frozen=True)
class Claim:
    """Who holds a review, and until when."""

    by: Artist
    is_mine: bool
    expires_at: datetime


class Bar(StrEnum):
    """Why a review that is open is not somebody's to decide."""

    PART = "part"
    MANAGERS = "managers"
    KEPT = "kept"


class Standing(TypedDict):
    """What each page of a review shows of it: who may do what with it now.

    `pending` is what the reader said of it and may still take back, `undoable` what they last said
    of any; `late` tells that what was said of this one cannot be taken back any more.
    """

    claim: Claim | None
    bar: Bar | None
    may_claim: bool
    pending: Opinion | None
    late: bool
    undoable: Opinion | None


def standing_of(review: Review, *, reviewer: Artist, had_part: bool = False) -> Standing:
    """How a review stands for somebody; `had_part` says that they judged its subject before."""
    claim, said = _running_claim(review, reviewer=reviewer), _said_of(review)
    bar = _bar_of(review, reviewer=reviewer, had_part=had_part)
    fresh = said if said and said.can_be_undone else None
    return {
        "claim": claim,
        "bar": bar,
        "may_claim": review.is_open and not (claim or said or bar),
        "pending": fresh if fresh and fresh.reviewer_id == reviewer.pk else None,
        "late": said is not None and fresh is None,
        "undoable": last_undoable(reviewer),
    }


def _running_claim(review: Review, *, reviewer: Artist) -> Claim | None:
    by, expires_at = review.claimed_by, review.claim_expires_at
    if not review.has_running_claim or by is None or expires_at is None:
        return None
    return Claim(by=by, is_mine=by == reviewer, expires_at=expires_at)


def _bar_of(review: Review, *, reviewer: Artist, had_part: bool) -> Bar | None:
    """The first of them that holds, as `claim` would find it."""
    if had_part:
        return Bar.PART
    if review.level == Review.Level.MANAGERS and not reviewer.has_perm(DECIDE_ESCALATED):
        return Bar.MANAGERS
    return Bar.KEPT if review.is_kept_from(reviewer) else None


def _said_of(review: Review) -> Opinion | None:
    """What was said and is not enacted yet: one at most, by the database."""
    if review.status != Review.Status.DECIDED:
        return None
    return review.opinions.pending().first()


def heard(review: Review, *, reader: Artist) -> QuerySet[Opinion]:
    """What was said before, for a manager who decides: a second person sees the work fresh."""
    said = review.opinions.given().exclude(enacted_at=None).select_related("reviewer", "ground")
    is_for_managers = review.level == Review.Level.MANAGERS
    may_read = is_for_managers and reader.has_perm(DECIDE_ESCALATED)
    return said.order_by("pk") if may_read else said.none()
