"""What follows from an opinion once it can no longer be undone.

Each is enacted once: the row says so in the same transaction as what follows. A worker that dies
before that leaves an opinion that is still due.
"""

import logging
from typing import assert_never

from django.db import transaction
from django.utils import timezone

from generations.judging.appeals import judge_appeal
from generations.judging.records import Overtaken, lock_work, submission_of, write_decision
from generations.judging.reports import judge_reports
from generations.judging.second_looks import is_sampled
from generations.media.credentials.copies import public_copy
from generations.models import (
    Appeal,
    Decision,
    Opinion,
    Review,
    Share,
    SignedCopy,
    Submission,
)
from portal import audit

AT_ONCE = 100
STATUS_AFTER = {
    Opinion.Outcome.APPROVE: Submission.Status.APPROVED,
    Opinion.Outcome.CHANGES: Submission.Status.CHANGES_ASKED,
    Opinion.Outcome.REJECT: Submission.Status.REJECTED,
}

logger = logging.getLogger(__name__)


def due() -> list[int]:
    """Opinions that stand and that nothing has followed from yet, AT_ONCE at most.

    Of more the lot chooses, so that those which fail each time keep no others waiting.
    """
    return list(Opinion.objects.due().order_by("?").values_list("pk", flat=True)[:AT_ONCE])


def enact(opinion_id: int) -> Decision | Appeal | Share | None:
    """Let follow what an opinion says; return the decision that it came to, if it did, the appeal
    that it ended, or the share whose reports it answered.

    Raises NotSigned or FilesAway where there is no copy to publish; then it is due still.
    """
    opinions = Opinion.objects.due().select_related(
        "ground",
        "reviewer",
        "review__cohort",
        "review__video_model",
        "review__submission__rendition",
        "review__submission__generation__video_model",
        "review__appeal__against__reviewer",
        "review__appeal__artist",
        "review__appeal__ground",
        "review__appeal__refused",
        "review__appeal__submission__rendition",
        "review__appeal__submission__generation__video_model",
        "review__appeal__share__submission",
    )
    opinion = opinions.filter(pk=opinion_id).first()
    if opinion is None:
        return None
    try:
        return _follow(opinion)
    except Overtaken:
        return None


def _follow(opinion: Opinion) -> Decision | Appeal | Share | None:
    if opinion.outcome == Opinion.Outcome.ESCALATE:
        return _hand_on(opinion, level=Review.Level.MANAGERS)
    match Review.Kind(opinion.review.kind):
        case Review.Kind.SUBMISSION:
            return _judge_submission(opinion)
        case Review.Kind.APPEAL:
            return _judge_appeal(opinion)
        case Review.Kind.REPORT:
            return judge_reports(opinion)
        case _ as never:
            assert_never(never)


def _judge_submission(opinion: Opinion) -> Decision | None:
    """Decide, or ask a second person, or a manager where two persons differ."""
    level = _goes_on_to(opinion, needs_two=_needs_two(opinion))
    if level is not None:
        return _hand_on(opinion, level=level)
    if opinion.outcome != Opinion.Outcome.APPROVE:
        return _write_down(opinion)
    with public_copy(submission_of(opinion.review), approved_at=timezone.now()) as copy:
        return _write_down(opinion, copy=copy)


def _judge_appeal(opinion: Opinion) -> Appeal | None:
    """End an appeal; what an overturn would publish needs two where its approval would."""
    level = _goes_on_to(opinion, needs_two=_publishes_what_needs_two(opinion))
    return judge_appeal(opinion) if level is None else _hand_on(opinion, level=level)


def _goes_on_to(opinion: Opinion, *, needs_two: bool) -> Review.Level | None:
    """Who else is to decide: a second person, or a manager where two differ; None for nobody."""
    review = opinion.review
    if review.level == Review.Level.MANAGERS:
        return Review.Level.REVIEWERS if needs_two and _came_by_oneself(opinion) else None
    first = review.opinions.judging().exclude(pk=opinion.pk).order_by("pk").first()
    if first is None:
        return Review.Level.REVIEWERS if needs_two else None
    return Review.Level.MANAGERS if first.outcome != opinion.outcome else None


def _came_by_oneself(opinion: Opinion) -> bool:
    """Whether nobody but the manager who decides has said anything: they handed it to managers."""
    return not opinion.review.opinions.given().exclude(reviewer=opinion.reviewer).exists()


def _needs_two(opinion: Opinion) -> bool:
    """A second person looks where the reviewer, the ground, the cohort or the video model asks."""
    review, ground = opinion.review, opinion.ground
    return (
        opinion.wants_second
        or (ground is not None and ground.needs_two_reviewers)
        or _is_of_what_needs_two(review)
        or is_sampled(review)
    )


def _publishes_what_needs_two(opinion: Opinion) -> bool:
    """An overturn of what two had to refuse, or of a cohort or video model that asks for two."""
    appeal = opinion.review.appeal
    if opinion.outcome != Opinion.Outcome.OVERTURN or appeal is None or appeal.refused_id:
        return False
    return appeal.ground.needs_two_reviewers or _is_of_what_needs_two(opinion.review)


def _is_of_what_needs_two(review: Review) -> bool:
    of_cohort = review.cohort is not None and review.cohort.needs_two_reviewers
    return of_cohort or review.video_model.needs_two_reviewers


@transaction.atomic
def _hand_on(opinion: Opinion, *, level: Review.Level) -> None:
    """Put a review back into the queue, for somebody else."""
    is_handed_on = Review.objects.hand_on(opinion.review_id, to=level)
    if not is_handed_on or not Opinion.objects.enact(opinion.pk):
        raise Overtaken
    facts = {"level": level, "opinion": opinion.pk}
    audit.record("review.handed_on", actor=opinion.reviewer, subject=opinion.review, facts=facts)


@transaction.atomic
def _write_down(opinion: Opinion, *, copy: SignedCopy | None = None) -> Decision:
    """Move the submission, and write down the decision with all that follows from it.

    The copy says that it was approved, so it is made before the transaction that it stands or
    falls with.
    """
    submission = submission_of(opinion.review)
    lock_work(submission)
    is_closed = Review.objects.close_decided(opinion.review_id)
    if not is_closed or not Opinion.objects.enact(opinion.pk):
        raise Overtaken
    if not Submission.objects.decide(
        submission.pk, to=STATUS_AFTER[Opinion.Outcome(opinion.outcome)]
    ):
        raise Overtaken
    return write_decision(
        submission,
        copy=copy,
        reviewer=opinion.reviewer,
        outcome=opinion.outcome,
        ground=opinion.ground,
        reason=opinion.reason,
    )
