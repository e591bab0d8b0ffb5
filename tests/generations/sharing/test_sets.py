"""Several clips submitted, claimed and decided together."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Opinion, Review, Submission, SubmissionSet
from generations.reviews import claiming, deciding
from generations.reviews.errors import AlreadyClaimed, SetAcrossArtists
from generations.reviews.going_on import claim_next
from generations.sharing.errors import AlreadySubmitted, SetTooLarge, SetTooSmall
from generations.sharing.sets import WORKS_AT_MOST, set_of, submit_set
from portal.audit import Event
from tests.generations.reviews.acting import claim, let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

WORDS: dict[str, Any] = {"title": "Boats", "note": "", "credit_name": "Ada L.", "show_prompt": True}
STATUS = Review.Status


@pytest.fixture
def works(make_work: MakeWork) -> list[Generation]:
    return [make_work() for _ in range(3)]


@pytest.fixture
def submissions(works: list[Generation], artist: Artist) -> list[Submission]:
    made = submit_set(artist=artist, works=works, **WORDS)
    return list(made.submissions.order_by("generation_id"))


@pytest.fixture
def second_reviewer(make_artist) -> Artist:
    return make_artist("Sven", role="reviewer")


def statuses(submissions: list[Submission]) -> list[str]:
    return [review_of(one).status for one in submissions]


def test_a_set_is_submitted_whole(submissions: list[Submission], works: list[Generation]) -> None:
    assert [one.generation for one in submissions] == works
    assert set_of(submissions[1]) == submissions
    assert {one.title for one in submissions} == {"Boats"}


def test_a_set_with_a_clip_that_cannot_be_submitted_leaves_nothing(
    works: list[Generation], artist: Artist, make_submission: MakeSubmission
) -> None:
    make_submission(works[2])

    with pytest.raises(AlreadySubmitted):
        submit_set(artist=artist, works=works, **WORDS)

    assert Submission.objects.count() == 1
    assert not SubmissionSet.objects.exists()


def test_a_set_has_a_least_and_a_most(works: list[Generation], artist: Artist) -> None:
    with pytest.raises(SetTooSmall):
        submit_set(artist=artist, works=works[:1], **WORDS)
    with pytest.raises(SetTooLarge):
        submit_set(artist=artist, works=works[:1] * (WORKS_AT_MOST + 1), **WORDS)


def test_an_artist_chooses_clips_on_the_page(
    client: Client, artist: Artist, works: list[Generation], make_submission: MakeSubmission
) -> None:
    client.force_login(artist)
    address = reverse("generations:submit_set")
    said = {"title": "Boats", "credit_name": "Ada", "works": [str(one.pk) for one in works]}
    page = client.get(address).content.decode()
    alone = client.post(address, said | {"works": [str(works[0].pk)]})
    none = client.post(address, said | {"works": []})

    client.post(address, said)

    assert all(str(one.pk) in page for one in works)
    assert alone.status_code == 400
    assert f'value="{works[0].pk}" checked' in alone.content.decode()
    for few in (alone, none):
        assert f"Choose from 2 to {WORKS_AT_MOST} clips." in few.text
    assert SubmissionSet.objects.get().submissions.count() == 3


def test_who_has_one_clip_is_told_what_a_set_takes(
    client: Client, artist: Artist, make_work: MakeWork
) -> None:
    work = make_work()
    client.force_login(artist)

    page = client.get(reverse("generations:submit_set")).text

    assert "A set takes two clips" in page
    assert work.get_absolute_url() in page
    assert "Submit the set" not in page


def test_the_queue_tells_the_clips_of_a_set_apart(
    client: Client, reviewer: Artist, artist: Artist, make_work: MakeWork
) -> None:
    works = [make_work(prompt=prompt) for prompt in ("A paper boat", "A tin boat")]
    submit_set(artist=artist, works=works, **WORDS)
    client.force_login(reviewer)

    page = client.get(reverse("generations:queue")).text

    assert "in a set: A paper boat" in page
    assert "in a set: A tin boat" in page


def test_anothers_clip_is_not_to_be_chosen(
    client: Client, artist: Artist, other_artist: Artist, works: list[Generation], make_work
) -> None:
    """I7"""
    theirs = make_work(other_artist)
    client.force_login(artist)

    answer = client.post(
        reverse("generations:submit_set"),
        {"title": "B", "credit_name": "Ada", "works": [str(works[0].pk), str(theirs.pk)]},
    )

    assert answer.status_code == 400
    assert not Submission.objects.exists()


def test_a_set_is_claimed_renewed_and_given_back_together(
    submissions: list[Submission], reviewer: Artist, second_reviewer: Artist
) -> None:
    claim(submission=submissions[1], reviewer=reviewer)
    assert statuses(submissions) == [STATUS.CLAIMED] * 3
    with pytest.raises(AlreadyClaimed):
        claim(submission=submissions[0], reviewer=second_reviewer)

    claiming.renew(review=review_of(submissions[0]), reviewer=reviewer)
    claiming.release(review=review_of(submissions[2]), reviewer=reviewer)

    assert statuses(submissions) == [STATUS.WAITING] * 3


def test_each_of_a_set_has_its_own_events(submissions: list[Submission], reviewer: Artist) -> None:
    """I10: the artist reads on each clip that somebody took it up."""
    for _ in range(2):  # the second time renews
        claim(submission=submissions[1], reviewer=reviewer)
    claiming.release(review=review_of(submissions[2]), reviewer=reviewer)

    for verb in ("review.claimed", "review.released"):
        told = Event.objects.filter(verb=verb).values_list("subject_id", flat=True)
        assert sorted(told) == sorted(str(review_of(one).pk) for one in submissions)


def test_a_set_that_another_holds_in_part_keeps_nobody_from_the_next(
    submissions: list[Submission],
    reviewer: Artist,
    second_reviewer: Artist,
    make_submission: MakeSubmission,
) -> None:
    """One of it waits for a second person while the first still holds the rest."""
    claim(submission=submissions[0], reviewer=reviewer)
    let_stand(
        deciding.decide(
            review=review_of(submissions[1]),
            reviewer=reviewer,
            outcome="approve",
            wants_second=True,
        )
    )
    alone = make_submission()

    assert claim_next(reviewer=second_reviewer) == review_of(alone)
    assert statuses(submissions) == [STATUS.CLAIMED, STATUS.WAITING, STATUS.CLAIMED]


def test_a_set_of_which_another_holds_one_is_not_claimed_in_part(
    submissions: list[Submission], reviewer: Artist, second_reviewer: Artist
) -> None:
    Review.objects.claim([review_of(submissions[2]).pk], second_reviewer)

    with pytest.raises(AlreadyClaimed):
        claim(submission=submissions[0], reviewer=reviewer)

    assert statuses(submissions) == [STATUS.WAITING, STATUS.WAITING, STATUS.CLAIMED]


def test_a_whole_set_is_decided_alike_by_one_form(
    client: Client, submissions: list[Submission], reviewer: Artist
) -> None:
    claim(submission=submissions[0], reviewer=reviewer)
    client.force_login(reviewer)
    address = reverse("generations:decide", args=[review_of(submissions[0]).pk])

    client.post(address, {"outcome": "approve", "whole_set": "on"})
    let_stand()

    approved = Submission.objects.filter(status=Submission.Status.APPROVED)
    assert approved.count() == Opinion.objects.count() == 3


def test_one_of_a_set_is_decided_by_itself(
    client: Client, submissions: list[Submission], reviewer: Artist
) -> None:
    claim(submission=submissions[0], reviewer=reviewer)
    client.force_login(reviewer)

    client.post(
        reverse("generations:decide", args=[review_of(submissions[0]).pk]), {"outcome": "approve"}
    )

    assert statuses(submissions) == [STATUS.DECIDED, STATUS.CLAIMED, STATUS.CLAIMED]


def test_never_across_artists_nor_sets(
    submissions: list[Submission],
    reviewer: Artist,
    other_artist: Artist,
    make_work: MakeWork,
    make_submission: MakeSubmission,
) -> None:
    """The service refuses, whatever a page asks."""
    theirs = make_submission(make_work(other_artist))
    for one in (submissions[0], theirs):
        claim(submission=one, reviewer=reviewer)

    with pytest.raises(SetAcrossArtists):
        deciding.decide_together(
            reviews=[review_of(submissions[0]), review_of(theirs)],
            reviewer=reviewer,
            outcome="approve",
        )

    assert not Opinion.objects.exists()
    assert review_of(theirs).status == STATUS.CLAIMED
