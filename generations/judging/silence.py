"""Approval by silence: the date has passed, nobody has spoken, and the promise says so.

It is enacted as an opinion is, but without one: no person stands behind it (I9).
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from generations.judging.records import Overtaken, lock_work, submission_of, write_decision
from generations.media.credentials.copies import public_copy
from generations.models import Decision, Opinion, Review, SignedCopy, Submission
from generations.promise.lateness import silent, unmoved

AT_ONCE = 100


def due() -> list[UUID]:
    """What silence approves now, AT_ONCE at most: of more the lot chooses, as of opinions."""
    return list(silent().order_by("?").values_list("pk", flat=True)[:AT_ONCE])


def approve(review_id: UUID) -> Decision | None:
    """Approve by silence, once; None where somebody spoke, claimed or flagged it meanwhile.

    Raises NotSigned or FilesAway where there is no copy to publish; then it is due still.
    """
    related = ("submission__rendition", "submission__generation__video_model")
    review = silent().filter(pk=review_id).select_related(*related).first()
    if review is None:
        return None
    try:
        with public_copy(submission_of(review), approved_at=timezone.now()) as copy:
            return _write_down(review, copy)
    except Overtaken:
        return None


@transaction.atomic
def _write_down(review: Review, copy: SignedCopy) -> Decision:
    submission = submission_of(review)
    lock_work(submission)
    undecided = unmoved(review).filter(is_flagged=False, level=Review.Level.REVIEWERS)
    if not undecided.close() or Opinion.objects.given().filter(review=review).exists():
        raise Overtaken
    if not Submission.objects.decide(submission.pk, to=Submission.Status.APPROVED):
        raise Overtaken
    return write_decision(
        submission, copy=copy, is_by_silence=True, outcome=Decision.Outcome.APPROVE
    )
