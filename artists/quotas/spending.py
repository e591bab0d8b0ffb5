"""What was spent on each of the last days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from artists.models import Reservation
from portal.clock import midnight, programme_day

DAYS = 30


@dataclass(frozen=True)
class Day:
    """One day of the programme's time zone: what was settled on it."""

    date: date
    credits: int = 0
    money: int = 0


@dataclass(frozen=True)
class Excess:
    """What providers billed beyond what was held for it, in how many clips."""

    clips: int
    money: int


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


def _last_days() -> list[date]:
    today = programme_day()
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
