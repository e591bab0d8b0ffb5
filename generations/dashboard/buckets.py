"""How ages are put into a few classes: one definition for a figure and for the list behind it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

DAY = timedelta(days=1)
OVERDUE = "overdue"


class Bucket(NamedTuple):
    """A class of rows: its name in an address, in words, and which rows are in it."""

    key: str
    label: str
    rows: Q
    is_bad: bool = False


def due_buckets() -> list[Bucket]:
    """Undecided submissions by how near their due date is, the most urgent first."""
    now = timezone.now()
    return [
        Bucket(
            "long_overdue", "Overdue by more than a day", between("due_at", None, now - DAY), True
        ),
        Bucket(
            "just_overdue", "Overdue by less than a day", between("due_at", now - DAY, now), True
        ),
        Bucket("within_a_day", "Due within a day", between("due_at", now, now + DAY)),
        Bucket("within_three", "Due in 1 to 3 days", between("due_at", now + DAY, now + 3 * DAY)),
        Bucket("later", "Due later", between("due_at", now + 3 * DAY, None)),
    ]


def overdue() -> Q:
    return Q(due_at__lt=timezone.now())


def age_buckets() -> list[Bucket]:
    """Tokens by how long ago they were made, the youngest first."""
    now = timezone.now()
    return [
        Bucket("week", "Under 7 days", between("created_at", now - 7 * DAY, None)),
        Bucket("month", "7 to 30 days", between("created_at", now - 30 * DAY, now - 7 * DAY)),
        Bucket("quarter", "30 to 90 days", between("created_at", now - 90 * DAY, now - 30 * DAY)),
        Bucket("half", "90 to 180 days", between("created_at", now - 180 * DAY, now - 90 * DAY)),
        Bucket("older", "180 days and more", between("created_at", None, now - 180 * DAY)),
    ]


def use_buckets() -> list[Bucket]:
    """Tokens by when they were last used, the last first."""
    now = timezone.now()
    return [
        Bucket("day", "In the last 24 hours", between("last_used_at", now - DAY, None)),
        Bucket("week", "1 to 7 days ago", between("last_used_at", now - 7 * DAY, now - DAY)),
        Bucket("month", "7 to 30 days ago", between("last_used_at", now - 30 * DAY, now - 7 * DAY)),
        Bucket("older", "30 days ago and more", between("last_used_at", None, now - 30 * DAY)),
        Bucket("never", "Never", Q(last_used_at=None)),
    ]


def rows_of(buckets: list[Bucket], key: str) -> Q:
    """Which rows are in the bucket of that key; all of them without one."""
    return next((bucket.rows for bucket in buckets if bucket.key == key), Q())


def choices_of(buckets: list[Bucket]) -> list[tuple[str, str]]:
    return [(bucket.key, bucket.label) for bucket in buckets]


def between(field: str, start: datetime | None, end: datetime | None) -> Q:
    """From a moment on and before another; None is no bound."""
    wanted = Q()
    if start is not None:
        wanted &= Q(**{f"{field}__gte": start})
    if end is not None:
        wanted &= Q(**{f"{field}__lt": end})
    return wanted
