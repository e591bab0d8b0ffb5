"""What a clip is compared with, and the way through the queue."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Review, Submission, SubmissionSet
from generations.prompts.services import remove
from generations.reviews.comparing import beside_of, earlier_version
from generations.reviews.neighbours import neighbours_of
from generations.sharing.services import withdraw_submission
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork


def test_a_version_that_was_submitted_stands_beside_the_one_made_from_it(
    client: Client, reviewer: Artist, make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    first = make_submission(title="Boat, first")
    second = make_submission(make_work(parent=first.generation))
    client.force_login(reviewer)

    page = client.get(second.review.get_absolute_url()).content.decode()

    assert "the earlier version, “Boat, first”" in page
    assert first.review.video_url in page
    assert client.get(first.review.video_url).status_code == 200
    assert earlier_version(first) is None


def test_what_was_never_submitted_or_was_taken_back_is_shown_to_nobody(
    make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    draft = make_work()
    submission = make_submission(make_work(parent=draft))
    assert beside_of(submission.review, submission) == []

    taken_back = make_submission()
    withdraw_submission(taken_back)
    another = make_submission(make_work(parent=taken_back.generation))

    assert beside_of(another.review, another) == []


def test_anothers_work_and_one_that_was_removed_are_not_compared_with(
    make_work: MakeWork, make_submission: MakeSubmission, other_artist: Artist
) -> None:
    anothers = make_submission(make_work(other_artist))
    removed = make_submission()
    with transaction.atomic():
        remove(removed.generation)

    for first in (anothers, removed):
        assert earlier_version(make_submission(make_work(parent=first.generation))) is None


def test_after_changes_the_version_before_stands_beside_it(
    reviewer: Artist, make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    first = make_submission()
    second = make_submission(make_work())
    Submission.objects.filter(pk=second.pk).update(previous=first)
    second.refresh_from_db()

    assert earlier_version(second) == first


def test_a_first_image_is_shown_to_reviewers(
    client: Client, artist: Artist, reviewer: Artist, submission: Submission
) -> None:
    """I7"""
    address = reverse("generations:review_first_image", args=[submission.review.pk])
    client.force_login(reviewer)
    assert client.get(address).status_code == 404
    submission.generation.first_image.save("hers.jpg", ContentFile(b"pixels"))

    answer = client.get(address)

    assert answer.getvalue() == b"pixels"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-cache"
    assert address in client.get(submission.review.get_absolute_url()).content.decode()
    client.force_login(artist)
    assert client.get(address).status_code == 404


def test_one_goes_through_what_one_may_decide_in_the_order_of_the_queue(
    reviewer: Artist, make_artist, make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    first, second, third, fourth = (make_submission() for _ in range(4))
    own = make_submission(make_work(reviewer))
    Review.objects.filter(submission=own).update(due_at=second.due_at + timedelta(seconds=1))
    claim(submission=third, reviewer=make_artist("Sven", role="reviewer"))
    decide(
        submission=claim(submission=first, reviewer=reviewer), reviewer=reviewer, outcome="approve"
    )

    before, after = neighbours_of(second.review, reviewer=reviewer)

    assert before is None
    assert after == fourth.review
    assert neighbours_of(fourth.review, reviewer=reviewer).before == second.review


def test_a_set_is_shown_as_a_grid_of_all_its_clips(
    client: Client,
    artist: Artist,
    reviewer: Artist,
    make_submission: MakeSubmission,
    django_assert_max_num_queries: Any,
) -> None:
    together = SubmissionSet.objects.create(artist=artist, title="Three boats")
    clips = [make_submission(title=f"Boat {number}") for number in range(3)]
    Submission.objects.filter(pk__in=[one.pk for one in clips]).update(set=together)
    make_submission(title="Alone")
    client.force_login(reviewer)

    with django_assert_max_num_queries(19):
        page = client.get(clips[0].review.get_absolute_url()).content.decode()

    grid = page.partition('class="clip-set-grid"')[2].partition("</ul>")[0]
    assert "Three boats" in page
    assert grid.count("<li") == 3
    assert all(clip.review.get_absolute_url() in grid for clip in clips)
    assert grid.count('aria-current="page"') == 1
    assert "Alone" not in grid
