"""How reviews go, for managers: each figure a query over a range of an index."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.dashboard.buckets import DAY, Bucket, between, due_buckets
from generations.dashboard.period import Period
from generations.models import Appeal, Decision, Opinion, Review
from generations.promise.months import (
    decided_in_reviews,
    due_between,
    grounds_of,
    outcomes_of,
)
from portal.clock import programme_time
from portal.elapsed import SecondsBetween, nearest_rank


@dataclass(frozen=True)
class Asked:
    """Which reviews: of some days, and of one cohort or of all."""

    period: Period
    cohort: Cohort | None = None

    def of_cohort(self, path: str) -> Q:
        return Q(**{path: self.cohort}) if self.cohort else Q()


class Times(NamedTuple):
    """Seconds: half took no longer than the first, nine of ten no longer than the second."""

    half: int
    most: int


@dataclass
class Load:
    """What one reviewer said in the days asked for."""

    reviewer: Artist
    outcomes: Counter[str]
    alike: int = 0
    compared: int = 0

    @property
    def total(self) -> int:
        return self.outcomes.total()


def age_buckets() -> list[Bucket]:
    """Open reviews by how long ago they came, the youngest first."""
    now = timezone.now()
    return [
        Bucket("day", "Under a day", between("created_at", now - DAY, None)),
        Bucket("two", "1 to 2 days", between("created_at", now - 2 * DAY, now - DAY)),
        Bucket("week", "2 to 7 days", between("created_at", now - 7 * DAY, now - 2 * DAY)),
        Bucket("older", "7 days and more", between("created_at", None, now - 7 * DAY), True),
    ]


def standing(asked: Asked) -> dict[str, Any]:
    """The queue as it is now: by age, by due date, by kind, and since when the first waits."""
    conditions = {f"age_{one.key}": one.rows for one in age_buckets()}
    conditions |= {f"due_{one.key}": one.rows for one in due_buckets()}
    conditions |= {f"kind_{kind.value}": Q(kind=kind) for kind in Review.Kind}
    conditions |= {"all": Q(), "flagged": Q(is_flagged=True)}
    conditions |= {"escalated": Q(level=Review.Level.MANAGERS)}
    counted: dict[str, Any] = (
        Review.objects.filter(asked.of_cohort("cohort"), closed_at=None)
        .order_by()
        .aggregate(
            oldest=Min("created_at"),
            **{name: Count("pk", filter=rows) for name, rows in conditions.items()},
        )
    )
    return counted


def decisions(asked: Asked) -> QuerySet[Decision]:
    made = decided_in_reviews(asked.period.start, asked.period.end)
    return made.filter(asked.of_cohort("submission__review__cohort"))


def outcomes(asked: Asked) -> dict[str, int]:
    return outcomes_of(decisions(asked))


def times_to_decide(asked: Asked) -> list[tuple[date, int, int]]:
    """Day, seconds and number of what was decided on that day after so many seconds."""
    took = SecondsBetween("submission__created_at", "created_at")
    rows = decisions(asked).annotate(took=took).values_list("created_at", "took")
    counts = Counter((programme_time(at).date(), max(seconds, 0)) for at, seconds in rows)
    return sorted((day, seconds, count) for (day, seconds), count in counts.items())


def times_to_claim(asked: Asked) -> Times | None:
    """From coming into the queue to the first claim, of what was first claimed in the days."""
    claimed = Review.objects.filter(
        asked.of_cohort("cohort"),
        first_claimed_at__gte=asked.period.start,
        first_claimed_at__lt=asked.period.end,
    )
    took = SecondsBetween("created_at", "first_claimed_at")
    rows = claimed.order_by().annotate(took=took).values_list("took")
    return times_of(rows.annotate(count=Count("pk")).order_by("took"))


def times_of(counts: Iterable[tuple[int, int]]) -> Times | None:
    """The half and nine of ten of seconds with their numbers, in ascending order."""
    known = list(counts)
    if not known:
        return None
    return Times(*(max(nearest_rank(known, per_cent), 0) for per_cent in (50, 90)))


def times_by_day(rows: Iterable[tuple[date, int, int]]) -> dict[date, Times]:
    by_day: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for day, seconds, count in rows:
        by_day[day].append((seconds, count))
    found = {day: times_of(counts) for day, counts in by_day.items()}
    return {day: times for day, times in found.items() if times}


def met_dates(asked: Asked) -> tuple[dict[date, int], dict[date, int]]:
    """By the day on which it was due: how many were decided in time, and how many were not."""
    end = min(asked.period.end, timezone.now())
    due = due_between(asked.period.start, end).filter(asked.of_cohort("review__cohort"))
    in_time, late = Counter[date](), Counter[date]()
    for due_at, decided_at in due.values_list("due_at", "decision__created_at"):
        kept = decided_at is not None and decided_at <= due_at
        (in_time if kept else late)[programme_time(due_at).date()] += 1
    return in_time, late


def loads(asked: Asked) -> list[Load]:
    """What each reviewer said, and how often the other of two who looked said the same."""
    said = _opinions(asked)
    found = said.order_by().values_list("reviewer", "outcome").annotate(count=Count("pk"))
    by_reviewer: dict[int, Counter[str]] = defaultdict(Counter)
    for reviewer_id, outcome, count in found:
        by_reviewer[reviewer_id][outcome] += count
    people = Artist.objects.in_bulk(by_reviewer)
    known = {pk: Load(people[pk], counts) for pk, counts in by_reviewer.items()}
    for first, second in _pairs(said):
        is_alike = first[1] == second[1]
        for reviewer_id in (first[0], second[0]):
            if reviewer_id in known:
                known[reviewer_id].compared += 1
                known[reviewer_id].alike += is_alike
    return sorted(known.values(), key=lambda one: (-one.total, one.reviewer.pk))


def agreement(asked: Asked) -> tuple[int, int]:
    """Of how many that two people looked at both said the same, and how many those were."""
    pairs = _pairs(_opinions(asked))
    return sum(first[1] == second[1] for first, second in pairs), len(pairs)


def _opinions(asked: Asked) -> QuerySet[Opinion]:
    return Opinion.objects.given().filter(
        asked.of_cohort("review__cohort"),
        created_at__gte=asked.period.start,
        created_at__lt=asked.period.end,
    )


def _pairs(said: QuerySet[Opinion]) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    """The first two people who judged the same submission, the second of them in these days.

    Neither knew what the other had said. Who decides where they differ is none of the two.
    """
    judged = Opinion.objects.judging()
    before = judged.filter(review=OuterRef("review"), pk__lt=OuterRef("pk"))
    twice = said.exclude(outcome=Opinion.Outcome.ESCALATE).filter(
        Exists(before), review__kind=Review.Kind.SUBMISSION
    )
    rows = judged.filter(review__in=twice.values("review")).order_by("pk")
    by_review: dict[Any, list[tuple[int, str]]] = defaultdict(list)
    for review_id, reviewer_id, outcome in rows.values_list("review", "reviewer", "outcome"):
        by_review[review_id].append((reviewer_id, outcome))
    return [(found[0], found[1]) for found in by_review.values()]


def grounds(asked: Asked) -> dict[str, int]:
    return grounds_of(decisions(asked))


def appeals(asked: Asked) -> dict[str, Any]:
    """Appeals that were decided: how many were upheld, overturned, and that by ground."""
    decided = Appeal.objects.filter(
        asked.of_cohort("review__cohort"),
        decided_at__gte=asked.period.start,
        decided_at__lt=asked.period.end,
    )
    overturned = Q(outcome=Appeal.Outcome.OVERTURN)
    counted: dict[str, Any] = decided.aggregate(
        decided=Count("pk"), overturned=Count("pk", filter=overturned)
    )
    by_ground = (
        decided.order_by()
        .values_list("ground__code")
        .annotate(count=Count("pk"), overturned=Count("pk", filter=overturned))
    )
    return counted | {"by_ground": {code: (count, over) for code, count, over in by_ground}}
