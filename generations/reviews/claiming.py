"""Claims: leases that give a review to one reviewer."""

from uuid import UUID

from django.db import transaction

from artists.models import Artist
from generations.models import Review
from generations.reviews.errors import AlreadyClaimed, ClaimIsOver
from generations.reviews.refusals import ended, why_not
from portal import audit


@transaction.atomic
def claim(*, review: Review, reviewer: Artist) -> Review:
    """Give a review to one reviewer for settings.CLAIM_MINUTES, or renew their claim.

    What was submitted as a set is claimed together, all of it or none. Raises OwnWork, HadAPart,
    ManagersDecide, KeptForAnother, AlreadyClaimed while another's claim runs, AlreadyDecided,
    WasWithdrawn.
    """
    held_before = Review.objects.held_by(reviewer).filter(pk=review.pk).exists()
    together = {review.pk, *Review.objects.decidable_by(reviewer).together(review)}
    if not Review.objects.claim(together, reviewer):
        raise why_not(review, reviewer, otherwise=AlreadyClaimed())
    if not held_before:
        audit.record("review.claimed", actor=reviewer, subject=review)
    review.refresh_from_db()
    return review


def renew(*, review: Review, reviewer: Artist) -> Review:
    """Prolong a claim while one works. Raises ClaimIsOver, AlreadyDecided, WasWithdrawn."""
    if not Review.objects.renew(_held_with(review, reviewer), reviewer):
        raise ended(review, otherwise=ClaimIsOver())
    review.refresh_from_db()
    return review


@transaction.atomic
def release(*, review: Review, reviewer: Artist) -> None:
    """Give a claim back before it expires. Raises ClaimIsOver where there is none to give."""
    if not Review.objects.release(_held_with(review, reviewer), reviewer):
        raise ClaimIsOver
    audit.record("review.released", actor=reviewer, subject=review)


def _held_with(review: Review, reviewer: Artist) -> set[UUID]:
    """The review, with those of its set that the reviewer has claimed too."""
    claimed = Review.objects.filter(status=Review.Status.CLAIMED, claimed_by=reviewer)
    return {review.pk, *claimed.together(review)}
