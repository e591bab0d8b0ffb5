"""Claims that their reviewers let run out."""

from django.db import transaction
from django.utils import timezone

from generations.models import Review
from portal import audit


def expire_claims() -> int:
    """Free what reviewers no longer work on, each with its event; return how many there were."""
    ran_out = Review.objects.filter(
        status=Review.Status.CLAIMED, claim_expires_at__lte=timezone.now()
    )
    return sum(_expire(review) for review in ran_out)


@transaction.atomic
def _expire(review: Review) -> bool:
    is_expired = Review.objects.expire(review.pk)
    if is_expired:
        facts = {"reviewer": review.claimed_by_id}
        audit.record("review.claim_expired", actor=None, subject=review, facts=facts)
    return is_expired
