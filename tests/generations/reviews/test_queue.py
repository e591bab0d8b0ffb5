"""The reviewer's queue: by due date, a page at a time, at a constant price."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import Review, Submission
from generations.reviews import deciding
from generations.reviews.paging import PAGE_SIZE, BadCursor, Cursor, page_of
from generations.sharing.services import withdraw_submission
from tests.generations.reviews.acting import decide, let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

QUEUE = "/reviews/"
KEY = UUID(int=7)  # of no review
MAX_QUERIES = 12


@pytest.fixture
def make_queue(make_submission: MakeSubmission):
    """Submit so many works; each is due an hour before the one that was made before it."""

    def make(count: int) -> list[Submission]:
        made = [make_submission(title=f"Boat {number}") for number in range(count)]
        for number, submission in enumerate(made):
            due_at = submission.due_at - timedelta(hours=number)
            Review.objects.filter(submission=submission).update(due_at=due_at)
        return list(reversed(made))

    return make


def titles(answer) -> list[str]:
    return re.findall(r">(Boat \d+)</a>", answer.content.decode())


def test_the_most_urgent_is_first(client: Client, reviewer: Artist, make_queue) -> None:
    make_queue(3)
    client.force_login(reviewer)

    assert titles(client.get(QUEUE)) == ["Boat 2", "Boat 1", "Boat 0"]


def test_paging_shows_everything_once_while_the_queue_changes(reviewer: Artist, make_queue) -> None:
    ordered = make_queue(2 * PAGE_SIZE + 3)
    queue = Review.objects.open()

    seen, cursor = page_of(queue, after="")
    review_of(ordered[0]).delete()
    while cursor is not None:
        page, cursor = page_of(queue, after=str(cursor))
        seen += page

    assert [each.about and each.about.title for each in seen] == [each.title for each in ordered]


def test_paging_keeps_those_apart_that_are_due_together(make_queue) -> None:
    ordered = make_queue(PAGE_SIZE + 2)
    Review.objects.update(due_at=ordered[0].due_at)
    queue = Review.objects.open()

    first, cursor = page_of(queue, after="")
    second, end = page_of(queue, after=str(cursor))

    assert end is None
    assert len({each.pk for each in first + second}) == PAGE_SIZE + 2


@pytest.mark.parametrize(
    "cursor",
    [
        "yesterday",
        "2026-01-01T00:00:00+00:00",
        f"2026-01-01T00:00:00_{KEY}",
        f"0001-01-01T00:00:00+14:00_{KEY}",
        f"9999-12-31T23:59:59-14:00_{KEY}",
    ],
)
def test_a_cursor_that_no_page_gave_out_is_no_page(
    client: Client, reviewer: Artist, cursor: str
) -> None:
    client.force_login(reviewer)

    assert client.get(QUEUE, {"after": cursor}).status_code == 404


def test_a_browser_turns_the_page(client: Client, reviewer: Artist, make_queue) -> None:
    make_queue(PAGE_SIZE + 1)
    client.force_login(reviewer)

    page = client.get(QUEUE)
    (link,) = re.findall(r'id="next-page" href="([^"]+)"', page.content.decode())
    rest = client.get(html.unescape(link))

    assert len(titles(page)) == PAGE_SIZE
    assert titles(rest) == ["Boat 0"]
    assert 'id="first-page"' in rest.content.decode()


@pytest.mark.parametrize("text", ["x", "_", "2026-11-22_x", "2026-11-22T11:00:00_" + "0" * 32])
def test_a_cursor_that_no_page_gave_out_answers_404(
    text: str, client: Client, reviewer: Artist
) -> None:
    client.force_login(reviewer)

    assert client.get(QUEUE, {"after": text}).status_code == 404
    with pytest.raises(BadCursor):
        Cursor.read(text)


def test_a_full_page_takes_as_many_queries_as_a_short_one(
    client: Client, reviewer: Artist, make_queue, django_assert_max_num_queries
) -> None:
    client.force_login(reviewer)
    make_queue(1)
    with django_assert_max_num_queries(MAX_QUERIES) as short:
        client.get(QUEUE)

    make_queue(PAGE_SIZE + 5)
    with django_assert_max_num_queries(MAX_QUERIES) as full:
        client.get(QUEUE)

    assert len(full) == len(short)


def test_what_is_decided_or_taken_back_leaves_the_queue(
    client: Client, reviewer: Artist, claimed: Submission, make_submission: MakeSubmission
) -> None:
    taken_back = make_submission(title="Boat 1")
    withdraw_submission(taken_back)
    decide(submission=claimed, reviewer=reviewer, outcome="approve")
    client.force_login(reviewer)

    assert titles(client.get(QUEUE)) == []


def test_the_queue_names_a_reviewer_for_as_long_as_their_claim_runs(
    client: Client, reviewer: Artist, claimed: Submission, make_artist
) -> None:
    client.force_login(reviewer)
    assert "with you" in client.get(QUEUE).content.decode()
    client.force_login(make_artist("Sven", role="reviewer"))
    assert "with Rita" in client.get(QUEUE).content.decode()

    Review.objects.filter(submission=claimed).update(claim_expires_at=timezone.now())

    assert "with Rita" not in client.get(QUEUE).content.decode()


def test_what_one_had_a_part_in_is_told_apart(
    client: Client, reviewer: Artist, claimed: Submission, make_artist
) -> None:
    """I9: another decides it, and nobody opens it in vain."""
    said = deciding.decide(
        review=review_of(claimed), reviewer=reviewer, outcome="approve", wants_second=True
    )
    client.force_login(reviewer)
    assert "just decided" in client.get(QUEUE).content.decode()

    let_stand(said)

    assert "you had a part in it" in client.get(QUEUE).content.decode()
    client.force_login(make_artist("Sven", role="reviewer"))
    assert "you had a part in it" not in client.get(QUEUE).content.decode()


def test_ones_own_work_is_not_in_the_queue(
    client: Client, reviewer: Artist, make_work: MakeWork, make_submission: MakeSubmission
) -> None:
    make_submission(make_work(reviewer), title="Boat 1")
    make_submission(title="Boat 2")
    client.force_login(reviewer)

    assert titles(client.get(QUEUE)) == ["Boat 2"]


def test_a_visitor_is_asked_to_sign_in_and_an_artist_finds_nothing(
    client: Client, artist: Artist, submission: Submission
) -> None:
    """I7: without the role there is no queue."""
    addresses = [QUEUE, reverse("generations:review", args=[review_of(submission).pk])]
    for address in addresses:
        assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"

    client.force_login(artist)
    for address in addresses:
        assert client.get(address).status_code == 404
