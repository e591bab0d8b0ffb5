"""What was spent on each of the last days, and its picture."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format

from artists.models import Reservation
from portal.clock import midnight, programme_day

DAYS = 30
PLOT_WIDTH, PLOT_HEIGHT, BAR_SHARE = 600, 120, 0.72


@dataclass(frozen=True)
class Day:
    """One day of the programme's time zone: what was settled on it."""

    date: date
    credits: int = 0
    money: int = 0


class Dated(Protocol):
    """Whatever is told day by day."""

    @property
    def date(self) -> date: ...


OneDay = TypeVar("OneDay", bound=Dated)


@dataclass(frozen=True)
class Excess:
    """What providers billed beyond what was held for it, in how many clips."""

    clips: int
    money: int


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
    """Bars in a box of PLOT_WIDTH by PLOT_HEIGHT, their scale, and the same in a sentence."""

    bars: list[Bar]
    highest: str
    total: str
    words: str
    width: int = PLOT_WIDTH
    height: int = PLOT_HEIGHT


def by_day(reservations: QuerySet[Reservation]) -> list[Day]:
    """What was settled on each of the last 30 days, the oldest first, days without any too."""
    days = _last_days()
    sums = (
        reservations.filter(closed_at__gte=midnight(days[0]))
        .order_by()
        .annotate(day=TruncDate("closed_at", tzinfo=timezone.get_default_timezone()))
        .values("day")
        .annotate(credits_sum=Sum("settled_credits"), money_sum=Sum("settled_money"))
    )
    found = {row["day"]: Day(row["day"], row["credits_sum"], int(row["money_sum"])) for row in sums}
    return [found.get(day, Day(day)) for day in days]


def excess_of(reservations: QuerySet[Reservation]) -> Excess:
    """What providers billed beyond what was held, in the last 30 days."""
    beyond = Q(cost__gt=F("settled_money"))
    found = reservations.filter(beyond, closed_at__gte=midnight(_last_days()[0])).aggregate(
        clips=Count("pk"), money=Sum(F("cost") - F("settled_money"), default=0)
    )
    return Excess(clips=found["clips"], money=int(found["money"]))


def draw(
    days: list[OneDay], value: Callable[[OneDay], int], say: Callable[[int], str]
) -> Plot | None:
    """Draw one bar a day; None where all are nothing. `say` puts an amount into words."""
    highest = max(map(value, days), default=0)
    if highest == 0:
        return None
    step = PLOT_WIDTH / len(days)
    bars = []
    for number, day in enumerate(days):
        height = round(PLOT_HEIGHT * value(day) / highest, 2)
        bars.append(
            Bar(
                x=round(number * step + step * (1 - BAR_SHARE) / 2, 2),
                y=round(PLOT_HEIGHT - height, 2),
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


def _last_days() -> list[date]:
    today = programme_day()
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
