"""What a visitor reports of a public page."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> "ReportQuerySet":
        return self.filter(outcome="")

    def answer(self, outcome: "Report.Outcome") -> int:
        """Write down what came of these, where nothing has yet; return how many there were."""
        return self.open().update(outcome=outcome, answered_at=timezone.now())

    def to_tell(self) -> "ReportQuerySet":
        """Answered, of somebody who left an address and was not told yet."""
        return self.filter(told_at=None, answered_at__isnull=False).exclude(email="")


class Report(models.Model):
    """One visitor's report of a share; those of the same share are read in one review."""

    class Outcome(models.TextChoices):
        DISMISSED = "dismissed", "Dismissed"
        TAKEN_DOWN = "taken_down", "Taken down"
        ENDED = "ended", "No longer shown"

    review = models.ForeignKey("generations.Review", models.PROTECT, related_name="reports")
    share = models.ForeignKey("generations.Share", models.PROTECT, related_name="reports")
    ground = models.ForeignKey("generations.Ground", models.PROTECT, related_name="reports")
    text = models.TextField(max_length=2000, blank=True)
    email = models.EmailField(
        blank=True, help_text="Of the visitor, to tell them how it ended; forgotten then."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When the mail server took the letter.")
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answered_at=None)
                | (~Q(outcome="") & Q(answered_at__isnull=False)),
                name="report_answer_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["share", "-id"], name="report_share"),
            models.Index(
                fields=["answered_at"],
                condition=Q(told_at=None, answered_at__isnull=False) & ~Q(email=""),
                name="report_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk} of {self.share_id}"
