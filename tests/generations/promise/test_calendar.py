"""The due date counts working days, by the promise's own calendar."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generations.models.working_days import WorkingDays

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY_TO_FRIDAY = frozenset(range(1, 6))
IN_UTC = WorkingDays(zone=ZoneInfo("UTC"), weekdays=MONDAY_TO_FRIDAY)
IN_BERLIN = WorkingDays(zone=BERLIN, weekdays=MONDAY_TO_FRIDAY)
AT_CHRISTMAS = WorkingDays(
    zone=BERLIN,
    weekdays=MONDAY_TO_FRIDAY,
    days_off=frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
)


@pytest.mark.parametrize(
    ("made_at", "days", "due"),
    [
        ("Mon 2026-11-23 10:30", 2, "Wed 2026-11-25 10:30"),
        ("Thu 2026-11-26 10:30", 2, "Mon 2026-11-30 10:30"),
        ("Fri 2026-11-27 15:00", 1, "Mon 2026-11-30 15:00"),
        ("Fri 2026-11-27 23:59", 5, "Fri 2026-12-04 23:59"),
        ("Sat 2026-11-28 12:00", 1, "Tue 2026-12-01 00:00"),
        ("Sun 2026-11-29 23:59", 2, "Wed 2026-12-02 00:00"),
    ],
)
def test_a_promise_counts_monday_to_friday(made_at: str, days: int, due: str) -> None:
    assert said(IN_UTC.days_after(read(made_at), days)) == due


def test_whether_it_is_a_weekend_is_told_by_the_clock_of_the_programme() -> None:
    friday_night_in_utc = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)

    due = IN_BERLIN.days_after(friday_night_in_utc, 1)

    assert due == datetime(2026, 12, 1, 0, 0, tzinfo=BERLIN)


def test_a_change_of_the_clock_keeps_the_time_of_day() -> None:
    due = IN_BERLIN.days_after(datetime(2026, 3, 27, 14, 0, tzinfo=UTC), 1)  # before summer time

    assert due == datetime(2026, 3, 30, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made_at", "days", "due"),
    [
        ("Thu 2026-12-24 10:00", 1, "Tue 2026-12-29 10:00"),
        ("Fri 2026-12-25 10:00", 1, "Wed 2026-12-30 00:00"),
        ("Thu 2026-12-31 10:00", 2, "Tue 2027-01-05 10:00"),
    ],
)
def test_a_day_off_is_no_working_day(made_at: str, days: int, due: str) -> None:
    assert said(AT_CHRISTMAS.days_after(read(made_at, BERLIN), days)) == due


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("Mon 2026-11-23 10:30", 8, "Mon 2026-11-23 18:30"),
        ("Fri 2026-11-27 15:00", 24, "Mon 2026-11-30 15:00"),
        ("Fri 2026-11-27 15:00", 8, "Fri 2026-11-27 23:00"),
        ("Sat 2026-11-28 15:00", 8, "Mon 2026-11-30 08:00"),
        ("Thu 2026-12-24 20:00", 8, "Tue 2026-12-29 04:00"),
    ],
)
def test_hours_pass_on_working_days_alone(start: str, hours: int, end: str) -> None:
    assert said(AT_CHRISTMAS.hours_after(read(start, BERLIN), hours)) == end


def test_an_hour_is_an_hour_also_when_the_clock_changes() -> None:
    every_day = WorkingDays(zone=BERLIN, weekdays=frozenset(range(1, 8)))
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)

    end = every_day.hours_after(evening, 24)

    assert end - evening.astimezone(UTC) == timedelta(hours=24)


# One year, so that days off meet the days that are counted, and clocks change both ways.
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
CALENDARS = st.builds(
    WorkingDays,
    zone=st.sampled_from([ZoneInfo("UTC"), BERLIN, ZoneInfo("America/St_Johns")]),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    days_off=st.frozensets(DAYS, max_size=20),
)


@given(calendar=CALENDARS, made_at=MOMENTS, days=st.integers(1, 30))
def test_a_due_date_is_on_a_working_day_and_late_enough(
    calendar: WorkingDays, made_at: datetime, days: int
) -> None:
    due = calendar.days_after(made_at, days)

    assert calendar.is_working(due.date())
    assert due - made_at > timedelta(days=days) - timedelta(hours=2)  # clocks may go forward


@given(calendar=CALENDARS, start=MOMENTS, later=st.integers(0, 200), hours=st.integers(1, 100))
def test_who_starts_later_is_ready_later(
    calendar: WorkingDays, start: datetime, later: int, hours: int
) -> None:
    first = calendar.hours_after(start, hours)
    second = calendar.hours_after(start + timedelta(hours=later), hours)

    assert calendar.is_working(first.date())
    assert first <= second


def said(moment: datetime) -> str:
    return moment.strftime("%a %Y-%m-%d %H:%M")


def read(text: str, zone: Any = UTC) -> datetime:
    return datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=zone)
