"""How many reviews are open, of each sort: kept as they change, never counted."""

from typing import NamedTuple

from django.db import models
from django.db.models import Count, Sum


class Sort(NamedTuple):
    """What a queue may be narrowed down to."""

    status: str
    kind: str
    level: str
    is_flagged: bool
    cohort: int | None
    video_model: int


class TallyQuerySet(models.QuerySet["Tally"]):
    def read(self) -> tuple[dict[Sort, int], str]:
        """Return how many are open of each sort there is one of, and the version of that."""
        found = self.order_by().values_list(*Sort._fields)
        sums = found.annotate(Sum("count"), Count("pk"), Sum("pk"))
        counts, rows, keys = {}, 0, 0
        for *sort, count, rows_of_it, keys_of_it in sums:
            rows, keys = rows + rows_of_it, keys + int(keys_of_it)
            if count:
                counts[Sort(*sort)] = count
        return counts, f"{rows}.{keys}"

    def version(self) -> str:
        """Return what changes with each change of an open review: other rows, other sums."""
        found = self.aggregate(rows=Count("pk"), keys=Sum("pk"))
        return f"{found['rows']}.{int(found['keys'] or 0)}"


class Tally(models.Model):
    """So many more or fewer open reviews of one sort; all rows of it together are how many.

    Triggers on the reviews add rows (generations/judging/triggers.py) and change none, so no
    writer waits for another, nor two for each other. The schedule sums the rows up.
    """

    id = models.BigAutoField(primary_key=True)
    status = models.CharField(max_length=7)
    kind = models.CharField(max_length=10)
    level = models.CharField(max_length=9)
    is_flagged = models.BooleanField()
    cohort = models.BigIntegerField(null=True, help_text="A key that nothing holds on to.")
    video_model = models.BigIntegerField(help_text="A key that nothing holds on to.")
    count = models.IntegerField()

    objects = TallyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.count:+d} {self.status} {self.kind}"
