"""An artist follows a submission, and says something else of it while nobody reviews it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Review, Submission
from generations.reviews import claiming, deciding
from generations.sharing.amending import amend
from generations.sharing.errors import TooLateToAmend
from generations.sharing.following import COUNTED_AT_MOST, Place, place_of, with_steps
from tests.generations.reviews.acting import claim, let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork


def test_the_place_counts_what_is_due_before(make_submission: MakeSubmission) -> None:
    mine = make_submission()
    for hours in (1, 2, -3):
        other = review_of(make_submission())
        Review.objects.filter(pk=other.pk).update(due_at=mine.due_at - timedelta(hours=hours))

    assert place_of(review_of(mine)) == Place(before=2, is_exact=True)


def test_a_long_queue_is_not_counted_to_its_end(
    submission: Submission, make_work: MakeWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generations.sharing.following.COUNTED_AT_MOST", 0)
    Review.objects.filter(submission=submission).update(due_at=submission.due_at)
    assert place_of(review_of(submission)) == Place(before=0, is_exact=True)
    assert COUNTED_AT_MOST == 100


def test_what_somebody_reviews_has_no_place(claimed: Submission) -> None:
    assert place_of(review_of(claimed)) is None


def test_steps_tell_what_happened_and_not_who_did_it(
    client: Client, artist: Artist, submission: Submission, reviewer: Artist
) -> None:
    claim(submission=submission, reviewer=reviewer)
    claiming.release(review=review_of(submission), reviewer=reviewer)
    client.force_login(artist)

    [(_, steps)] = with_steps([submission])
    page = client.get(submission.generation.get_absolute_url()).content.decode()

    assert [step.words for step in steps] == [
        "A reviewer took it up",
        "The reviewer gave it back to the queue",
    ]
    assert steps[0].words in page
    assert "Rita" not in page


def test_words_are_amended_until_somebody_reviews_it(
    client: Client, artist: Artist, submission: Submission, reviewer: Artist
) -> None:
    client.force_login(artist)
    address = reverse("generations:amend", args=[submission.pk])
    said = {"title": "Ship", "credit_name": "Ada", "destination": "A festival"}
    due_at = submission.due_at

    assert client.get(address).status_code == 200
    assert client.post(address, said)["Location"] == submission.generation.get_absolute_url()
    submission.refresh_from_db()
    assert (submission.title, submission.destination) == ("Ship", "A festival")
    assert not submission.show_prompt
    assert submission.due_at == due_at

    claim(submission=submission, reviewer=reviewer)
    with pytest.raises(TooLateToAmend):
        amend(submission, title="Boat")
    assert client.post(address, said | {"title": "Boat"}).status_code == 409
    submission.refresh_from_db()
    assert submission.title == "Ship"


def test_what_the_first_of_two_approved_gets_no_other_words(
    client: Client, artist: Artist, submission: Submission, reviewer: Artist
) -> None:
    """The second and the public would read what the first never saw."""
    claim(submission=submission, reviewer=reviewer)
    let_stand(
        deciding.decide(
            review=review_of(submission), reviewer=reviewer, outcome="approve", wants_second=True
        )
    )
    client.force_login(artist)
    address = reverse("generations:amend", args=[submission.pk])

    page = client.get(submission.generation.get_absolute_url()).content.decode()
    with pytest.raises(TooLateToAmend):
        amend(Submission.objects.get(pk=submission.pk), title="A slur")

    assert address not in page
    assert client.post(address, {"title": "A slur", "credit_name": "Ada"}).status_code == 409
    submission.refresh_from_db()
    assert submission.title != "A slur"


def test_nobody_amends_what_is_anothers(
    client: Client, other_artist: Artist, submission: Submission
) -> None:
    """I7"""
    client.force_login(other_artist)

    answer = client.post(
        reverse("generations:amend", args=[submission.pk]), {"title": "X", "credit_name": "Y"}
    )

    assert answer.status_code == 404


def test_only_what_is_neither_submitted_nor_public_can_be_shared(
    make_work: MakeWork, make_submission: MakeSubmission, share: object, artist: Artist
) -> None:
    make_submission()
    free = make_work()
    make_work(removed_at=free.created_at)

    assert list(Generation.objects.shareable_by(artist)) == [free]
