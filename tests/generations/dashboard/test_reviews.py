"""How reviews go, for managers: what is counted, of which days and whom, and its rows as CSV."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.dashboard import reviewing
from generations.dashboard.period import Period
from generations.dashboard.reviewing import Asked, Times
from generations.models import Ground, Review
from tests.generations.reviews.settled import Settle, appeal_decided, say, settle

__all__ = ["settle"]

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def asked() -> Asked:
    return Asked(Period.until_today(7))


def test_times_to_claim_and_to_decide_are_half_and_nine_of_ten(
    settle: Settle, asked: Asked
) -> None:
    now = timezone.now()
    for hours in (2, 4, 6):
        settle(now - timedelta(seconds=hours), took=hours * HOUR)
    settle(now - 20 * 24 * HOUR, took=100 * HOUR)

    by_day = reviewing.times_by_day(reviewing.times_to_decide(asked))

    assert list(by_day.values()) == [Times(4 * 3600, 6 * 3600)]
    assert reviewing.times_to_claim(asked) == Times(2 * 3600, 3 * 3600)


def test_a_first_claim_stays_the_first(submission: Any, reviewer: Artist, manager: Artist) -> None:
    review = submission.review
    assert Review.objects.claim([review.pk], reviewer)
    review.refresh_from_db()
    first = review.first_claimed_at
    assert Review.objects.release([review.pk], reviewer)
    assert Review.objects.claim([review.pk], manager)

    review.refresh_from_db()
    assert review.first_claimed_at == first is not None


def test_due_dates_met_go_by_the_first_date(
    settle: Settle, make_submission: Any, asked: Asked
) -> None:
    now = timezone.now()
    settle(now - HOUR, took=3 * HOUR, due_after=3 * HOUR)
    settle(now - HOUR, took=3 * HOUR, due_after=2 * HOUR)
    make_submission()  # due in some days

    in_time, late = reviewing.met_dates(asked)

    assert (sum(in_time.values()), sum(late.values())) == (1, 1)


def test_reviewers_are_compared_where_two_looked_and_the_third_is_not(
    settle: Settle,
    asked: Asked,
    ground: Ground,
    reviewer: Artist,
    manager: Artist,
    make_artist: Any,
) -> None:
    now = timezone.now()
    second = make_artist("Rolf", role="reviewer")
    alike, apart = (settle(now - timedelta(minutes=9)) for _ in range(2))
    settle(now - timedelta(minutes=9))
    say(alike, second, "approve", at=now)
    refusal = {"ground": ground, "reason": "No"}
    say(apart, second, "reject", at=now, **refusal)
    say(apart, manager, "approve", at=now)

    loads = {one.reviewer: one for one in reviewing.loads(asked)}

    assert reviewing.agreement(asked) == (1, 2)
    assert (loads[reviewer].total, loads[reviewer].alike, loads[reviewer].compared) == (3, 1, 2)
    assert (loads[second].total, loads[second].alike, loads[second].compared) == (2, 1, 2)
    assert (loads[manager].total, loads[manager].compared) == (1, 0)


def test_appeals_are_counted_with_the_ground_that_they_are_about(
    settle: Settle, asked: Asked, manager: Artist
) -> None:
    now = timezone.now()
    for outcome in ("uphold", "overturn"):
        refused = settle(now - 2 * HOUR, outcome="reject")
        appeal_decided(refused, manager, outcome, at=now - HOUR)

    appeals = reviewing.appeals(asked)

    assert (appeals["decided"], appeals["overturned"]) == (2, 1)
    assert appeals["by_ground"] == {"rights": (2, 1)}
    assert reviewing.grounds(asked) == {"rights": 2}


def test_one_cohort_is_counted_by_itself(
    settle: Settle, make_submission: Any, asked: Asked, manager: Artist
) -> None:
    now = timezone.now()
    settle(now - HOUR, outcome="reject")
    make_submission()
    own, other = Cohort.objects.get(), Cohort.objects.create(name="Nobody")

    of_own, of_other = (Asked(asked.period, one) for one in (own, other))

    for read in (reviewing.outcomes, reviewing.standing):
        assert read(of_own) == read(asked) != read(of_other)
    assert reviewing.grounds(of_other) == {}
    assert reviewing.times_to_claim(of_other) is None
    assert reviewing.times_to_decide(of_other) == []
    assert reviewing.loads(of_other) == []
    assert reviewing.met_dates(of_other) == ({}, {})


def test_the_queue_is_counted_by_age_due_date_and_kind(make_submission: Any, asked: Asked) -> None:
    now = timezone.now()
    for days in (0, 1, 3, 9):
        review = make_submission().review
        Review.objects.filter(pk=review.pk).update(created_at=now - timedelta(days=days, hours=1))
    Review.objects.filter(pk=review.pk).update(is_flagged=True, due_at=now - HOUR)

    standing = reviewing.standing(asked)

    assert [standing[f"age_{one.key}"] for one in reviewing.age_buckets()] == [1, 1, 1, 1]
    assert standing["due_just_overdue"] == standing["flagged"] == 1
    assert (standing["kind_submission"], standing["kind_appeal"]) == (4, 0)
    assert now - standing["oldest"] > timedelta(days=9)


def test_the_page_costs_as_much_for_many_as_for_few(browser: Client, settle: Settle) -> None:
    def queries_of_page() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/dashboard/reviews/").status_code == 200
        return len(queries)

    now = timezone.now()
    settle(now - HOUR, outcome="reject")
    few = queries_of_page()
    for number in range(5):
        settle(now - number * 24 * HOUR, outcome="reject")

    assert queries_of_page() == few


@pytest.mark.parametrize("query", ["days=31", "cohort=999", "cohort=x", "days=%00"])
def test_what_is_no_filter_is_said_and_breaks_nothing(browser: Client, query: str) -> None:
    assert browser.get(f"/dashboard/reviews/?{query}").status_code == 400


def test_the_rows_are_taken_away_without_anybodys_words(
    browser: Client, settle: Settle, reviewer: Artist
) -> None:
    now = timezone.now()
    settle(now - HOUR, took=3 * HOUR, due_after=2 * HOUR, outcome="reject")
    settle(now - 2 * HOUR, by_silence=True)
    settle(now - 20 * 24 * HOUR)

    answer = browser.get("/dashboard/reviews/csv/?days=7")
    text = b"".join(answer).decode("utf-8-sig")
    silent, refused = csv.DictReader(text.splitlines())

    assert (refused["outcome"], refused["ground"], refused["on_time"]) == (
        "reject",
        "rights",
        "False",
    )
    assert refused["hours_to_decision"] == "3.00"
    assert refused["reviewer"] == f"{reviewer}"
    assert (silent["by_silence"], silent["reviewer"]) == ("True", "")
    assert "Boat" not in text
