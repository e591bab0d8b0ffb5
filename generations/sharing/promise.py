"""The programme's promise: by when a submission is answered."""

from datetime import datetime, timedelta

from django.conf import settings

from portal.clock import programme_time

SATURDAY = 5  # of datetime.weekday()


def due_at(made_at: datetime, *, days: int | None = None) -> datetime:
    """Return the end of the promised working days after `made_at`, in the programme's time zone.

    Monday to Friday are working days; what is made at a weekend counts from Monday, 00:00.
    The promise is settings.REVIEW_DAYS, unless told otherwise. Clock time is kept over a change to
    or from summer time: made on Friday at 15:00 with one day to answer, it is due on Monday at
    15:00.
    """
    due = programme_time(made_at)
    if due.weekday() >= SATURDAY:
        due = _next_working_day(due.replace(hour=0, minute=0, second=0, microsecond=0))
    for _ in range(settings.REVIEW_DAYS if days is None else days):
        due = _next_working_day(due)
    return due


def _next_working_day(day: datetime) -> datetime:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
