"""More for a time."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q


class RaiseQuerySet(models.QuerySet["Raise"]):
    def standing(self, at: datetime) -> "RaiseQuerySet":
        """Those that run at a moment or begin later, in the order of their ends."""
        return self.filter(ended_at=None, ends_at__gt=at).order_by("ends_at", "pk")

    def end(self, raise_id: int, *, at: datetime) -> bool:
        """End one before its time; False means that it has ended already."""
        return self.standing(at).filter(pk=raise_id).update(ended_at=at) == 1


class Raise(models.Model):
    """So much more under a limit, from one moment to another, in the limit's unit.

    Periods that run in that time have the higher ceiling, exactly until its end.
    """

    limit = models.ForeignKey("artists.Limit", models.CASCADE, related_name="raises")
    extra = models.PositiveBigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(
        "artists.Artist",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: somebody at the command line.",
    )
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was ended before its time.")

    objects = RaiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(extra__gt=0), name="raise_adds_something"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="raise_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="raise_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.extra} more until {self.ends_at:%Y-%m-%d %H:%M}"

    def is_running(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at and self.ended_at is None
