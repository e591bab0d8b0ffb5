"""Appeals on the pages of the artist, and of reviewers."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.models import Appeal, Ground, Share, Submission
from tests.generations.appeals.fixtures import (
    REASON,
    TEXT,
    MakeAppeal,
    MakeRefusal,
    MakeTakeDown,
    judge,
)
from tests.generations.reviews.acting import let_stand

MAX_QUERIES = 15


def new_address(submission: Submission) -> str:
    return reverse("generations:appeal_submission", args=[submission.pk])


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("against", ["reject", "changes", "take_down"])
def test_the_page_of_the_work_leads_to_the_appeal_and_shows_how_it_stands(
    against: str,
    client: Client,
    artist: Artist,
    make_refusal: MakeRefusal,
    make_take_down: MakeTakeDown,
) -> None:
    client.force_login(artist)
    is_refusal = against != "take_down"
    submission = make_refusal(against) if is_refusal else make_take_down().submission
    work = submission.generation.get_absolute_url()
    assert new_address(submission) in page_of(client, work)
    assert REASON in page_of(client, new_address(submission))

    sent = client.post(new_address(submission), {"text": TEXT}, follow=True)

    appeal = Appeal.objects.get()
    assert sent.redirect_chain == [(appeal.get_absolute_url(), 302)]
    assert TEXT in sent.content.decode()
    page = page_of(client, work)
    assert appeal.get_absolute_url() in page
    assert new_address(submission) not in page
    assert "Submit it again" not in page
    assert client.get(new_address(submission))["Location"] == appeal.get_absolute_url()


def test_an_appeal_needs_words(client: Client, artist: Artist, make_refusal: MakeRefusal) -> None:
    submission = make_refusal()
    client.force_login(artist)

    for text in ("", "  ", "x" * 4001, "a\x00b"):
        assert client.post(new_address(submission), {"text": text}).status_code == 400

    assert not Appeal.objects.exists()


def test_nobody_appeals_for_another_or_reads_their_appeal(
    client: Client, other_artist: Artist, appeal: Appeal, make_refusal: MakeRefusal
) -> None:
    """I7"""
    client.force_login(other_artist)
    refused = make_refusal()

    assert client.post(new_address(refused), {"text": TEXT}).status_code == 404
    assert client.get(appeal.get_absolute_url()).status_code == 404
    for name in ("appeal_write", "appeal_withdraw"):
        address = reverse(f"generations:{name}", args=[appeal.pk])
        assert client.post(address, {"text": TEXT}).status_code == 404
    assert Appeal.objects.get().is_open


def test_a_reviewer_reads_the_first_decision_and_the_appeal_and_overturns_it(
    client: Client, appeal: Appeal, second_reviewer: Artist, reviewer: Artist
) -> None:
    client.force_login(second_reviewer)
    review = appeal.review
    assert "Appeal" in page_of(client, reverse("generations:queue"))
    page = page_of(client, review.get_absolute_url())
    assert all(words in page for words in (TEXT, REASON, reviewer.credit_name))
    client.post(reverse("generations:claim", args=[review.pk]))
    assert "Overturn: undo the first decision" in page_of(client, review.get_absolute_url())

    decide = reverse("generations:decide", args=[review.pk])
    assert client.post(decide, {"outcome": "uphold"}).status_code == 400
    assert client.post(decide, {"outcome": "approve"}).status_code == 400
    assert client.post(decide, {"outcome": "overturn"}).status_code == 302
    let_stand()

    assert Share.objects.get().is_live
    assert "Decision overturned" in page_of(client, review.get_absolute_url())


def test_who_had_a_part_sees_that_it_is_not_theirs_and_is_refused(
    client: Client, appeal: Appeal, reviewer: Artist
) -> None:
    """I9: by direct request too."""
    client.force_login(reviewer)
    review = appeal.review
    claim = reverse("generations:claim", args=[review.pk])

    assert claim not in page_of(client, review.get_absolute_url())
    assert client.post(claim).status_code == 409
    answer = client.post(reverse("generations:decide", args=[review.pk]), {"outcome": "overturn"})
    assert answer.status_code == 409


def test_the_first_reviewer_finds_what_became_of_their_decision(
    client: Client, appeal: Appeal, reviewer: Artist, second_reviewer: Artist
) -> None:
    judge(appeal, by=second_reviewer, outcome="overturn")
    address = reverse("generations:overturned")

    client.force_login(reviewer)
    assert appeal.review.get_absolute_url() in page_of(client, address)
    assert page_of(client, appeal.review.get_absolute_url())
    client.force_login(second_reviewer)
    assert appeal.review.get_absolute_url() not in page_of(client, address)


def test_reviewers_read_beside_a_ground_how_often_it_was_overturned(
    client: Client,
    appeal: Appeal,
    submission: Submission,
    second_reviewer: Artist,
    ground: Ground,
) -> None:
    judge(appeal, by=second_reviewer, outcome="overturn")
    client.force_login(second_reviewer)

    assert "1 of 1 appeal overturned" in page_of(client, submission.review.get_absolute_url())


def test_pages_of_appeals_take_few_queries_however_many_there_are(
    client: Client,
    artist: Artist,
    reviewer: Artist,
    second_reviewer: Artist,
    make_appeal: MakeAppeal,
    make_refusal: MakeRefusal,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    work = None
    for _ in range(3):
        appeal = make_appeal(make_refusal(work=work))
        judge(appeal, by=second_reviewer, outcome="uphold", reason="No.")
        work = appeal.the_submission.generation
    assert work is not None
    for reader, address in (
        (artist, work.get_absolute_url()),
        (artist, appeal.get_absolute_url()),
        (reviewer, reverse("generations:overturned")),
    ):
        client.force_login(reader)
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get(address)


def test_an_appeal_is_taken_back_on_its_page(
    client: Client, appeal: Appeal, artist: Artist
) -> None:
    client.force_login(artist)
    address = reverse("generations:appeal_withdraw", args=[appeal.pk])
    assert address in page_of(client, appeal.get_absolute_url())

    client.post(address)

    assert "You took it back" in page_of(client, appeal.get_absolute_url())
    assert "Submit it again" in page_of(client, appeal.the_submission.generation.get_absolute_url())


def test_the_work_says_why_the_decision_stands_and_what_its_artist_can_do(
    client: Client, artist: Artist, appeal: Appeal, second_reviewer: Artist
) -> None:
    judge(appeal, by=second_reviewer, outcome="uphold", reason="With another title it may.")
    client.force_login(artist)

    work = page_of(client, appeal.the_submission.generation.get_absolute_url())
    home = page_of(client, reverse("home"))

    assert "With another title it may." in work
    assert "you may submit it again" in work
    assert "Submit it again" in work
    for page in (work, home):
        assert "Decision upheld" in page
        assert "Upheld on appeal" not in page


def test_a_take_down_that_stands_offers_no_new_submission(
    client: Client,
    artist: Artist,
    make_take_down: MakeTakeDown,
    make_appeal: MakeAppeal,
    second_reviewer: Artist,
) -> None:
    appeal = make_appeal(make_take_down().submission)
    judge(appeal, by=second_reviewer, outcome="uphold", reason="It is her face.")
    client.force_login(artist)

    work = page_of(client, appeal.the_submission.generation.get_absolute_url())

    assert "It is her face." in work
    assert "you may submit it again" not in work
