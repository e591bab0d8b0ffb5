"""Approval by silence: the date has passed, nobody has spoken, and the promise says so.

It is enacted as an opinion is, but without one: no person stands behind it (I9).
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from generations.judging.enacting import (
    Overtaken,
    facts_of,
    lock_work,
    reviewed_hashes,
    submission_of,
)
from generations.media.credentials.copies import public_copy
from generations.models import (
    Decision,
    Opinion,
    Review,
    Share,
    SignedCopy,
    Submission,
    WebhookDelivery,
)
from generations.promise.lateness import silent, unmoved
from portal import audit

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
    copy.save(force_insert=True)
    decision = Decision.objects.create(
        submission=submission,
        is_by_silence=True,
        artist_id=submission.artist_id,
        outcome=Decision.Outcome.APPROVE,
        public_sha256=copy.sha256,
        **reviewed_hashes(submission),
    )
    Share.objects.create(submission=submission)
    WebhookDelivery.objects.note_decision(decision)
    audit.record("decision.made", actor=None, subject=decision, facts=facts_of(decision))
    return decision
