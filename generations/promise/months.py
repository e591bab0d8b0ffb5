"""How the promise was kept, counted by month from what was decided, due and appealed."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from generations.models import Appeal, Decision, ReviewMonth, Submission
from generations.models.review_month import before, month_of
from portal.clock import programme_day, programme_time
from portal.elapsed import SecondsBetween, nearest_rank

AT_ONCE = 12


def count_months() -> int:
    """Count this month anew, and what is missing or not final of those before it.

    AT_ONCE at most in one go, the latest first; return how many it was.
    """
    wanted = _unfinished()[:AT_ONCE]
    for month in wanted:
        count(month)
    return len(wanted)


def count(month: date) -> ReviewMonth:
    """Count one month, and keep it."""
    row = ReviewMonth(month=month, counted_at=timezone.now())
    figures = _decisions(row) | _times(row) | _dates(row) | _appeals(row)
    known = {"counted_at": row.counted_at, **figures}
    kept, _ = ReviewMonth.objects.update_or_create(month=month, defaults=known)
    return kept


def _unfinished() -> list[date]:
    """This month and, of those since the first submission, the ones that are not final yet."""
    final = {one.month for one in ReviewMonth.objects.all() if one.is_final}
    first = Submission.objects.order_by("pk").values_list("created_at", flat=True).first()
    if first is None:
        return []
    beginning, month = month_of(programme_time(first).date()), month_of(programme_day())
    months = []
    while month >= beginning:
        months.append(month)
        month = before(month)
    return [one for one in months if one not in final]


def decided_in_reviews(start: Any, end: Any) -> QuerySet[Decision]:
    """Decisions of a time that a review led to; not those that follow from an appeal by itself."""
    made = Decision.objects.filter(created_at__gte=start, created_at__lt=end)
    return made.filter(submission__review__isnull=False)


def outcomes_of(decisions: QuerySet[Decision]) -> dict[str, int]:
    """How many decisions there were of each kind; those by silence by themselves."""
    silent, outcome = Q(is_by_silence=True), Decision.Outcome
    counted: dict[str, int] = decisions.aggregate(
        approved=Count("pk", filter=Q(outcome=outcome.APPROVE) & ~silent),
        by_silence=Count("pk", filter=silent),
        changes_asked=Count("pk", filter=Q(outcome=outcome.CHANGES)),
        rejected=Count("pk", filter=Q(outcome=outcome.REJECT)),
    )
    return counted


def grounds_of(decisions: QuerySet[Decision]) -> dict[str, int]:
    """How many refusals rested on each ground, in all its versions, by its code."""
    found = decisions.exclude(ground=None).order_by().values_list("ground__code")
    return dict(found.annotate(count=Count("pk")))


def _decisions(month: ReviewMonth) -> dict[str, Any]:
    found = decided_in_reviews(month.start, month.end)
    return {**outcomes_of(found), "grounds": grounds_of(found)}


def _times(month: ReviewMonth) -> dict[str, Any]:
    """The half and nine of ten of the times from the submission to its decision."""
    found = decided_in_reviews(month.start, month.end)
    took = SecondsBetween("submission__created_at", "created_at")
    counts = list(
        found.annotate(took=took).values_list("took").annotate(count=Count("pk")).order_by("took")
    )
    if not counts:
        return {"half_seconds": None, "most_seconds": None}
    return {
        "half_seconds": max(nearest_rank(counts, 50), 0),
        "most_seconds": max(nearest_rank(counts, 90), 0),
    }


def _dates(month: ReviewMonth) -> dict[str, Any]:
    """Of what was due by its first date, and not taken back before: how much was decided by it."""
    end = min(month.end, timezone.now())
    found = due_between(month.start, end)
    counted: dict[str, Any] = found.aggregate(
        due=Count("pk"), on_time=Count("pk", filter=Q(decision__created_at__lte=F("due_at")))
    )
    return counted


def due_between(start: Any, end: Any) -> QuerySet[Submission]:
    """What was due by the first date it was given, and not taken back before that."""
    due = Submission.objects.filter(due_at__gte=start, due_at__lt=end, review__isnull=False)
    return due.exclude(status=Submission.Status.WITHDRAWN, closed_at__lt=F("due_at"))


def _appeals(month: ReviewMonth) -> dict[str, Any]:
    decided = Appeal.objects.filter(decided_at__gte=month.start, decided_at__lt=month.end)
    counted: dict[str, Any] = decided.aggregate(
        appeals=Count("pk"), overturned=Count("pk", filter=Q(outcome=Appeal.Outcome.OVERTURN))
    )
    return counted
