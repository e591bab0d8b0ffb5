"""A bar for each of the last days, as pages draw it: numbers become rectangles in a box."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from django.utils.formats import date_format

WIDTH, HEIGHT, BAR_SHARE = 600, 120, 0.72


class Dated(Protocol):
    """Whatever is told day by day."""

    @property
    def date(self) -> date: ...


OneDay = TypeVar("OneDay", bound=Dated)


@dataclass(frozen=True)
class Bar:
    """One day in a plot: where its bar stands, and what it says."""

    x: float
    y: float
    width: float
    height: float
    day: date
    words: str


@dataclass(frozen=True)
class Plot:
    """Bars in a box of WIDTH by HEIGHT, their scale, and the same in a sentence."""

    bars: list[Bar]
    highest: str
    total: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


def draw(
    days: list[OneDay], value: Callable[[OneDay], int], say: Callable[[int], str]
) -> Plot | None:
    """Draw one bar a day; None where all are nothing. `say` puts an amount into words."""
    highest = max(map(value, days), default=0)
    if highest == 0:
        return None
    step = WIDTH / len(days)
    bars = []
    for number, day in enumerate(days):
        height = round(HEIGHT * value(day) / highest, 2)
        bars.append(
            Bar(
                x=round(number * step + step * (1 - BAR_SHARE) / 2, 2),
                y=round(HEIGHT - height, 2),
                width=round(step * BAR_SHARE, 2),
                height=height,
                day=day.date,
                words=say(value(day)),
            )
        )
    total, best = sum(map(value, days)), max(days, key=value)
    words = (
        f"{say(total)} in the last {len(days)} days, "
        f"the most on {date_format(best.date, 'j F')}: {say(highest)}"
    )
    return Plot(bars=bars, highest=say(highest), total=say(total), words=words)
