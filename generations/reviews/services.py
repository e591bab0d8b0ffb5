"""Claims and decisions."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.media.credentials.copies import public_copy
from generations.models import (
    Decision,
    Generation,
    Ground,
    Rendition,
    Share,
    SignedCopy,
    Submission,
)
from generations.reviews.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    ClaimIsOver,
    OwnWork,
    RefusalNeedsGround,
    WasWithdrawn,
)
from generations.tasks import know_copy, tell_decision
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
    if not claimed:
        raise _refusal(submission, otherwise=AlreadyClaimed())
    submission.refresh_from_db()
    return submission


def release(*, submission: Submission, reviewer: Artist) -> None:
    """Give a claim back before it expires. Raises ClaimIsOver where there is none to give."""
    if not Submission.objects.release(submission.pk, reviewer):
        raise ClaimIsOver


def decide(
    *,
    submission: Submission,
    reviewer: Artist,
    outcome: str,
    ground: Ground | None = None,
    reason: str = "",
) -> Decision:
    """Decide on a submission that the reviewer has claimed; an approval makes its share.

    The decision names the hashes of the files that were reviewed, and of the signed copy that
    becomes public (I1). That copy says that it was approved, so it is made here, before the
    transaction that it stands or falls with. Raises OwnWork, RefusalNeedsGround, NotSigned or
    FilesAway where there is no copy to publish, and, where somebody or time was quicker,
    AlreadyDecided, WasWithdrawn or ClaimIsOver; then nothing is changed.
    """
    outcome, reason = Decision.Outcome(outcome), reason.strip()
    if submission.artist_id == reviewer.pk:
        raise OwnWork
    if outcome == Decision.Outcome.APPROVE:
        ground = None
    elif ground is None or not reason:
        raise RefusalNeedsGround
    write_down = partial(
        _write_down,
        submission=submission,
        reviewer=reviewer,
        outcome=outcome,
        ground=ground,
        reason=reason,
    )
    if outcome != Decision.Outcome.APPROVE:
        return write_down()
    if not Submission.objects.held_by(reviewer).filter(pk=submission.pk).exists():
        raise _refusal(submission, otherwise=ClaimIsOver())
    with public_copy(submission, approved_at=timezone.now()) as copy:
        return write_down(copy=copy)


@transaction.atomic
def _write_down(
    *,
    submission: Submission,
    reviewer: Artist,
    outcome: Decision.Outcome,
    ground: Ground | None,
    reason: str,
    copy: SignedCopy | None = None,
) -> Decision:
    """Move the submission, and write down the decision with all that follows from it."""
    _lock_work(submission)
    if not Submission.objects.decide(submission.pk, reviewer, to=STATUS_AFTER[outcome]):
        raise _refusal(submission, otherwise=ClaimIsOver())
    if copy is not None:
        copy.save(force_insert=True)
    decision = Decision.objects.create(
        submission=submission,
        reviewer=reviewer,
        artist_id=submission.artist_id,
        outcome=outcome,
        ground=ground,
        reason=reason,
        public_sha256=copy.sha256 if copy else "",
        **_reviewed_hashes(submission),
    )
    if copy is not None:
        Share.objects.create(submission=submission)
    audit.record("decision.made", actor=reviewer, subject=decision, facts=_facts(decision))
    tell_decision.delay_on_commit(decision.pk)
    if copy is not None:
        know_copy.delay_on_commit(str(copy.pk))
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
        "public_sha256": decision.public_sha256,
    }


def _refusal(submission: Submission, *, otherwise: PortalError) -> PortalError:
    """Say why a conditional UPDATE of this submission found nothing to change."""
    submission.refresh_from_db()
    if submission.status == Submission.Status.WITHDRAWN:
        return WasWithdrawn()
    return otherwise if submission.is_undecided else AlreadyDecided()
