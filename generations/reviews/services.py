"""Claims and decisions."""

from django.db import transaction

from artists.models import Artist
from generations.models import Decision, Generation, Ground, Rendition, Share, Submission
from generations.reviews.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    ClaimIsOver,
    OwnWork,
    RefusalNeedsGround,
    WasWithdrawn,
)
from generations.tasks import tell_decision
from portal import audit
from portal.errors import PortalError

STATUS_AFTER = {
    Decision.Outcome.APPROVE: Submission.Status.APPROVED,
    Decision.Outcome.CHANGES: Submission.Status.CHANGES_ASKED,
    Decision.Outcome.REJECT: Submission.Status.REJECTED,
}


def claim(*, submission: Submission, reviewer: Artist) -> Submission:
    """Give a submission to one reviewer for settings.CLAIM_MINUTES, or renew their claim.

    Raises OwnWork, AlreadyClaimed while another's claim runs, AlreadyDecided, WasWithdrawn.
    """
    if submission.artist_id == reviewer.pk:
        raise OwnWork
    claimed = Submission.objects.claim(submission.pk, reviewer)
    submission.refresh_from_db()
    if not claimed:
        raise _refusal(submission, otherwise=AlreadyClaimed())
    return submission


def release(*, submission: Submission, reviewer: Artist) -> None:
    """Give a claim back before it expires. Raises ClaimIsOver where there is none to give."""
    if not Submission.objects.release(submission.pk, reviewer):
        raise ClaimIsOver


@transaction.atomic
def decide(
    *,
    submission: Submission,
    reviewer: Artist,
    outcome: str,
    ground: Ground | None = None,
    reason: str = "",
) -> Decision:
    """Decide on a submission that the reviewer has claimed; an approval makes its share.

    The decision names the hashes of the files that were reviewed (I1). Raises OwnWork,
    RefusalNeedsGround, and, where somebody or time was quicker, AlreadyDecided, WasWithdrawn or
    ClaimIsOver; then nothing is changed.
    """
    outcome, reason = Decision.Outcome(outcome), reason.strip()
    if submission.artist_id == reviewer.pk:
        raise OwnWork
    if outcome == Decision.Outcome.APPROVE:
        ground = None
    elif ground is None or not reason:
        raise RefusalNeedsGround
    _lock_work(submission)
    if not Submission.objects.decide(submission.pk, reviewer, to=STATUS_AFTER[outcome]):
        submission.refresh_from_db()
        raise _refusal(submission, otherwise=ClaimIsOver())
    decision = Decision.objects.create(
        submission=submission,
        reviewer=reviewer,
        artist_id=submission.artist_id,
        outcome=outcome,
        ground=ground,
        reason=reason,
        **_reviewed_hashes(submission),
    )
    if outcome == Decision.Outcome.APPROVE:
        Share.objects.create(submission=submission)
    audit.record("decision.made", actor=reviewer, subject=decision, facts=_facts(decision))
    tell_decision.delay_on_commit(decision.pk)
    return decision


def _lock_work(submission: Submission) -> None:
    """Let no new submission of the same work be made until the decision stands."""
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=submission.generation_id)


def _reviewed_hashes(submission: Submission) -> dict[str, str]:
    kinds = (Rendition.Kind.PROXY, Rendition.Kind.POSTER, Rendition.Kind.FILMSTRIP)
    beside = Rendition.objects.filter(generation=submission.generation_id, kind__in=kinds)
    hashes = {f"{kind}_sha256": sha256 for kind, sha256 in beside.values_list("kind", "sha256")}
    return hashes | {"rendition_sha256": Rendition.objects.get(pk=submission.rendition_id).sha256}


def _facts(decision: Decision) -> dict[str, object]:
    return {
        "submission": str(decision.submission_id),
        "outcome": decision.outcome,
        "ground": decision.ground and decision.ground.code,
        "ground_version": decision.ground and decision.ground.version,
        "rendition_sha256": decision.rendition_sha256,
    }


def _refusal(submission: Submission, *, otherwise: PortalError) -> PortalError:
    """Say why a conditional UPDATE of this submission found nothing to change."""
    if submission.status == Submission.Status.WITHDRAWN:
        return WasWithdrawn()
    return otherwise if submission.is_undecided else AlreadyDecided()
