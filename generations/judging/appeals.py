"""What follows from the decision on an appeal: the first one stands, or is undone by itself."""

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.judging.records import Overtaken, lock_work, write_decision
from generations.media.credentials.copies import public_copy
from generations.models import (
    Appeal,
    AppealLetter,
    Decision,
    Opinion,
    RefusedPrompt,
    Review,
    Share,
    SignedCopy,
    Submission,
)
from portal import audit

Kind = AppealLetter.Kind


def judge_appeal(opinion: Opinion) -> Appeal:
    """Uphold or overturn. A refusal that is overturned becomes an approval of the same submission
    made anew; a page that was taken down opens again at its address; a refused prompt passes.

    Raises Overtaken, and NotSigned or FilesAway where there is no copy to publish.
    """
    appeal = opinion.review.appeal
    if appeal is None:
        raise ValueError(f"{opinion.review} is of no appeal")
    if opinion.outcome == Opinion.Outcome.UPHOLD:
        return _uphold(opinion, appeal)
    if appeal.refused is not None:
        return _allow(opinion, appeal, refused=appeal.refused)
    if appeal.share is not None:
        return _reinstate(opinion, appeal, share=appeal.share)
    again = _anew(opinion, appeal.the_submission)
    with public_copy(again, approved_at=timezone.now()) as copy:
        return _approve_anew(opinion, appeal, again=again, copy=copy)


@transaction.atomic
def _uphold(opinion: Opinion, appeal: Appeal) -> Appeal:
    _end(opinion, appeal, to=Appeal.Outcome.UPHOLD)
    if appeal.submission_id and not Submission.objects.end_appeal(
        appeal.submission_id, to=Submission.Status.UPHELD
    ):
        raise Overtaken
    _record(opinion, appeal)
    return appeal


@transaction.atomic
def _reinstate(opinion: Opinion, appeal: Appeal, *, share: Share) -> Appeal:
    _end(opinion, appeal, to=Appeal.Outcome.OVERTURN)
    if not Share.objects.reinstate(share.pk):
        raise Overtaken
    _record(opinion, appeal)
    audit.record("share.reinstated", actor=opinion.reviewer, subject=share)
    return appeal


@transaction.atomic
def _allow(opinion: Opinion, appeal: Appeal, *, refused: RefusedPrompt) -> Appeal:
    """Let these words of this artist pass, and be flagged. Nothing is made or charged by it."""
    _end(opinion, appeal, to=Appeal.Outcome.OVERTURN)
    is_new = RefusedPrompt.objects.allow(refused.pk)
    _record(opinion, appeal)
    if is_new:
        audit.record("prompt.allowed", actor=opinion.reviewer, subject=refused)
    return appeal


@transaction.atomic
def _approve_anew(
    opinion: Opinion, appeal: Appeal, *, again: Submission, copy: SignedCopy
) -> Appeal:
    """Approve in a second submission what was refused in the first, as who overturns decides."""
    first = appeal.the_submission
    _end(opinion, appeal, to=Appeal.Outcome.OVERTURN)
    if not Submission.objects.end_appeal(first.pk, to=Submission.Status.OVERTURNED):
        raise Overtaken
    again.closed_at = timezone.now()
    again.save(force_insert=True)
    _say_so(opinion, again)
    write_decision(
        again,
        copy=copy,
        reviewer=opinion.reviewer,
        outcome=Decision.Outcome.APPROVE,
        reason=opinion.reason,
        told_at=again.closed_at,  # the letter about the appeal tells it
    )
    _record(opinion, appeal)
    return appeal


def _anew(opinion: Opinion, first: Submission) -> Submission:
    """The submission that is approved in the place of the first: the same words and choices."""
    kept = (
        "artist",
        "generation",
        "rendition",
        "set",
        "title",
        "note",
        "credit_name",
        "show_prompt",
        "destination",
        "file_has_name",
        "file_has_prompt",
        "file_allows_training",
    )
    return Submission(
        previous=first,
        status=Submission.Status.APPROVED,
        due_at=opinion.review.due_at,
        **{name: getattr(first, name) for name in kept},
    )


def _say_so(opinion: Opinion, again: Submission) -> None:
    """Give the new submission its review, with the approval as its reviewer's opinion: they have a
    part in it from now on, should its page be taken down.
    """
    now = timezone.now()
    review = Review.objects.create(
        submission=again,
        about=again,
        artist_id=again.artist_id,
        cohort_id=opinion.review.cohort_id,
        video_model_id=opinion.review.video_model_id,
        status=Review.Status.CLOSED,
        due_at=again.due_at,
        closed_at=now,
    )
    Opinion.objects.create(
        review=review,
        about=again,
        reviewer=opinion.reviewer,
        artist_id=again.artist_id,
        outcome=Opinion.Outcome.APPROVE,
        reason=opinion.reason,
        stands_at=now,
        enacted_at=now,
    )


def _end(opinion: Opinion, appeal: Appeal, *, to: Appeal.Outcome) -> None:
    """Close the appeal and its review, and have those told whom it concerns.

    The database refuses it of who had a part in what is appealed against (I9).
    """
    if appeal.refused is None:
        lock_work(appeal.the_submission)
    is_closed = Review.objects.close_decided(opinion.review_id)
    if not is_closed or not Opinion.objects.enact(opinion.pk):
        raise Overtaken
    if not Appeal.objects.decide(appeal.pk, to, by=opinion.reviewer):
        raise Overtaken
    now, first = timezone.now(), _first_reviewer(appeal)
    letters = [AppealLetter(appeal=appeal, to=appeal.artist, kind=Kind.DECIDED, not_before=now)]
    if to == Appeal.Outcome.OVERTURN and first is not None:
        letters.append(AppealLetter(appeal=appeal, to=first, kind=Kind.OVERTURNED, not_before=now))
    AppealLetter.objects.bulk_create(letters)
    appeal.refresh_from_db()


def _record(opinion: Opinion, appeal: Appeal) -> None:
    """Write its end into the audit trail, once no row is left to be waited for."""
    first = _first_reviewer(appeal)
    facts = _subject_of(appeal) | {
        "outcome": appeal.outcome,
        "ground": appeal.ground.code,
        "first_reviewer": first and first.pk,
    }
    audit.record("appeal.decided", actor=opinion.reviewer, subject=appeal, facts=facts)


def _first_reviewer(appeal: Appeal) -> Artist | None:
    """Who refused; nobody a prompt that the checks refused."""
    return appeal.against.reviewer if appeal.against else None


def _subject_of(appeal: Appeal) -> dict[str, object]:
    if appeal.refused is not None:
        return {"refused_prompt": str(appeal.refused.pk)}
    return {"submission": str(appeal.the_submission.pk)}
