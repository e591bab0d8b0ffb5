"""Submissions that were decided at a moment of the past, written down without files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from artists.models import Artist
from generations.models import Appeal, Decision, Ground, Opinion, Review, Submission
from tests.generations.sharing.fixtures import MakeSubmission

Settle = Callable[..., Submission]
STATUS = {
    "approve": Submission.Status.APPROVED,
    "changes": Submission.Status.CHANGES_ASKED,
    "reject": Submission.Status.REJECTED,
}


@pytest.fixture
def settle(make_submission: MakeSubmission, reviewer: Artist, ground: Ground) -> Settle:
    """Decide at a moment what was submitted so long before, due within so long."""

    def make(
        at: datetime,
        *,
        took: timedelta = timedelta(hours=10),
        due_after: timedelta = timedelta(hours=48),
        outcome: str = "approve",
        by_silence: bool = False,
        by: Artist = reviewer,
        on: Ground = ground,
    ) -> Submission:
        submission = make_submission()
        made_at = at - took
        Submission.objects.filter(pk=submission.pk).update(
            created_at=made_at, due_at=made_at + due_after, closed_at=at, status=STATUS[outcome]
        )
        reviews = Review.objects.filter(submission=submission)
        reviews.update(created_at=made_at, first_claimed_at=made_at + took / 2)
        reviews.update(status=Review.Status.CLOSED, closed_at=at)
        refusal: dict[str, Any] = {} if outcome == "approve" else {"ground": on, "reason": "No"}
        decision = Decision.objects.create(
            submission=submission,
            reviewer=None if by_silence else by,
            is_by_silence=by_silence,
            artist=submission.artist,
            outcome=outcome,
            rendition_sha256="0" * 64,
            **refusal,
        )
        Decision.objects.filter(pk=decision.pk).update(created_at=at)
        if not by_silence:
            say(submission, by, outcome, at=at, **refusal)
        submission.refresh_from_db()
        return submission

    return make


def say(submission: Submission, by: Artist, outcome: str, *, at: datetime, **words: Any) -> None:
    """Let somebody have judged a submission."""
    opinion = Opinion.objects.create(
        review=submission.review,
        about=submission,
        reviewer=by,
        artist=submission.artist,
        outcome=outcome,
        enacted_at=at,
        **words,
    )
    Opinion.objects.filter(pk=opinion.pk).update(created_at=at)


def appeal_decided(submission: Submission, by: Artist, outcome: str, *, at: datetime) -> None:
    against = submission.opinions.select_related("ground").get()
    assert against.ground
    appeal = Appeal.objects.create(
        artist=submission.artist,
        submission=submission,
        against=against,
        ground=against.ground,
        text="Look again.",
        outcome=outcome,
        decided_by=by,
        decided_at=at,
    )
    Review.objects.create(
        kind=Review.Kind.APPEAL,
        appeal=appeal,
        about=submission,
        artist=submission.artist,
        cohort=submission.artist.cohort,
        video_model=submission.generation.video_model,
        due_at=at,
        status=Review.Status.CLOSED,
        closed_at=at,
    )
