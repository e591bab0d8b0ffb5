"""Claims: leases that give a review to one reviewer."""

from collections.abc import Iterable
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
    together = {review.pk, *Review.objects.decidable_by(reviewer).together(review)}
    Review.objects.lock(together)
    held = Review.objects.held_by(reviewer).filter(pk__in=together)
    held_before = set(held.values_list("pk", flat=True))
    if not Review.objects.claim(together, reviewer):
        raise why_not(review, reviewer, otherwise=AlreadyClaimed())
    _record("review.claimed", together - held_before, actor=reviewer)
    review.refresh_from_db()
    return review


@transaction.atomic
def renew(*, review: Review, reviewer: Artist) -> Review:
    """Prolong a claim while one works. Raises ClaimIsOver, AlreadyDecided, WasWithdrawn."""
    held = _held_with(review, reviewer)
    Review.objects.lock(held)
    if not Review.objects.renew(held, reviewer):
        raise ended(review, otherwise=ClaimIsOver())
    review.refresh_from_db()
    return review


@transaction.atomic
def release(*, review: Review, reviewer: Artist) -> None:
    """Give a claim back before it expires. Raises ClaimIsOver where there is none to give."""
    held = _held_with(review, reviewer)
    Review.objects.lock(held)
    if not Review.objects.release(held, reviewer):
        raise ClaimIsOver
    _record("review.released", held, actor=reviewer)


def _held_with(review: Review, reviewer: Artist) -> set[UUID]:
    """The review, with those of its set that the reviewer has claimed too."""
    claimed = Review.objects.filter(status=Review.Status.CLAIMED, claimed_by=reviewer)
    return {review.pk, *claimed.together(review)}


def _record(verb: str, review_ids: Iterable[UUID], *, actor: Artist) -> None:
    """Write down what happened to each of a set, for the steps that its artist sees of each."""
    for review in Review.objects.filter(pk__in=review_ids).order_by("pk"):
        audit.record(verb, actor=actor, subject=review)
