"""A flag reaches the reviewers, be it there before the submission or after."""

from collections.abc import Callable

import pytest
from django.test import Client

from artists.models import Artist
from generations.checks.frames import check_frames
from generations.models import Check, FramesDue, Generation, Review, Submission
from tests.emulators.moderations import Emulator
from tests.generations.checks.test_frames import finished

__all__ = ["finished"]
pytestmark = pytest.mark.django_db
MakeSubmission = Callable[..., Submission]


def flag(work: Generation, *, outcome: str = "flag") -> Check:
    return Check.objects.create(
        generation=work,
        stage="prompt",
        source="moderation",
        outcome=outcome,
        model="omni",
        scores={"violence": 0.71, "hate": 0.02},
        words="Flagged: violence.",
    )


@pytest.mark.parametrize(("outcome", "is_flagged"), [("flag", True), ("pass", False)])
def test_a_flagged_work_makes_a_flagged_review(
    work: Generation, make_submission: MakeSubmission, outcome: str, is_flagged: bool
) -> None:
    flag(work, outcome=outcome)

    assert make_submission(work).review.is_flagged is is_flagged


def test_a_check_that_comes_late_flags_what_waits_already(
    finished: Generation,
    make_submission: MakeSubmission,
    server: Emulator,
) -> None:
    review, other = make_submission(finished).review, make_submission().review
    server.of_pictures = {"violence": 0.8}

    check_frames(finished.pk)

    flagged = dict(Review.objects.values_list("pk", "is_flagged"))
    assert flagged == {review.pk: True, other.pk: False}


def test_what_is_closed_stays_as_it_was(
    finished: Generation, make_submission: MakeSubmission, server: Emulator
) -> None:
    review = make_submission(finished).review
    Review.objects.filter(pk=review.pk).close()
    server.of_pictures = {"violence": 0.8}

    check_frames(finished.pk)

    review.refresh_from_db()
    assert not review.is_flagged


def test_the_reviewer_reads_what_was_found_with_the_scores(
    client: Client, reviewer: Artist, work: Generation, make_submission: MakeSubmission
) -> None:
    flag(work)
    FramesDue.objects.create(generation=work)
    review = make_submission(work).review
    client.force_login(reviewer)

    page = client.get(f"/reviews/{review.pk}/").content.decode()

    assert "Flagged: violence." in page
    assert "71 %" in page
    assert "still being checked" in page
