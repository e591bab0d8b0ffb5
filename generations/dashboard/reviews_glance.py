"""What stands on the managers' page of reviews: the figures of reviewing.py, drawn."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from generations.dashboard import reviewing
from generations.dashboard.buckets import Bucket, due_buckets
from generations.dashboard.plots import (
    Bar,
    Columns,
    Series,
    bars,
    overlay_columns,
    say_count,
    say_seconds,
    stack_columns,
)
from generations.dashboard.reviewing import Asked, Load, Times, age_buckets
from generations.models import Ground, Opinion, Review

NOTHING = "–"
DECIDED = (
    ("Approved", "approved"),
    ("Approved by silence", "by_silence"),
    ("Changes asked for", "changes_asked"),
    ("Rejected", "rejected"),
)
SAID = (
    Opinion.Outcome.APPROVE,
    Opinion.Outcome.CHANGES,
    Opinion.Outcome.REJECT,
    Opinion.Outcome.ESCALATE,
)


@dataclass(frozen=True)
class Tile:
    """One number of the page, and what it is about."""

    label: str
    value: str
    note: str = ""
    is_bad: bool = False


@dataclass(frozen=True)
class ReviewerRow:
    """One reviewer, as the table says it."""

    name: str
    total: str
    outcomes: list[tuple[str, str]]
    agreement: str
    bar: Bar


@dataclass(frozen=True)
class GroundRow:
    """One ground: how often it was used, and what became of the appeals against it."""

    title: str
    link: str
    used: str
    appealed: str
    overturned: str


def read(asked: Asked) -> dict[str, Any]:
    """All that the page shows, by a number of queries that no row adds to."""
    standing = reviewing.standing(asked)
    rows = reviewing.times_to_decide(asked)
    in_time, late = reviewing.met_dates(asked)
    appeals, outcomes = reviewing.appeals(asked), reviewing.outcomes(asked)
    alike = reviewing.agreement(asked)
    loads = reviewing.loads(asked)
    return {
        "tiles": _tiles(asked, standing, rows, (in_time.values(), late.values()), appeals, alike),
        "oldest": standing["oldest"],
        "ages": _in_buckets(age_buckets(), standing, "age"),
        "due": _in_buckets(due_buckets(), standing, "due"),
        "kinds": [(kind.label, standing[f"kind_{kind.value}"]) for kind in Review.Kind],
        "flagged": standing["flagged"],
        "escalated": standing["escalated"],
        "times": _times(asked, reviewing.times_by_day(rows)),
        "due_dates": _dates(asked, in_time, late),
        "outcomes": _outcomes(outcomes),
        "outcome_labels": [one.label for one in SAID],
        "reviewers": _reviewers(loads),
        "grounds": _grounds(reviewing.grounds(asked), appeals["by_ground"]),
    }


def say_share(part: int, whole: int) -> str:
    return f"{100 * part // whole}%" if whole else NOTHING


def _tiles(
    asked: Asked,
    standing: dict[str, Any],
    rows: list[tuple[date, int, int]],
    dates: tuple[Any, Any],
    appeals: dict[str, Any],
    alike: tuple[int, int],
) -> list[Tile]:
    overdue = standing["due_long_overdue"] + standing["due_just_overdue"]
    in_time, late = (sum(counts) for counts in dates)
    all_times = Counter[int]()
    for _, seconds, count in rows:
        all_times[seconds] += count
    return [
        Tile("Open reviews", say_count(standing["all"]), note="now"),
        Tile("Overdue", say_count(overdue), note="now", is_bad=overdue > 0),
        _time_tile("Time to claim", reviewing.times_to_claim(asked)),
        _time_tile("Time to decide", reviewing.times_of(sorted(all_times.items()))),
        Tile(
            "Due dates met",
            say_share(in_time, in_time + late),
            note=f"{in_time:,} of {in_time + late:,}",
            is_bad=late > 0,
        ),
        Tile(
            "Overturned",
            say_share(appeals["overturned"], appeals["decided"]),
            note=f"{appeals['overturned']:,} of {appeals['decided']:,} appeals",
        ),
        Tile("Two who agree", say_share(*alike), note=f"{alike[0]:,} of {alike[1]:,} seen by two"),
    ]


def _time_tile(label: str, times: Times | None) -> Tile:
    if times is None:
        return Tile(label, NOTHING)
    return Tile(label, say_seconds(times.half), note=f"9 of 10 within {say_seconds(times.most)}")


def _in_buckets(buckets: list[Bucket], counts: dict[str, Any], prefix: str) -> list[Bar]:
    found = [(one, counts[f"{prefix}_{one.key}"]) for one in buckets]
    if not any(count for _, count in found):
        return []
    queue = reverse("generations:queue")
    return bars([(one.label, count, queue, "is-bad" if one.is_bad else "") for one, count in found])


def _nowhere(_: date | None) -> str:
    """What is behind these figures is taken away as CSV."""
    return ""


def _times(asked: Asked, by_day: Mapping[date, Times]) -> Columns | None:
    series = [
        Series("Half within", "is-half", {day: one.half for day, one in by_day.items()}, _nowhere),
        Series(
            "9 of 10 within", "is-most", {day: one.most for day, one in by_day.items()}, _nowhere
        ),
    ]
    return overlay_columns(asked.period.days, series, say=say_seconds, link=_nowhere)


def _dates(asked: Asked, in_time: Mapping[date, int], late: Mapping[date, int]) -> Columns | None:
    series = [Series("In time", "is-3", in_time, _nowhere), Series("Late", "is-1", late, _nowhere)]
    shown = [one for one in series if one.total]
    return stack_columns(asked.period.days, shown, say=say_count, link=_nowhere)


def _outcomes(counts: dict[str, int]) -> list[Bar]:
    if not any(counts.values()):
        return []
    return bars([(label, counts[name], "", "") for label, name in DECIDED])


def _reviewers(loads: list[Load]) -> list[ReviewerRow]:
    longest = max((one.total for one in loads), default=0) or 1
    return [
        ReviewerRow(
            name=f"{one.reviewer}",
            total=say_count(one.total),
            outcomes=[(outcome.label, say_count(one.outcomes[outcome])) for outcome in SAID],
            agreement=(
                f"{say_share(one.alike, one.compared)} of {one.compared}"
                if one.compared
                else NOTHING
            ),
            bar=Bar("", "", "", 100 * one.total / longest),
        )
        for one in loads
    ]


def _grounds(used: dict[str, int], appealed: dict[str, tuple[int, int]]) -> list[GroundRow]:
    titles = dict(Ground.objects.order_by("version").values_list("code", "title"))
    page = reverse("generations:grounds")
    codes = sorted(used.keys() | appealed.keys(), key=lambda code: (-used.get(code, 0), code))
    return [
        GroundRow(
            title=titles.get(code, code),
            link=f"{page}#{code}",
            used=say_count(used.get(code, 0)),
            appealed=say_count(appealed.get(code, (0, 0))[0]),
            overturned=say_count(appealed.get(code, (0, 0))[1]),
        )
        for code in codes
    ]
