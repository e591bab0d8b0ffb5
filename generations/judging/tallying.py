"""The tallies of the queue: summed up as they grow, compared with what they are of, made anew."""

from collections import Counter

from django.db import transaction
from django.db.models import Count

from generations.models import Review, Tally
from generations.models.tally import Sort

AT_ONCE = 10_000


@transaction.atomic
def fold() -> int:
    """Sum up the rows of each sort in one; return how many fewer rows there are."""
    rows = list(Tally.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
    sums = Counter[Sort]()
    for row in rows:
        sums[_sort_of(row)] += row.count
    summed_up = [_tally(sort, count) for sort, count in sums.items() if count]
    if len(summed_up) == len(rows):
        return 0
    Tally.objects.filter(pk__gte=rows[0].pk, pk__in=[row.pk for row in rows]).delete()
    Tally.objects.bulk_create(summed_up)
    return len(rows) - len(summed_up)


@transaction.atomic
def make_anew() -> None:
    """Count every open review; for a migration, while nobody else writes."""
    Tally.objects.all().delete()
    Tally.objects.bulk_create(_tally(sort, count) for sort, count in recount().items())


def recount() -> dict[Sort, int]:
    """Count every open review, one by one: slow, and what the tallies have to equal."""
    of_each = Review.objects.filter(closed_at=None).order_by().values_list(*Sort._fields)
    return {Sort(*sort): count for *sort, count in of_each.annotate(Count("pk"))}


def _sort_of(row: Tally) -> Sort:
    return Sort(*(getattr(row, name) for name in Sort._fields))


def _tally(sort: Sort, count: int) -> Tally:
    return Tally(**sort._asdict(), count=count)
