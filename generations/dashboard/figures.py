"""What the dashboard counts: each a query over a range of an index, and none over what is past."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from artists.models import Artist, Cohort, DeadUse, Limit, Token, Window
from artists.models.limit import OF_PROGRAMME
from artists.quotas.windows import read_windows
from generations.dashboard.buckets import Bucket, age_buckets, due_buckets, use_buckets
from generations.dashboard.period import Period
from generations.models import Generation, Review, Submission
from generations.models.generation import RUNNING, Status
from portal.elapsed import SecondsBetween, nearest_rank

DEAD_USE_DAYS = 7


@dataclass(frozen=True)
class Ended:
    """How many generations came to one end on one day, and the credits that they cost."""

    day: date
    video_model_id: int
    status: str
    failure_kind: str
    count: int
    credits: int


class Standing(NamedTuple):
    """What of one video model is unfinished now; `oldest` is since when the first one waits."""

    queued: int
    running: int
    oldest: datetime | None


@dataclass(frozen=True)
class Waits:
    """Seconds from the prompt to the clip on one day: half and nine of ten were there within."""

    half: int
    most: int


def ended(period: Period) -> list[Ended]:
    """All that ended in a period, by day, video model and end."""
    rows = (
        _ended_by_day(period)
        .values_list("number", "video_model_id", "status", "failure_kind")
        .annotate(count=Count("pk"), credits=Sum("reservation__settled_credits"))
    )
    days = period.days
    return [Ended(days[number], *rest) for number, *rest in rows]


def waits(period: Period) -> dict[date, Waits]:
    """The waiting times of the clips that were ready on each day, by nearest rank.

    The database counts the clips of each second, and these are counted on here.
    """
    ready = _ended_by_day(period).filter(status=Status.READY)
    took = SecondsBetween("created_at", "finished_at")
    counts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, seconds, count in (
        ready.annotate(took=took)
        .values_list("number", "took")
        .annotate(count=Count("pk"))
        .order_by("took")
    ):
        counts[number].append((seconds, count))
    days = period.days
    return {
        days[number]: Waits(half=nearest_rank(of_day, 50), most=nearest_rank(of_day, 90))
        for number, of_day in counts.items()
    }


def _ended_by_day(period: Period) -> QuerySet[Any]:
    """What ended in a period, each with the `number` of its day.

    By the midnights themselves: days have 23 and 25 hours too, and for a time zone SQLite would
    call Python for every row.
    """
    ends = [Period(day, day).end for day in period.days]
    return (
        Generation.objects.ended_within(period.start, period.end)
        .order_by()
        .annotate(number=_number_of_day(ends))
    )


def _number_of_day(ends: list[datetime], *, first: int = 0) -> Case | Value:
    """The number of the day by the ends of all of them, halved until one is left."""
    if len(ends) == 1:
        return Value(first)
    half = len(ends) // 2
    is_before = When(finished_at__lt=ends[half - 1], then=_number_of_day(ends[:half], first=first))
    return Case(is_before, default=_number_of_day(ends[half:], first=first + half))


def standing() -> dict[int, Standing]:
    """What waits and what is being made now, by video model."""
    queued = Q(status=Status.QUEUED)
    rows = (
        Generation.objects.active()
        .order_by()
        .values_list("video_model_id")
        .annotate(
            queued=Count("pk", filter=queued),
            running=Count("pk", filter=Q(status__in=RUNNING)),
            oldest=Min("created_at", filter=queued),
        )
    )
    return {model_id: Standing(*counts) for model_id, *counts in rows}


def open_submissions() -> dict[str, int]:
    """Undecided submissions by the keys of due_buckets(), and those `waiting` and `claimed`."""
    conditions = {bucket.key: bucket.rows for bucket in due_buckets()}
    conditions |= {"waiting": is_waiting(), "claimed": ~is_waiting()}
    return _count_each(Submission.objects.filter(closed_at=None), conditions)


def is_waiting() -> Q:
    """Undecided submissions that nobody has at this moment."""
    return Q(review__in=Review.objects.free())


def closed_submissions(period: Period) -> dict[str, int]:
    closed = Submission.objects.closed_within(period.start, period.end)
    return dict(closed.order_by().values_list("status").annotate(count=Count("pk")))


def live_tokens() -> tuple[dict[str, int], dict[str, int]]:
    """Live tokens by the keys of age_buckets(), and by those of use_buckets()."""
    ages, uses = age_buckets(), use_buckets()
    counts = _count_each(
        Token.objects.live(),
        {f"age_{one.key}": one.rows for one in ages} | {f"use_{one.key}": one.rows for one in uses},
    )
    return _named(counts, "age_", ages), _named(counts, "use_", uses)


def _named(counts: dict[str, int], prefix: str, buckets: Iterable[Bucket]) -> dict[str, int]:
    return {bucket.key: counts[f"{prefix}{bucket.key}"] for bucket in buckets}


def _count_each(rows: QuerySet, conditions: dict[str, Q]) -> dict[str, int]:
    counts: dict[str, int] = rows.order_by().aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    return counts


def active_in(period: Period) -> Q:
    """The artists for whom something ended in a period, or is being made now."""
    over = Generation.objects.ended_within(period.start, period.end).order_by().values("artist")
    being_made = Generation.objects.active().order_by().values("artist")
    return Q(pk__in=over) | Q(pk__in=being_made)


def cohorts(period: Period) -> QuerySet[Cohort]:
    """Cohorts with `members` and, of them, `active`; the biggest first."""
    of_cohort = Artist.objects.filter(cohort=OuterRef("pk"), is_active=True)
    return Cohort.objects.annotate(
        members=_count(of_cohort), active=_count(of_cohort.filter(active_in(period)))
    ).order_by("-members", "name")


def _count(artists: QuerySet[Artist]) -> Coalesce:
    counted = artists.order_by().values("cohort").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def dead_uses() -> int:
    return DeadUse.objects.of_last_days(DEAD_USE_DAYS).count()


def programme_window() -> Window | None:
    """The programme's own limit in credits, of the shortest period; None where it has none."""
    limits = Limit.objects.standing().filter(OF_PROGRAMME, unit=Limit.Unit.CREDITS)
    windows = read_windows(limits)
    return min(windows, key=lambda one: one.limit.reading_order, default=None)
