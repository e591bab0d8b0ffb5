"""What a reviewer narrows the queue down to, in rows and in counts."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.models import Review, Submission, VideoModel
from generations.reviews.paging import PAGE_SIZE, page_of
from tests.generations.reviews.acting import claim, decide, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

QUEUE = "/reviews/"
MAX_QUERIES = 12


@pytest.fixture
def make_review(make_submission: MakeSubmission) -> Callable[..., Review]:
    """Submit a work under a title; `changes` are of its review."""

    def make(title: str, **changes: object) -> Review:
        review = review_of(make_submission(title=title))
        Review.objects.filter(pk=review.pk).update(**changes)
        return review

    return make


def titles(answer) -> list[str]:
    return re.findall(r'id="review-[^>]+>([^<]+)</a>', answer.content.decode())


def counts(answer) -> dict[str, str]:
    """What stands beside each view."""
    tabs = r'id="view-\d+"[^>]*>([^<]+?) <span class="queue-count">([^<]+)</span>'
    return dict(re.findall(tabs, answer.content.decode()))


def choices(answer) -> list[str]:
    return re.findall(r"<option[^>]*>([^<]+)</option>", html.unescape(answer.content.decode()))


def test_each_filter_leaves_what_it_names(
    client: Client,
    reviewer: Artist,
    make_review,
    make_artist,
    cohort: Cohort,
    video_model: VideoModel,
) -> None:
    other = Cohort.objects.create(name="Winter")
    model = VideoModel.objects.create(name="other-1", title="Other", provider="sketch")
    late = timezone.now() - timedelta(hours=1)
    make_review("Plain")
    make_review("Winter", cohort=other)
    make_review("Other", video_model=model)
    make_review("Flagged", is_flagged=True)
    make_review("Managers", level=Review.Level.MANAGERS)
    make_review("Late", due_at=late)
    held = make_review("Held")
    claim(submission=held.submission, reviewer=reviewer)
    elsewhere = make_review("Elsewhere")
    claim(submission=elsewhere.submission, reviewer=make_artist("Sven", role="reviewer"))
    kept = timezone.now() + timedelta(hours=1)
    make_review("Kept", preferred_reviewer=reviewer, preferred_until=kept)
    client.force_login(reviewer)

    def found(asked: str) -> list[str]:
        return sorted(titles(client.get(f"{QUEUE}?{asked}")))

    assert len(found("")) == 9
    assert found(f"cohort={other.pk}") == ["Winter"]
    assert found(f"model={model.pk}") == ["Other"]
    assert found("flagged=on") == ["Flagged"]
    assert found("level=managers") == ["Managers"]
    assert found("overdue=on") == ["Late"]
    assert found("state=claimed") == ["Elsewhere", "Held"]
    assert found("mine=on") == ["Held", "Kept"]
    assert found("kind=appeal") == []
    assert found(f"cohort={cohort.pk}&flagged=on&state=waiting") == ["Flagged"]


def test_what_is_closed_is_found_the_newest_first(
    client: Client, reviewer: Artist, make_submission: MakeSubmission, make_artist
) -> None:
    sven = make_artist("Sven", role="reviewer")
    for number, who in enumerate([reviewer, sven, reviewer]):
        submission = make_submission(title=f"Boat {number}")
        decide(
            submission=claim(submission=submission, reviewer=who), reviewer=who, outcome="approve"
        )
    client.force_login(reviewer)

    assert titles(client.get(f"{QUEUE}?state=closed")) == ["Boat 2", "Boat 1", "Boat 0"]
    assert titles(client.get(f"{QUEUE}?state=closed&mine=on")) == ["Boat 2", "Boat 0"]


def test_what_is_closed_is_paged_whole(reviewer: Artist, make_review) -> None:
    now = timezone.now()
    for number in range(PAGE_SIZE + 3):
        closed_at = now - timedelta(minutes=number // 2)
        make_review(f"Boat {number}", status=Review.Status.CLOSED, closed_at=closed_at)
    closed = Review.objects.filter(status="closed").order_by("-closed_at", "-pk")

    first, cursor = page_of(closed, after="", is_of_closed=True)
    second, end = page_of(closed, after=str(cursor), is_of_closed=True)

    assert end is None
    assert [each.pk for each in first + second] == [each.pk for each in closed]


def test_a_filtered_page_leads_on_within_the_filter(
    client: Client, reviewer: Artist, make_review
) -> None:
    for number in range(PAGE_SIZE + 1):
        make_review(f"Boat {number}", is_flagged=True)
    make_review("Plain")
    client.force_login(reviewer)

    page = client.get(f"{QUEUE}?flagged=on").content.decode()
    (link,) = re.findall(r'id="next-page" href="([^"]+)"', page)

    assert titles(client.get(html.unescape(link))) == [f"Boat {PAGE_SIZE}"]


@pytest.mark.parametrize("asked", ["state=x", "cohort=999", "cohort=x", "model=0", "level=kings"])
def test_a_filter_that_nobody_offers_finds_nothing_and_says_so(
    asked: str, client: Client, reviewer: Artist, submission: Submission
) -> None:
    client.force_login(reviewer)

    answer = client.get(f"{QUEUE}?{asked}")

    assert answer.status_code == 400
    assert titles(answer) == []
    assert "Select a valid choice" in answer.content.decode()


def test_counts_stand_beside_views_and_choices(
    client: Client, reviewer: Artist, make_review, make_work: MakeWork, make_submission, cohort
) -> None:
    """One's own works are counted nowhere: not even how many of them are flagged (I9)."""
    make_review("Plain")
    make_review("Flagged", is_flagged=True, due_at=timezone.now() - timedelta(days=1))
    own = make_submission(make_work(reviewer), title="Own")
    late = timezone.now() - timedelta(days=1)
    Review.objects.filter(submission=own).update(is_flagged=True, due_at=late)
    client.force_login(reviewer)

    page = client.get(QUEUE)

    assert counts(page) == {"Open": "2", "Mine": "0", "Overdue": "1", "Flagged": "1"}
    assert f"{cohort.name} (2)" in choices(page)
    assert "Waiting (2)" in choices(page)
    assert f"{cohort.name} (1)" in choices(client.get(f"{QUEUE}?flagged=on"))


def test_many_that_are_late_are_counted_up_to_a_hundred(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    late = timezone.now() - timedelta(days=1)
    row = {"about": submission, "artist": submission.artist, "due_at": late}
    model = submission.generation.video_model
    Review.objects.bulk_create(
        Review(kind="report", status="waiting", video_model=model, **row | {"about": each})
        for each in _submissions(submission, 101)
    )
    client.force_login(reviewer)

    page = client.get(QUEUE)

    assert counts(page)["Overdue"] == "99+"
    assert counts(page)["Open"] == "102"


def _submissions(like: Submission, count: int) -> list[Submission]:
    facts = {
        field.attname: getattr(like, field.attname)
        for field in Submission._meta.concrete_fields
        if not field.primary_key
    }
    facts |= {"status": "rejected", "closed_at": timezone.now()}
    return Submission.objects.bulk_create(Submission(**facts) for _ in range(count))


def test_a_filtered_queue_of_any_length_takes_as_many_queries(
    client: Client, reviewer: Artist, make_review, django_assert_max_num_queries
) -> None:
    client.force_login(reviewer)
    asked = f"{QUEUE}?mine=on&state=claimed&flagged=on"
    claim(submission=make_review("Boat", is_flagged=True).submission, reviewer=reviewer)
    with django_assert_max_num_queries(MAX_QUERIES) as short:
        client.get(asked)

    for number in range(PAGE_SIZE + 1):
        review = make_review(f"Boat {number}", is_flagged=True)
        claim(submission=review.submission, reviewer=reviewer)
    with django_assert_max_num_queries(MAX_QUERIES) as full:
        assert len(titles(client.get(asked))) == PAGE_SIZE

    assert len(full) == len(short)


def test_the_page_is_sent_anew_only_when_somebody_acted(
    client: Client, reviewer: Artist, make_review, make_artist, django_assert_max_num_queries
) -> None:
    held = make_review("Boat 1")
    client.force_login(reviewer)

    def news(page) -> str:
        (address,) = re.findall(r'hx-get="([^"]+)"', page.content.decode())
        return html.unescape(address)

    page = client.get(f"{QUEUE}?state=waiting")
    with django_assert_max_num_queries(6):  # five of them to know who asks
        assert client.get(news(page), headers={"HX-Request": "true"}).status_code == 204

    claim(submission=held.submission, reviewer=make_artist("Sven", role="reviewer"))
    changed = client.get(news(page), headers={"HX-Request": "true"})

    assert (changed.status_code, titles(changed)) == (200, [])
    assert "<html" not in changed.content.decode()
    assert client.get(news(changed), headers={"HX-Request": "true"}).status_code == 204
