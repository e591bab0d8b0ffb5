"""A date that passed without a decision, and the new one that its artist was given."""

from django.db import models
from django.db.models import F, Q


class Apology(models.Model):
    """One date that passed. The letter about it is written from the row, as all letters are."""

    review = models.ForeignKey("generations.Review", models.CASCADE, related_name="apologies")
    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="apologies")
    passed_at = models.DateTimeField(help_text="The date that was given before.")
    due_at = models.DateTimeField(help_text="The new one.")
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, help_text="When the mail server took the letter.")
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(told_at=None), name="apology_untold"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "passed_at"], name="apology_is_one_a_date"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("passed_at")), name="apology_gives_a_later_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id} due {self.due_at}"
