"""Plots as pages draw them: numbers become rectangles in a box that CSS stretches to its place."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

COLUMN, GAP = 10.0, 1.4
HEIGHT = 100.0
TICKS = 4
DECIMAL_STEPS = (1, 2, 5)
SECOND_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)

PER_CENT_STEPS = (0, 25, 50, 75, 100)

Say = Callable[[int], str]


@dataclass(frozen=True)
class Span:
    """What one column stands for: its date in short, when it is, and several of them."""

    short: str
    full: str
    several: str


DAYS = Span("j M", r"\o\n j F", "days")
MONTHS = Span("M Y", r"\i\n F Y", "months")


@dataclass(frozen=True)
class Series:
    """One kind of column: how it is called and coloured, its values, and the lists behind them.

    `link` takes a day, or None for the whole period.
    """

    label: str
    tone: str
    values: Mapping[date, int]
    link: Callable[[date | None], str]

    @property
    def total(self) -> int:
        return sum(self.values.values())


@dataclass(frozen=True)
class Mark:
    """One rectangle: where it stands, what it says, and where it leads."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    words: str
    link: str


@dataclass(frozen=True)
class Column:
    """One day: its place, and its numbers as the table has them, each with its link."""

    day: date
    x: float
    words: str
    link: str
    cells: list[tuple[str, str]]
    total: str


@dataclass(frozen=True)
class Columns:
    """Columns by day. `ticks` are the labels of the axis, `lines` their heights, top to bottom."""

    series: list[tuple[Series, str]]
    marks: list[Mark]
    columns: list[Column]
    ticks: list[str]
    lines: list[float]
    total: str
    words: str
    is_stacked: bool

    @property
    def width(self) -> float:
        return COLUMN * len(self.columns)

    @property
    def bar_width(self) -> float:
        return COLUMN

    @property
    def height(self) -> float:
        return HEIGHT

    @property
    def days_shown(self) -> list[date]:
        """The first, the middle and the last day: what the axis below says."""
        days = [column.day for column in self.columns]
        return [days[0], days[len(days) // 2], days[-1]]


@dataclass(frozen=True)
class Bar:
    """One row of a plot of rows: `share` and `ghost` are per cent of the longest."""

    label: str
    said: str
    link: str
    share: float
    tone: str = ""
    ghost: float = 0.0


def stack_columns(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    say: Say,
    link: Callable[[date | None], str],
    span: Span = DAYS,
) -> Columns | None:
    """Draw what adds up: one series stands on another. None where there is nothing to draw."""
    sums = {day: sum(one.values.get(day, 0) for one in series) for day in days}
    if not any(sums.values()):
        return None
    steps = scale_of(max(sums.values()), decimal_steps())
    return _draw(days, series, sums, steps, say=say, link=link, span=span, is_stacked=True)


def overlay_columns(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    say: Say,
    link: Callable[[date | None], str],
    span: Span = DAYS,
    steps: Sequence[int] = (),
) -> Columns | None:
    """Draw what does not add up, all from the ground; the highest series comes last.

    It is seconds, unless the `steps` of the axis are given.
    """
    highest = {day: max(one.values.get(day, 0) for one in series) for day in days}
    if not any(highest.values()):
        return None
    axis = list(steps) or scale_of(max(highest.values()), SECOND_STEPS)
    return _draw(days, series, highest, axis, say=say, link=link, span=span, is_stacked=False)


def _draw(
    days: Sequence[date],
    series: Sequence[Series],
    heights: Mapping[date, int],
    steps: list[int],
    *,
    say: Say,
    link: Callable[[date | None], str],
    span: Span,
    is_stacked: bool,
) -> Columns:
    top = steps[-1]
    marks: list[Mark] = []
    columns: list[Column] = []
    for number, day in enumerate(days):
        x = COLUMN * number
        ground = 0
        said_of_day: list[str] = []
        for one in series if is_stacked else reversed(series):  # the lower ones on top
            value = one.values.get(day, 0)
            if not value:
                continue
            height = HEIGHT * value / top
            said = f"{one.label}: {say(value)}"
            said_of_day.append(said)
            marks.append(
                Mark(
                    x=x + GAP,
                    y=HEIGHT - HEIGHT * ground / top - height,
                    width=COLUMN - 2 * GAP,
                    height=height,
                    tone=one.tone,
                    words=f"{date_format(day, span.short)}, {said}",
                    link=one.link(day),
                )
            )
            ground += value if is_stacked else 0
        cells = [(say(one.values.get(day, 0)), one.link(day)) for one in series]
        columns.append(
            Column(
                day=day,
                x=x,
                words=f"{date_format(day, span.short)}. {', '.join(said_of_day) or 'None'}",
                link=link(day),
                cells=cells,
                total=say(heights[day]),
            )
        )
    best = max(days, key=lambda day: heights[day])
    total = say(sum(heights.values())) if is_stacked else ""
    parts = [f"{one.label} {say(one.total)}" for one in series] if is_stacked else []
    all_of_it = f"{len(days)} {span.several}"
    beginning = f"{total} in {all_of_it}" if is_stacked else all_of_it
    words = f"{beginning}, the most {date_format(best, span.full)}: {say(heights[best])}"
    return Columns(
        series=[(one, say(one.total) if is_stacked else "") for one in series],
        marks=marks,
        columns=columns,
        ticks=[say(step) for step in reversed(steps)],
        lines=[HEIGHT - HEIGHT * step / top for step in steps],
        total=total,
        words="; ".join([words, *parts]),
        is_stacked=is_stacked,
    )


def bars(rows: Sequence[tuple[str, int, str, str]]) -> list[Bar]:
    """Draw rows of label, count, link and tone, each as long as its share of the longest."""
    longest = max((count for _, count, _, _ in rows), default=0) or 1
    return [
        Bar(label, f"{count:,}", link, 100 * count / longest, tone)
        for label, count, link, tone in rows
    ]


def scale_of(highest: int, candidates: Sequence[int]) -> list[int]:
    """The round values of an axis, 0 first: four steps at most reach the highest value."""
    step = next((one for one in candidates if one * TICKS >= highest), None)
    step = step or math.ceil(highest / TICKS / candidates[-1]) * candidates[-1]
    return [step * number for number in range(max(math.ceil(highest / step), 1) + 1)]


def decimal_steps() -> list[int]:
    return [one * 10**power for power in range(12) for one in DECIMAL_STEPS]


def say_count(count: int) -> str:
    return f"{count:,}"


def say_seconds(seconds: float) -> str:
    """A length of time in its two biggest units: 95 seconds are 1 min 35 s."""
    whole = round(seconds)
    units = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    parts = []
    for size, unit in units:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"
