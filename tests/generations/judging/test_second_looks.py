"""A sample is decided twice, and stands where both say the same."""

from collections import Counter
from typing import Any

import pytest

from artists.models import Artist
from generations.judging.second_looks import is_sampled
from generations.models import Decision, Ground, Review, Submission
from generations.reviews import deciding
from portal.ids import uuid7
from tests.generations.reviews.acting import claim, let_stand, review_of

pytestmark = pytest.mark.django_db


def say(submission: Submission, by: Artist, outcome: str, **words: Any) -> Review:
    claim(submission=submission, reviewer=by)
    opinion = deciding.decide(review=review_of(submission), reviewer=by, outcome=outcome, **words)
    let_stand(opinion)
    return review_of(submission)


@pytest.fixture
def all_twice(settings: Any) -> None:
    settings.SECOND_LOOK_PERCENT = 100


@pytest.mark.usefixtures("all_twice")
def test_what_is_sampled_waits_for_somebody_else_and_stands_where_both_agree(
    submission: Submission, reviewer: Artist, manager: Artist
) -> None:
    after_one = say(submission, reviewer, "approve")
    assert (after_one.status, after_one.level) == ("waiting", "reviewers")
    assert not Review.objects.decidable_by(reviewer).exists()

    after_two = say(submission, manager, "approve")

    assert after_two.status == "closed"
    assert Decision.objects.get().outcome == "approve"


@pytest.mark.usefixtures("all_twice")
def test_where_two_differ_a_manager_decides(
    submission: Submission, reviewer: Artist, make_artist: Any, ground: Ground
) -> None:
    say(submission, reviewer, "approve")
    refusal = {"ground": ground, "reason": "Whose face is it?"}

    after_two = say(submission, make_artist("Rolf", role="reviewer"), "reject", **refusal)

    assert (after_two.status, after_two.level) == ("waiting", "managers")
    assert not Decision.objects.exists()


def test_without_a_sample_one_person_decides(submission: Submission, reviewer: Artist) -> None:
    assert say(submission, reviewer, "approve").status == "closed"


def test_the_sample_is_as_big_as_it_is_set(settings: Any) -> None:
    settings.SECOND_LOOK_PERCENT = 20

    sampled = Counter(is_sampled(Review(pk=uuid7())) for _ in range(5000))

    assert 800 < sampled[True] < 1200
