"""What the dashboard counts: each a query over a range of an index, and none over what is past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate
from django.utils import timezone

from artists.models import Artist, Cohort, DeadUse, Limit, Token
from artists.models import Window as QuotaWindow
from artists.models.limit import OF_PROGRAMME
from artists.quotas.windows import read_windows
from generations.dashboard.buckets import Bucket, age_buckets, due_buckets, use_buckets
from generations.dashboard.period import Period
from generations.models import Generation, Submission
from generations.models.generation import RUNNING, Status

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


@dataclass
class Waits:
    """From the prompt to the clip on one day: half were there within, nine of ten within."""

    half: timedelta = timedelta()
    most: timedelta = timedelta()


def _day_of(field: str) -> TruncDate:
    return TruncDate(field, tzinfo=timezone.get_default_timezone())


def ended(period: Period) -> list[Ended]:
    """All that ended in a period, by day, video model and end."""
    rows = (
        Generation.objects.ended_within(period.start, period.end)
        .order_by()
        .annotate(day=_day_of("finished_at"))
        .values_list("day", "video_model_id", "status", "failure_kind")
        .annotate(count=Count("pk"), credits=Sum("reservation__settled_credits"))
    )
    return [Ended(*row) for row in rows]


def waits(period: Period) -> dict[date, Waits]:
    """The waiting times of the clips that were ready on each day, by nearest rank."""
    ready = Generation.objects.ended_within(period.start, period.end).filter(status=Status.READY)
    ranked = (
        ready.order_by()
        .annotate(day=_day_of("finished_at"), took=_took())
        .annotate(
            rank=Window(RowNumber(), partition_by=F("day"), order_by=F("took").asc()),
            of=Window(Count("*"), partition_by=F("day")),
        )
    )
    by_day: dict[date, Waits] = {}
    for day, took, rank, of in ranked.filter(_is_rank(50) | _is_rank(90)).values_list(
        "day", "took", "rank", "of"
    ):
        one = by_day.setdefault(day, Waits())
        if rank == _rank(50, of):
            one.half = took
        if rank == _rank(90, of):
            one.most = took
    return by_day


def _took() -> Any:
    return F("finished_at") - F("created_at")


def _is_rank(per_cent: int) -> Q:
    """The nearest rank: the least one at or before which there is so much of the rows."""
    return Q(rank__gte=F("of") * per_cent / 100.0, rank__lt=F("of") * per_cent / 100.0 + 1)


def _rank(per_cent: int, of: int) -> int:
    return -(-of * per_cent // 100)


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
    return Q(pk__in=Submission.objects.free().values("pk"))


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


def programme_window() -> QuotaWindow | None:
    """The programme's own limit in credits, of the shortest period; None where it has none."""
    limits = Limit.objects.standing().filter(OF_PROGRAMME, unit=Limit.Unit.CREDITS)
    windows = read_windows(limits)
    return min(windows, key=lambda one: one.limit.reading_order, default=None)
