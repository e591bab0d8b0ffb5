"""What every enacted decision writes down, whatever kind of review it came from."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from artists.models import Artist
from generations.judging.ending import take_down_share
from generations.models import (
    Decision,
    Generation,
    Ground,
    Opinion,
    Rendition,
    Review,
    Share,
    SignedCopy,
    Submission,
    WebhookDelivery,
)
from portal import audit


class Overtaken(Exception):
    """Somebody else enacted the opinion, or what it was about was taken back."""


class Said(TypedDict):
    """Columns of a decision that whoever enacts it gives; one by silence has no reviewer."""

    outcome: str
    reviewer: NotRequired[Artist]
    is_by_silence: NotRequired[bool]
    ground: NotRequired[Ground | None]
    reason: NotRequired[str]
    told_at: NotRequired[datetime]


def submission_of(review: Review) -> Submission:
    if review.submission is None:
        raise ValueError(f"{review} is of no submission")
    return review.submission


def lock_work(submission: Submission) -> None:
    """Let no new submission of the same work be made until the decision stands."""
    Generation.objects.select_for_update(no_key=True).only("pk").get(pk=submission.generation_id)


def write_decision(
    submission: Submission, *, copy: SignedCopy | None = None, **said: Unpack[Said]
) -> Decision:
    """Write a decision down with all that follows from it, in the transaction that moves the
    submission; `copy` is what an approval makes public.

    The decision names the hashes of the files that were reviewed, and of the signed copy (I1).
    """
    if copy is not None:
        copy.save(force_insert=True)
    decision = Decision.objects.create(
        submission=submission,
        artist_id=submission.artist_id,
        public_sha256=copy.sha256 if copy else "",
        **_reviewed_hashes(submission),
        **said,
    )
    if copy is not None:
        Share.objects.create(submission=submission)
    WebhookDelivery.objects.note_decision(decision)
    audit.record(
        "decision.made", actor=decision.reviewer, subject=decision, facts=_facts_of(decision)
    )
    return decision


def take_down(share: Share, opinion: Opinion, *, reported_in: Review | None = None) -> bool:
    """End a live share as an opinion says; False means that it was not live.

    `reported_in` is the review of the reports that led to it, for the audit trail.
    """
    ground = opinion.ground
    if ground is None:
        raise ValueError("the database takes no take-down without a ground")
    is_ended = take_down_share(share.pk, by=opinion.reviewer, ground=ground, reason=opinion.reason)
    if is_ended:
        facts = {"ground": ground.code, "ground_version": ground.version}
        if reported_in is not None:
            facts["review"] = str(reported_in.pk)
        audit.record("share.taken_down", actor=opinion.reviewer, subject=share, facts=facts)
    return is_ended


def _reviewed_hashes(submission: Submission) -> dict[str, str]:
    kinds = (Rendition.Kind.PROXY, Rendition.Kind.POSTER, Rendition.Kind.FILMSTRIP)
    beside = Rendition.objects.filter(generation=submission.generation_id, kind__in=kinds)
    hashes = {f"{kind}_sha256": sha256 for kind, sha256 in beside.values_list("kind", "sha256")}
    return hashes | {"rendition_sha256": Rendition.objects.get(pk=submission.rendition_id).sha256}


def _facts_of(decision: Decision) -> dict[str, object]:
    facts: dict[str, object] = {
        "submission": str(decision.submission_id),
        "outcome": decision.outcome,
        "ground": decision.ground and decision.ground.code,
        "ground_version": decision.ground and decision.ground.version,
        "rendition_sha256": decision.rendition_sha256,
        "public_sha256": decision.public_sha256,
    }
    return facts | {"by_silence": True} if decision.is_by_silence else facts
