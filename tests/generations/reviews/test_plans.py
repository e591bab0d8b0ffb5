"""Each way to narrow the queue down is read along an index, in order, without sorting."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from artists.models import Artist
from generations.models import Review
from generations.models.review_indexes import QUEUE_INDEXES
from generations.reviews.filtering import TALLIED, QueueFilter
from generations.reviews.going_on import _candidates
from tests.generations.sharing.fixtures import MakeSubmission


def plan_of(rows: "QuerySet[Any, Any]") -> str:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what is in a table, and here is nothing")
    return str(rows[:26].explain())


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("", "review_queue"),
        ("state=waiting", "review_next_of_all|review_open_status"),
        ("state=claimed", "review_open_status"),
        ("kind=report", "review_open_kind"),
        ("cohort=1", "review_open_cohort"),
        ("model=1", "review_open_model"),
        ("level=managers", "review_open_level"),
        ("flagged=on", "review_open_flagged"),
        ("overdue=on", "review_queue"),
        ("state=closed", "review_closed"),
        ("state=closed&kind=report", "review_closed_kind"),
        ("state=closed&cohort=1", "review_closed_cohort"),
        ("state=closed&model=1", "review_closed_model"),
        ("state=closed&flagged=on", "review_closed_flagged"),
        ("state=closed&mine=on", "review_closed_by"),
    ],
)
def test_a_page_is_read_along_its_index(reviewer: Artist, asked: str, index: str) -> None:
    form = QueueFilter(QueryDict(asked), cohorts=[(1, "One")], models=[(1, "One")])

    plan = plan_of(form.rows(reviewer, in_hands=[]))

    assert any(
        f"USING INDEX {name} " in f"{plan} ".replace("\n", " ") for name in index.split("|")
    ), plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("kind", ["review_open", "review_closed"])
def test_of_two_ways_the_other_is_seen_in_the_index_of_one(kind: str) -> None:
    """So few that fit both are found among many that fit one, without their rows."""
    ways = [index for index in QUEUE_INDEXES if index.name.startswith(kind)]
    along = [index for index in ways if {"due_at", "-closed_at"} & {*index.fields}]

    assert len(along) >= 5
    for index in along:
        assert {*TALLIED.values()} <= {*index.fields}, index.name


def test_the_next_one_is_read_along_an_index(reviewer: Artist, manager: Artist) -> None:
    for person, index in ((reviewer, "review_next"), (manager, "review_next_of_all")):
        waiting, _ = _candidates(person)
        plan = plan_of(waiting.order_by("due_at", "pk"))

        assert index in plan
        assert "TEMP B-TREE" not in plan


def test_what_is_near_somebody_is_found_by_indexes_whoever_made_the_rest(
    reviewer: Artist, make_submission: MakeSubmission
) -> None:
    """Where one artist made all of a queue, SQLite once read the whole of it for any reviewer."""
    for _ in range(30):
        make_submission()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    plan = plan_of(Review.objects.near(reviewer).values_list("pk", "artist"))

    assert "SCAN generations_review" not in plan
    for name in ("review_in_hands", "review_kept", "review_open_artist"):
        assert f"USING INDEX {name} " in f"{plan} ".replace("\n", " "), plan


def test_what_somebody_holds_is_found_without_what_others_hold(reviewer: Artist) -> None:
    plan = plan_of(Review.objects.held_by(reviewer))

    assert "review_held (claimed_by_id=? AND claim_expires_at>?)" in plan
