"""Claims that their reviewers let run out."""

from django.db import transaction

from generations.models import Review
from portal import audit


def expire_claims() -> int:
    """Free what reviewers no longer work on, each with its event; return how many there were."""
    return sum(_expire(review) for review in Review.objects.run_out())


@transaction.atomic
def _expire(review: Review) -> bool:
    is_expired = Review.objects.expire(review.pk)
    if is_expired:
        facts = {"reviewer": review.claimed_by_id}
        audit.record("review.claim_expired", actor=None, subject=review, facts=facts)
    return is_expired
