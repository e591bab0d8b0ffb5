"""How the promise was kept, by month: what counts, in which month, and by which clock."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artists.models import Artist
from generations.judging.ending import withdraw_submissions
from generations.models import ReviewMonth, Submission
from generations.promise.months import count, count_months
from tests.generations.reviews.settled import Settle, appeal_decided, settle

__all__ = ["settle"]

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
MIDDLE = datetime(2026, 10, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_half_and_nine_of_ten_were_decided_within(settle: Settle) -> None:
    for hours in range(1, 11):
        settle(MIDDLE, took=hours * HOUR)

    month = count(OCTOBER)

    assert (month.half_seconds, month.most_seconds) == (5 * 3600, 9 * 3600)
    assert month.decided == month.approved == 10


def test_outcomes_silence_and_grounds_are_counted_as_they_were_decided(settle: Settle) -> None:
    settle(MIDDLE)
    settle(MIDDLE, by_silence=True)
    settle(MIDDLE, outcome="changes")
    refused = settle(MIDDLE, outcome="reject")
    Submission.objects.filter(pk=refused.pk).update(status=Submission.Status.UPHELD)

    month = count(OCTOBER)

    counts = (month.approved, month.by_silence, month.changes_asked, month.rejected)
    assert counts == (1, 1, 1, 1)
    assert month.grounds == {"rights": 2}


def test_on_time_goes_by_the_first_date_and_counts_what_is_open_still(
    settle: Settle, make_submission: Any
) -> None:
    """A new date makes nothing timely, and neither does it that nobody has decided."""
    settle(MIDDLE, took=40 * HOUR)
    settle(MIDDLE, took=50 * HOUR)
    still_open, taken_back, taken_back_late = (make_submission() for _ in range(3))
    Submission.objects.filter(pk=still_open.pk).update(due_at=MIDDLE)
    for submission, hours in ((taken_back, -1), (taken_back_late, 1)):
        of_it = Submission.objects.filter(pk=submission.pk)
        withdraw_submissions(of_it)
        of_it.update(due_at=MIDDLE, closed_at=MIDDLE + hours * HOUR)

    month = count(OCTOBER)

    assert (month.on_time, month.due) == (1, 4)


def test_of_the_month_that_runs_what_is_due_later_does_not_count(settle: Settle) -> None:
    settle(MIDDLE, took=HOUR, due_after=48 * HOUR)
    with time_machine.travel(MIDDLE + HOUR, tick=False):
        assert count(OCTOBER).due == 0
    with time_machine.travel(MIDDLE + 48 * HOUR, tick=False):
        assert count(OCTOBER).due == 1


def test_a_month_begins_at_the_programmes_midnight(settle: Settle, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    settle(datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    settle(datetime(2026, 9, 30, 22, 0, tzinfo=UTC))
    settle(datetime(2026, 10, 31, 22, 59, tzinfo=UTC))  # an hour later, for the clocks went back
    settle(datetime(2026, 10, 31, 23, 0, tzinfo=UTC))

    assert count(OCTOBER).decided == 2


def test_overturned_appeals_count_in_the_month_in_which_they_were_decided(
    settle: Settle, manager: Artist
) -> None:
    for outcome in ("uphold", "overturn", "uphold"):
        refused = settle(MIDDLE - 40 * 24 * HOUR, outcome="reject")
        appeal_decided(refused, manager, outcome, at=MIDDLE)

    month = count(OCTOBER)

    assert (month.appeals, month.overturned) == (3, 1)


def test_what_an_overturned_decision_became_is_no_decision_of_a_review(settle: Settle) -> None:
    approved_since = settle(MIDDLE)
    approved_since.review.opinions.all().delete()
    approved_since.review.delete()

    month = count(OCTOBER)

    assert (month.decided, month.due) == (0, 0)


def test_each_month_is_counted_until_it_is_over_and_then_stands(settle: Settle) -> None:
    settle(MIDDLE - 62 * 24 * HOUR)
    settle(MIDDLE)
    with time_machine.travel(MIDDLE + HOUR, tick=False):
        assert count_months() == 3
        assert count_months() == 1
    with time_machine.travel(MIDDLE + 30 * 24 * HOUR, tick=False):
        assert count_months() == 2  # October once more, and November
        assert count_months() == 1

    counts = dict(ReviewMonth.objects.values_list("month", "approved"))
    assert counts == {
        date(2026, 8, 1): 1,
        date(2026, 9, 1): 0,
        OCTOBER: 1,
        date(2026, 11, 1): 0,
    }


def test_before_the_first_submission_there_is_nothing_to_count() -> None:
    assert count_months() == 0


def test_a_month_is_read_by_indexes_of_its_range(settle: Settle) -> None:
    for days in range(40):
        settle(MIDDLE - timedelta(days=60 + days))
    with CaptureQueriesContext(connection) as queries:
        count(OCTOBER)
    found = [
        one["sql"] for one in queries if '"generations_decision"."created_at" >=' in one["sql"]
    ]
    assert found
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads a small table whole otherwise
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {found[0]}")
        plan = str(cursor.fetchall())

    assert "decision_made" in plan or "decision_untold" in plan
