"""A claim gives a submission to one reviewer, for a while."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Ground, Review, Submission
from generations.reviews.errors import (
    AlreadyClaimed,
    AlreadyDecided,
    ClaimIsOver,
    OwnWork,
    WasWithdrawn,
)
from generations.sharing.services import withdraw_submission
from tests.generations.reviews.acting import claim, decide, release, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

PAST_A_CLAIM = timedelta(minutes=15, seconds=1)


@pytest.fixture
def second_reviewer(make_artist) -> Artist:
    return make_artist("Sven", role="reviewer")


def test_a_claim_lasts_as_long_as_the_settings_say(
    settings, submission: Submission, reviewer: Artist
) -> None:
    settings.CLAIM_MINUTES = 7
    now = timezone.now()

    with time_machine.travel(now, tick=False):
        claim(submission=submission, reviewer=reviewer)

    review = review_of(submission)
    assert review.status == Review.Status.CLAIMED
    assert review.claimed_by == reviewer
    assert review.claim_expires_at == now + timedelta(minutes=7)


def test_what_one_has_claimed_another_cannot_claim(
    claimed: Submission, second_reviewer: Artist
) -> None:
    with pytest.raises(AlreadyClaimed):
        claim(submission=claimed, reviewer=second_reviewer)

    assert review_of(claimed).claimed_by != second_reviewer


def test_claiming_again_renews_the_claim(claimed: Submission, reviewer: Artist) -> None:
    later = timezone.now() + timedelta(minutes=5)

    with time_machine.travel(later, tick=False):
        claim(submission=claimed, reviewer=reviewer)

    assert review_of(claimed).claim_expires_at == later + timedelta(minutes=15)


def test_an_expired_claim_is_free(claimed: Submission, second_reviewer: Artist) -> None:
    with time_machine.travel(timezone.now() + PAST_A_CLAIM):
        claim(submission=claimed, reviewer=second_reviewer)

    assert review_of(claimed).claimed_by == second_reviewer


def test_a_claim_is_given_back(
    claimed: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    release(submission=claimed, reviewer=reviewer)

    review = review_of(claimed)
    assert (review.status, review.claimed_by) == (Review.Status.WAITING, None)
    claim(submission=claimed, reviewer=second_reviewer)
    assert review_of(claimed).claimed_by == second_reviewer


def test_nobody_gives_back_the_claim_of_another(
    claimed: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    with pytest.raises(ClaimIsOver):
        release(submission=claimed, reviewer=second_reviewer)

    assert review_of(claimed).claimed_by == reviewer


def test_what_is_decided_is_not_claimed(
    claimed: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome="approve")

    with pytest.raises(AlreadyDecided):
        claim(submission=claimed, reviewer=second_reviewer)


def test_what_the_artist_took_back_is_not_claimed(submission: Submission, reviewer: Artist) -> None:
    withdraw_submission(submission)

    with pytest.raises(WasWithdrawn):
        claim(submission=submission, reviewer=reviewer)


def test_a_reviewer_does_not_claim_their_own_work(
    make_work: MakeWork, make_submission: MakeSubmission, reviewer: Artist
) -> None:
    """I9: refused by the service, and by the UPDATE beneath it."""
    own = make_submission(make_work(reviewer))

    with pytest.raises(OwnWork):
        claim(submission=own, reviewer=reviewer)
    assert not Review.objects.claim([review_of(own).pk], reviewer)


def test_the_database_too_refuses_a_claim_on_own_work(
    submission: Submission, artist: Artist
) -> None:
    """I9: tried past the services."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(submission=submission).update(
            status="claimed", claimed_by=artist, claim_expires_at=timezone.now()
        )


@pytest.mark.parametrize("missing", ["claimed_by", "claim_expires_at"])
def test_the_database_refuses_a_claim_without_holder_or_end(
    missing: str, submission: Submission, reviewer: Artist
) -> None:
    claim_of = {"claimed_by": reviewer, "claim_expires_at": timezone.now()} | {missing: None}

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(submission=submission).update(status="claimed", **claim_of)


def test_a_claim_that_expired_while_one_wrote_decides_nothing(
    claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    with time_machine.travel(timezone.now() + PAST_A_CLAIM), pytest.raises(ClaimIsOver):
        decide(submission=claimed, reviewer=reviewer, outcome="approve")

    claimed.refresh_from_db()
    assert claimed.is_undecided
