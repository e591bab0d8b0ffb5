"""Telling reviewers, and then managers, what is due soon: one letter each about all of it."""

from django.db import models
from django.db.models import Q


class Escalation(models.Model):
    """What was due soon at one moment, for one circle of people.

    A review names the escalations that it was part of, so that none tells of it twice.
    """

    class Circle(models.TextChoices):
        REVIEWERS = "reviewers", "All reviewers"
        MANAGERS = "managers", "Managers"

    circle = models.CharField(max_length=9, choices=Circle)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"to {self.circle} at {self.created_at}"


class EscalationLetter(models.Model):
    """The letter of one person about one escalation."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="letters")
    reader = models.ForeignKey("artists.Artist", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, help_text="When the mail server took the letter.")
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(told_at=None), name="escalation_letter_untold"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "reader"], name="escalation_letter_is_one_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id} to {self.reader_id}"
