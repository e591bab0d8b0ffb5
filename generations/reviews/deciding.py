"""What reviewers say under their claims, and how they take it back."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from artists.models import Artist
from generations.models import Ground, Opinion, Review
from generations.models.opinion import undo_ends_at
from generations.models.reply_template import gaps_in
from generations.reviews.errors import (
    ClaimIsOver,
    EscalationNeedsWords,
    HadAPart,
    ManagersTakeDown,
    OutcomeDoesNotFit,
    OwnWork,
    ReasonHasGaps,
    RefusalNeedsGround,
    SetAcrossArtists,
    TooLateToUndo,
    UpholdingNeedsWords,
)
from generations.reviews.refusals import ended, had_a_part
from generations.tasks import enact_opinions
from portal import audit

OUTCOMES = {
    Review.Kind.SUBMISSION: (
        Opinion.Outcome.APPROVE,
        Opinion.Outcome.CHANGES,
        Opinion.Outcome.REJECT,
        Opinion.Outcome.ESCALATE,
    ),
    Review.Kind.APPEAL: (
        Opinion.Outcome.UPHOLD,
        Opinion.Outcome.OVERTURN,
        Opinion.Outcome.ESCALATE,
    ),
    Review.Kind.REPORT: (
        Opinion.Outcome.DISMISS,
        Opinion.Outcome.TAKE_DOWN,
        Opinion.Outcome.ESCALATE,
    ),
}
TAKE_DOWN = "generations.take_down_share"
REFUSING = (Opinion.Outcome.CHANGES, Opinion.Outcome.REJECT, Opinion.Outcome.TAKE_DOWN)


def decide(
    *,
    review: Review,
    reviewer: Artist,
    outcome: str,
    ground: Ground | None = None,
    reason: str = "",
    words_inside: str = "",
    wants_second: bool = False,
) -> Opinion:
    """Decide on what the reviewer has claimed; it stands after settings.UNDO_SECONDS.

    What follows from it is enacted then (generations/judging/enacting.py). Raises OwnWork,
    OutcomeDoesNotFit, RefusalNeedsGround, UpholdingNeedsWords, ReasonHasGaps, EscalationNeedsWords,
    HadAPart and, where somebody or time was quicker, AlreadyDecided, WasWithdrawn or ClaimIsOver;
    then nothing is changed.
    """
    (opinion,) = decide_together(
        reviews=[review],
        reviewer=reviewer,
        outcome=outcome,
        ground=ground,
        reason=reason,
        words_inside=words_inside,
        wants_second=wants_second,
    )
    return opinion


@transaction.atomic
def decide_together(
    *,
    reviews: Iterable[Review],
    reviewer: Artist,
    outcome: str,
    ground: Ground | None = None,
    reason: str = "",
    words_inside: str = "",
    wants_second: bool = False,
) -> list[Opinion]:
    """Decide alike on reviews of one set that the reviewer has claimed, on all or on none.

    Raises what `decide` raises, and SetAcrossArtists for what was not submitted together.
    """
    outcome, reason, words_inside = Opinion.Outcome(outcome), reason.strip(), words_inside.strip()
    reviews = sorted(reviews, key=lambda review: review.pk)  # as everybody locks a set
    if outcome in REFUSING and (ground is None or not reason):
        raise RefusalNeedsGround
    if gaps_in(reason):
        raise ReasonHasGaps
    if outcome == Opinion.Outcome.ESCALATE and not words_inside:
        raise EscalationNeedsWords
    if not _are_together(reviews):
        raise SetAcrossArtists
    if outcome == Opinion.Outcome.UPHOLD and not reason:
        raise UpholdingNeedsWords
    Review.objects.lock(review.pk for review in reviews)
    stands_at = undo_ends_at()
    return [
        _give(
            review=review,
            reviewer=reviewer,
            outcome=outcome,
            ground=ground if outcome in REFUSING else None,
            reason=reason,
            words_inside=words_inside,
            wants_second=wants_second,
            stands_at=stands_at,
        )
        for review in reviews
    ]


def _are_together(reviews: list[Review]) -> bool:
    """Say whether these are one review, or submissions of one set of one artist."""
    if len(reviews) == 1:
        return True
    sets = {review.submission and review.submission.set_id for review in reviews}
    return len(sets) == 1 and None not in sets


def _give(
    *,
    review: Review,
    reviewer: Artist,
    outcome: Opinion.Outcome,
    ground: Ground | None,
    reason: str,
    words_inside: str,
    wants_second: bool,
    stands_at: datetime,
) -> Opinion:
    if review.artist_id == reviewer.pk:
        raise OwnWork
    if outcome not in OUTCOMES[Review.Kind(review.kind)]:
        raise OutcomeDoesNotFit
    if outcome == Opinion.Outcome.TAKE_DOWN and not reviewer.has_perm(TAKE_DOWN):
        raise ManagersTakeDown
    if not Review.objects.decide(review.pk, reviewer):
        raise ended(review, otherwise=ClaimIsOver())
    if had_a_part(review, reviewer):
        raise HadAPart
    opinion = Opinion.objects.create(
        review=review,
        about_id=review.about_id,
        reviewer=reviewer,
        artist_id=review.artist_id,
        outcome=outcome,
        ground=ground,
        reason=reason,
        words_inside=words_inside,
        wants_second=wants_second,
        stands_at=stands_at,
    )
    audit.record("opinion.given", actor=reviewer, subject=opinion, facts={"outcome": outcome})
    if settings.UNDO_SECONDS == 0:
        enact_opinions.delay_on_commit()
    return opinion


@transaction.atomic
def undo(*, opinion: Opinion, reviewer: Artist) -> list[Review]:
    """Take one's own decision back while it may be, with what was decided by the same act of the
    rest of its set: all of it or nothing. The reviews are claimed again. Raises TooLateToUndo.
    """
    act = Opinion.objects.given_with(opinion).filter(reviewer=reviewer)
    reviews = Review.objects.filter(opinions__in=act).order_by("pk")
    review_ids = list(reviews.values_list("pk", flat=True))
    Review.objects.lock(review_ids)
    if not review_ids or not Review.objects.undo(review_ids, reviewer):
        raise TooLateToUndo
    undone = list(Opinion.objects.filter(review__in=review_ids).pending().order_by("pk"))
    if Opinion.objects.undo(undone, reviewer=reviewer) != len(review_ids):
        raise TooLateToUndo
    for one in undone:
        audit.record("opinion.undone", actor=reviewer, subject=one)
    return list(Review.objects.filter(pk__in=review_ids).order_by("pk"))
