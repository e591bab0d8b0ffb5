"""The due date counts working days in the programme's time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from generations.sharing.promise import due_at

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("made_at", "days", "due"),
    [
        ("Mon 2026-11-23 10:30", 2, "Wed 2026-11-25 10:30"),
        ("Thu 2026-11-26 10:30", 2, "Mon 2026-11-30 10:30"),
        ("Fri 2026-11-27 15:00", 1, "Mon 2026-11-30 15:00"),
        ("Fri 2026-11-27 23:59", 5, "Fri 2026-12-04 23:59"),
        ("Sat 2026-11-28 12:00", 1, "Tue 2026-12-01 00:00"),
        ("Sun 2026-11-29 23:59", 2, "Wed 2026-12-02 00:00"),
        ("Sun 2026-11-29 23:59", 0, "Mon 2026-11-30 00:00"),
    ],
)
def test_a_promise_counts_monday_to_friday(
    made_at: str, days: int, due: str, settings: Any
) -> None:
    settings.REVIEW_DAYS = days

    assert due_at(read(made_at)).strftime("%a %Y-%m-%d %H:%M") == due


def test_whether_it_is_a_weekend_is_told_by_the_clock_of_the_programme(settings: Any) -> None:
    settings.REVIEW_DAYS, settings.TIME_ZONE = 1, BERLIN.key
    friday_night_in_utc = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)

    due = due_at(friday_night_in_utc)

    assert due == datetime(2026, 12, 1, 0, 0, tzinfo=BERLIN)


def test_a_change_of_the_clock_keeps_the_time_of_day(settings: Any) -> None:
    settings.REVIEW_DAYS, settings.TIME_ZONE = 1, BERLIN.key

    due = due_at(datetime(2026, 3, 27, 14, 0, tzinfo=UTC))  # before summer time

    assert due == datetime(2026, 3, 30, 13, 0, tzinfo=UTC)


@given(made_at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), days=st.integers(1, 30))
def test_a_due_date_is_on_a_working_day_and_late_enough(made_at: datetime, days: int) -> None:
    made_at = made_at.replace(tzinfo=UTC)

    with override_settings(REVIEW_DAYS=days):
        due = due_at(made_at)

    assert due.weekday() < 5
    assert due - made_at >= timedelta(days=days)


def read(text: str) -> datetime:
    return datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=UTC)
