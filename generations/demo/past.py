"""The months before the demo began, as the page of the promise shows them."""

from datetime import date
from typing import NamedTuple

from generations.models import ReviewMonth
from generations.models.review_month import SETTLED_AFTER, before, month_of
from portal.clock import programme_day

HOUR = 3600


class Past(NamedTuple):
    """How one month went: what was decided and how fast, what was due, and the appeals."""

    approved: int
    changes_asked: int
    rejected: int
    half_hours: int
    most_hours: int
    due: int
    on_time: int
    appeals: int
    overturned: int
    grounds: dict[str, int]


PAST = (  # the latest first: a team that found its pace
    Past(58, 7, 4, 9, 27, 70, 68, 4, 1, {"rights": 6, "confidentiality": 3, "safety": 2}),
    Past(51, 6, 5, 11, 31, 61, 58, 3, 1, {"rights": 5, "confidentiality": 4, "safety": 2}),
    Past(44, 8, 3, 14, 39, 57, 51, 4, 2, {"rights": 7, "confidentiality": 3, "legal": 1}),
    Past(39, 9, 6, 22, 50, 52, 43, 5, 2, {"rights": 8, "confidentiality": 6, "legal": 1}),
    Past(21, 5, 4, 26, 63, 29, 21, 2, 0, {"rights": 5, "confidentiality": 4}),
)


def remember_months() -> None:
    """Keep the months that are over, where none is kept yet: they are not counted anew."""
    if ReviewMonth.objects.exists():
        return
    month = month_of(programme_day())
    rows = []
    for past in PAST:
        month = before(month)
        rows.append(_row(month, past))
    ReviewMonth.objects.bulk_create(rows)


def _row(month: date, past: Past) -> ReviewMonth:
    counted = past._asdict()
    half, most = counted.pop("half_hours") * HOUR, counted.pop("most_hours") * HOUR
    row = ReviewMonth(month=month, half_seconds=half, most_seconds=most, **counted)
    row.counted_at = row.end + SETTLED_AFTER
    return row
