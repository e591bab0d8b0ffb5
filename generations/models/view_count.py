"""How often a public page was opened: a number a day, and nothing of who did."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Sum

from portal.clock import programme_day

if TYPE_CHECKING:
    from generations.models.share import Share


class ViewCountQuerySet(models.QuerySet["ViewCount"]):
    def add(self, share: "Share") -> None:
        """Count one more of today, by the programme's time zone; none of many is lost."""
        today = self.filter(share=share, day=programme_day())
        if today.update(views=F("views") + 1):
            return
        first = ViewCount(share=share, day=programme_day(), views=0)
        ViewCount.objects.bulk_create([first], ignore_conflicts=True)
        today.update(views=F("views") + 1)

    def in_all(self) -> int:
        return self.aggregate(all=Sum("views"))["all"] or 0


class ViewCount(models.Model):
    """The views of one share on one day."""

    share = models.ForeignKey("generations.Share", models.CASCADE, related_name="view_counts")
    day = models.DateField()
    views = models.PositiveIntegerField()

    objects = ViewCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "day"], name="view_count_is_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.share_id} on {self.day}: {self.views}"
