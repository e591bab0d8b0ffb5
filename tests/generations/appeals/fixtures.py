"""What was refused or taken down, and appeals against it."""

from collections.abc import Callable
from typing import Any

import pytest

from artists.models import Artist
from generations.appeals import services
from generations.models import Appeal, Ground, Review, Share, Submission
from generations.reviews import claiming, deciding
from generations.sharing.services import take_down
from tests.generations.reviews.acting import claim, decide, let_stand
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission

REASON = "Whose face is it?"
TEXT = "It is my own face."

MakeRefusal = Callable[..., Submission]
MakeTakeDown = Callable[..., Share]
MakeAppeal = Callable[..., Appeal]


@pytest.fixture
def make_refusal(make_submission: MakeSubmission, reviewer: Artist, ground: Ground) -> MakeRefusal:
    """Submit a finished work, and let Rita refuse it."""

    def make(outcome: str = "reject", *, work: Any = None, by: Artist = reviewer) -> Submission:
        submission = claim(submission=make_submission(work), reviewer=by)
        decide(submission=submission, reviewer=by, outcome=outcome, ground=ground, reason=REASON)
        submission.refresh_from_db()
        return submission

    return make


@pytest.fixture
def make_take_down(make_share: MakeShare, manager: Artist, ground: Ground) -> MakeTakeDown:
    """Let Rita approve a finished work, and Mona take its page down."""

    def make(share: Share | None = None) -> Share:
        share = share or make_share()
        take_down(share, manager=manager, ground=ground, reason=REASON)
        share.refresh_from_db()
        return share

    return make


@pytest.fixture
def make_appeal(make_refusal: MakeRefusal) -> MakeAppeal:
    """Appeal against a refusal, a new one unless told which."""

    def make(submission: Submission | None = None, *, text: str = TEXT) -> Appeal:
        return services.appeal(submission=submission or make_refusal(), text=text)

    return make


@pytest.fixture
def appeal(make_appeal: MakeAppeal) -> Appeal:
    return make_appeal()


@pytest.fixture
def second_reviewer(make_artist: Callable[..., Artist]) -> Artist:
    """Sven, who has no part in anything yet."""
    return make_artist("Sven", role="reviewer")


def judge(appeal: Appeal, *, by: Artist, outcome: str, reason: str = "") -> Appeal:
    """Claim an appeal and decide on it, and let that stand."""
    review = Review.objects.get(appeal=appeal)
    claiming.claim(review=review, reviewer=by)
    let_stand(deciding.decide(review=review, reviewer=by, outcome=outcome, reason=reason))
    return Appeal.objects.of(appeal.artist).get(pk=appeal.pk)
