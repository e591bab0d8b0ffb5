"""The public figures as they are drawn: read from the months that are kept, a row each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from generations.dashboard.plots import (
    MONTHS,
    PER_CENT_STEPS,
    Bar,
    Columns,
    Series,
    bars,
    overlay_columns,
    say_count,
    say_seconds,
    stack_columns,
)
from generations.models import Ground, ReviewMonth

MONTHS_SHOWN = 12
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One month, as the table says it."""

    month: date
    is_running: bool
    decided: str
    half: str
    most: str
    on_time: str
    approved: str
    by_silence: str
    overturned: str


def read() -> dict[str, Any]:
    """All figures of the page, by two queries over a few kept rows."""
    months = list(ReviewMonth.objects.order_by("-month")[:MONTHS_SHOWN])[::-1]
    return {
        "rows": [_row(one) for one in reversed(months)],
        "times": _times(months),
        "kept_dates": _dates(months),
        "decisions": _decisions(months),
        "grounds": _grounds(months),
        "appeals": sum(one.appeals for one in months),
        "overturned": say_share(
            sum(one.overturned for one in months), sum(one.appeals for one in months)
        ),
        "counted_at": max((one.counted_at for one in months), default=None),
    }


def say_share(part: int, whole: int) -> str:
    """Per cent, in words that never round the missing rest away."""
    if not whole:
        return NOTHING
    if part and 100 * part < whole:
        return "under 1%"
    return f"{100 * part // whole}%"


def _row(one: ReviewMonth) -> Row:
    return Row(
        month=one.month,
        is_running=not one.is_final,
        decided=say_count(one.decided),
        half=_say_time(one.half_seconds),
        most=_say_time(one.most_seconds),
        on_time=say_share(one.on_time, one.due),
        approved=say_share(one.approved + one.by_silence, one.decided),
        by_silence=say_count(one.by_silence),
        overturned=f"{one.overturned} of {one.appeals}" if one.appeals else NOTHING,
    )


def _say_time(seconds: int | None) -> str:
    return NOTHING if seconds is None else say_seconds(seconds)


def _nowhere(_: date | None) -> str:
    """Public figures have no list behind them."""
    return ""


def _times(months: Sequence[ReviewMonth]) -> Columns | None:
    series = [
        Series(label, tone, {one.month: getattr(one, name) or 0 for one in months}, _nowhere)
        for label, tone, name in (
            ("Half within", "is-half", "half_seconds"),
            ("9 of 10 within", "is-most", "most_seconds"),
        )
    ]
    shown = [one.month for one in months]
    return overlay_columns(shown, series, say=say_seconds, link=_nowhere, span=MONTHS)


def _dates(months: Sequence[ReviewMonth]) -> Columns | None:
    shares = {one.month: 100 * one.on_time // one.due for one in months if one.due}
    return overlay_columns(
        [one.month for one in months],
        [Series("On time", "is-half", shares, _nowhere)],
        say=lambda share: f"{share}%",
        link=_nowhere,
        span=MONTHS,
        steps=PER_CENT_STEPS,
    )


def _decisions(months: Sequence[ReviewMonth]) -> Columns | None:
    kinds = (
        ("Approved", "is-3", "approved"),
        ("Approved by silence", "is-rest", "by_silence"),
        ("Changes asked for", "is-1", "changes_asked"),
        ("Rejected", "is-2", "rejected"),
    )
    series = [
        Series(label, tone, {one.month: getattr(one, name) for one in months}, _nowhere)
        for label, tone, name in kinds
    ]
    shown = [one for one in series if one.total]
    days = [one.month for one in months]
    return stack_columns(days, shown, say=say_count, link=_nowhere, span=MONTHS)


def _grounds(months: Sequence[ReviewMonth]) -> list[Bar]:
    counts: Counter[str] = Counter()
    for one in months:
        counts.update(one.grounds)
    titles = dict(Ground.objects.order_by("version").values_list("code", "title"))
    page = reverse("generations:grounds")
    return bars(
        [
            (titles.get(code, code), count, f"{page}#{code}", "")
            for code, count in counts.most_common()
        ]
    )
