"""How the promise was kept in one month, for everybody."""

from datetime import date, datetime, timedelta

from django.db import models

from portal.clock import midnight

SETTLED_AFTER = timedelta(hours=1)  # what was written down at its last moment is there by then


class ReviewMonth(models.Model):
    """The figures of one month by the programme's clock: kept, so that nobody's visit counts them.

    A month that is over is counted once more, and then stands. What each figure means is said in
    generations/transparency/definitions.py.
    """

    month = models.DateField(unique=True, help_text="Its first day.")
    counted_at = models.DateTimeField()
    approved = models.PositiveIntegerField(default=0, help_text="By somebody.")
    by_silence = models.PositiveIntegerField(default=0)
    changes_asked = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    half_seconds = models.PositiveBigIntegerField(null=True, help_text="Half took no longer.")
    most_seconds = models.PositiveBigIntegerField(null=True, help_text="Nor did nine of ten.")
    due = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    appeals = models.PositiveIntegerField(default=0, help_text="That were decided.")
    overturned = models.PositiveIntegerField(default=0)
    grounds = models.JSONField(default=dict, help_text="Refusals and requests by code of ground.")

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on_time__lte=models.F("due"))
                & models.Q(overturned__lte=models.F("appeals")),
                name="review_month_counts_parts_within_wholes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def start(self) -> datetime:
        return midnight(self.month)

    @property
    def end(self) -> datetime:
        """The moment after it."""
        return midnight(after(self.month))

    @property
    def is_final(self) -> bool:
        return self.counted_at >= self.end + SETTLED_AFTER

    @property
    def decided(self) -> int:
        return self.approved + self.by_silence + self.changes_asked + self.rejected


def month_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    """The month after one."""
    return month_of(month + timedelta(days=31))


def before(month: date) -> date:
    return month_of(month - timedelta(days=1))
