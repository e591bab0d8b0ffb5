"""Why a review is not somebody's to claim or to decide."""

from artists.models import Artist
from generations.models import Opinion, Review, Submission
from generations.models.review import DECIDE_ESCALATED
from generations.reviews.errors import (
    AlreadyDecided,
    HadAPart,
    KeptForAnother,
    ManagersDecide,
    OwnWork,
    WasWithdrawn,
)
from portal.errors import PortalError


def had_a_part(review: Review, reviewer: Artist) -> bool:
    said = Opinion.objects.judging().filter(reviewer=reviewer)
    return review.about_id is not None and said.filter(about=review.about_id).exists()


def why_not(review: Review, reviewer: Artist, *, otherwise: PortalError) -> PortalError:
    """Say why a review is not this reviewer's to claim."""
    if review.artist_id == reviewer.pk:
        return OwnWork()
    review.refresh_from_db()
    if not review.is_open or review.status == Review.Status.DECIDED:
        return ended(review, otherwise=AlreadyDecided())
    if had_a_part(review, reviewer):
        return HadAPart()
    if review.level == Review.Level.MANAGERS and not reviewer.has_perm(DECIDE_ESCALATED):
        return ManagersDecide()
    if review.is_kept_from(reviewer):
        return KeptForAnother()
    return otherwise


def ended(review: Review, *, otherwise: PortalError) -> PortalError:
    """Say why a conditional UPDATE of this review found nothing to change."""
    review.refresh_from_db()
    if review.submission and review.submission.status == Submission.Status.WITHDRAWN:
        return WasWithdrawn()
    is_decided = review.closed_at is not None or review.status == Review.Status.DECIDED
    return AlreadyDecided() if is_decided else otherwise
