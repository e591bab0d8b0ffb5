"""What a visitor reports of a public page."""

from django.db import models


class Report(models.Model):
    """One visitor's report of a share; those of the same share are read in one review."""

    review = models.ForeignKey("generations.Review", models.PROTECT, related_name="reports")
    share = models.ForeignKey("generations.Share", models.PROTECT, related_name="reports")
    ground = models.ForeignKey("generations.Ground", models.PROTECT, related_name="reports")
    text = models.TextField(max_length=2000, blank=True)
    email = models.EmailField(blank=True, help_text="Of the visitor, to tell them how it ended.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["share", "-id"], name="report_share")]

    def __str__(self) -> str:
        return f"Report {self.pk} of {self.share_id}"
