"""The next review: the most urgent that one may decide, for one reviewer at a time."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import Ground, Review, Submission
from generations.reviews.going_on import claim_next, last_undoable, look_ahead
from portal.audit import Event
from portal.audit_check import verify
from tests.generations.reviews.acting import claim, decide, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

NEXT = "/reviews/next/"
AT_ONCE = 50
PAST_A_CLAIM = timedelta(minutes=15, seconds=1)


@pytest.fixture
def sven(make_artist) -> Artist:
    return make_artist("Sven", role="reviewer")


@pytest.fixture
def make_due(make_submission: MakeSubmission):
    """Submit a work that is due in so many hours."""

    def make(hours: int, work=None, **changes: object) -> Review:
        review = review_of(make_submission(work, title=f"Due in {hours}"))
        due_at = timezone.now() + timedelta(hours=hours)
        Review.objects.filter(pk=review.pk).update(due_at=due_at, **changes)
        review.refresh_from_db()
        return review

    return make


def test_next_is_the_most_urgent_that_one_may_decide(
    reviewer: Artist, sven: Artist, make_due, make_work: MakeWork
) -> None:
    make_due(1, make_work(reviewer))
    make_due(2, level=Review.Level.MANAGERS)
    claim(submission=make_due(3).submission, reviewer=sven)
    kept = timezone.now() + timedelta(hours=1)
    make_due(4, preferred_reviewer=sven, preferred_until=kept)
    mine = make_due(6)
    make_due(7)

    assert claim_next(reviewer=reviewer) == mine


def test_a_manager_gets_what_was_escalated(manager: Artist, make_due) -> None:
    make_due(2)
    escalated = make_due(1, level=Review.Level.MANAGERS)

    assert claim_next(reviewer=manager) == escalated


def test_what_one_judged_already_is_passed_over(
    reviewer: Artist, sven: Artist, make_due, ground: Ground
) -> None:
    twice, other = make_due(1), make_due(2)
    claim(submission=twice.submission, reviewer=reviewer)
    with pytest.raises(Exception, match="does not exist"):  # a second person is to look first
        decide(submission=twice.submission, reviewer=reviewer, outcome="approve", wants_second=True)

    assert claim_next(reviewer=reviewer) == other
    assert claim_next(reviewer=sven) == twice


def test_what_one_holds_comes_before_anything_new(reviewer: Artist, make_due) -> None:
    held = make_due(5)
    claim(submission=held.submission, reviewer=reviewer)
    make_due(1)

    assert claim_next(reviewer=reviewer) == held
    assert Review.objects.filter(status=Review.Status.CLAIMED).count() == 1


def test_a_claim_that_ran_out_is_taken_by_the_next(
    reviewer: Artist, sven: Artist, make_due
) -> None:
    left = make_due(1)
    claim(submission=left.submission, reviewer=sven)
    make_due(2)

    with time_machine.travel(timezone.now() + PAST_A_CLAIM):
        taken = claim_next(reviewer=reviewer)

    assert (taken, taken and taken.claimed_by) == (left, reviewer)


def test_looking_ahead_claims_nothing(reviewer: Artist, make_due) -> None:
    now, then = make_due(1), make_due(2)
    claim(submission=now.submission, reviewer=reviewer)

    assert look_ahead(reviewer=reviewer, beside=now.pk) == then
    then.refresh_from_db()
    assert then.status == Review.Status.WAITING


def test_a_reviewer_goes_from_one_to_the_next(client: Client, reviewer: Artist, make_due) -> None:
    first, second = make_due(1), make_due(2)
    client.force_login(reviewer)

    taken = client.post(NEXT)
    page = client.get(taken["Location"])
    ahead = client.get(reverse("generations:review_ahead", args=[first.pk]))
    decided = client.post(
        reverse("generations:decide", args=[first.pk]),
        {"outcome": "escalate", "words_inside": "Odd"},
    )
    following = client.get(decided["Location"]).content.decode()

    assert taken["Location"] == first.get_absolute_url()
    assert "Your decision" in page.content.decode()
    assert second.poster_url in ahead.content.decode()
    assert second.video_url in ahead.content.decode()
    assert decided["Location"] == second.get_absolute_url()
    assert "Due in 1" in re.findall(r"<undo-bar.*?</undo-bar>", following, re.DOTALL)[0]


def test_whoever_wants_to_stop_goes_back_to_the_queue(
    client: Client, reviewer: Artist, make_due
) -> None:
    first, second = make_due(1), make_due(2)
    claim(submission=first.submission, reviewer=reviewer)
    client.force_login(reviewer)

    said = {"outcome": "approve", "stop": "1"}
    answer = client.post(reverse("generations:decide", args=[first.pk]), said, follow=True)

    second.refresh_from_db()
    assert answer.redirect_chain == [("/reviews/", 302)]
    assert second.status == Review.Status.WAITING
    assert "<undo-bar" in answer.content.decode()


def test_where_nothing_is_left_a_page_says_so(client: Client, reviewer: Artist) -> None:
    client.force_login(reviewer)

    answer = client.post(NEXT, follow=True)

    assert answer.redirect_chain == [("/reviews/", 302)]
    assert "Nothing is left" in answer.content.decode()


def test_the_bar_to_undo_goes_with_its_time(
    client: Client, reviewer: Artist, submission: Submission, make_due
) -> None:
    claim(submission=submission, reviewer=reviewer)
    client.force_login(reviewer)
    review = review_of(submission)
    client.post(reverse("generations:decide", args=[review.pk]), {"outcome": "approve"})
    assert last_undoable(reviewer) is not None

    undone = client.post(reverse("generations:undo", args=[review.pk]))

    assert undone["Location"] == review.get_absolute_url()
    assert last_undoable(reviewer) is None
    client.post(reverse("generations:decide", args=[review.pk]), {"outcome": "approve"})
    with time_machine.travel(timezone.now() + timedelta(seconds=11)):
        assert last_undoable(reviewer) is None


def test_a_sign_of_work_prolongs_a_claim(
    client: Client, reviewer: Artist, claimed: Submission
) -> None:
    client.force_login(reviewer)
    review, events = review_of(claimed), Event.objects.count()
    later = timezone.now() + timedelta(minutes=14)

    with time_machine.travel(later, tick=False):
        answer = client.post(reverse("generations:renew", args=[review.pk]))

    review.refresh_from_db()
    assert answer.json() == {"seconds_left": 15 * 60}
    assert review.claim_expires_at == later + timedelta(minutes=15)
    assert Event.objects.count() == events


def test_a_claim_that_is_over_is_not_prolonged(
    client: Client, reviewer: Artist, sven: Artist, claimed: Submission
) -> None:
    """By direct request: neither one's own that ran out, nor another's."""
    address = reverse("generations:renew", args=[review_of(claimed).pk])
    client.force_login(sven)
    assert client.post(address).status_code == 409
    client.force_login(reviewer)

    with time_machine.travel(timezone.now() + PAST_A_CLAIM):
        assert client.post(address).status_code == 409


def test_an_artist_finds_none_of_this(
    client: Client, artist: Artist, submission: Submission
) -> None:
    """I7"""
    client.force_login(artist)
    review = review_of(submission)

    assert client.post(NEXT).status_code == 404
    assert client.post(reverse("generations:renew", args=[review.pk])).status_code == 404
    assert client.get(reverse("generations:review_ahead", args=[review.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("waiting", [1, 8])
def test_fifty_at_once_never_hold_the_same(make_artist, make_due, waiting: int) -> None:
    """Each of those that wait is held by one of fifty; the others are told that nothing is left."""
    for number in range(waiting):
        make_due(number)
    reviewers = [make_artist(f"Rita{number}", role="reviewer") for number in range(AT_ONCE)]
    barrier = Barrier(AT_ONCE)

    def take(reviewer: Artist) -> object:
        connection.ensure_connection()
        barrier.wait(timeout=60)
        try:
            review = claim_next(reviewer=reviewer)
        finally:
            connection.close()
        return review and review.pk

    with ThreadPoolExecutor(AT_ONCE) as threads:
        taken = Counter(threads.map(take, reviewers))

    assert taken.pop(None) == AT_ONCE - waiting
    assert sorted(taken.values()) == [1] * waiting
    holders = Review.objects.filter(status=Review.Status.CLAIMED).values("claimed_by").distinct()
    assert holders.count() == waiting
    assert Event.objects.filter(verb="review.claimed").count() == waiting
    assert verify().is_whole
