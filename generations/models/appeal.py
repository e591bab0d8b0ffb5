"""The artist's request that somebody else decide again."""

from django.db import models
from django.db.models import Q

from portal.ids import uuid7


class Appeal(models.Model):
    """An appeal against a refusal or a take-down, decided by who had no part before (I9)."""

    class Outcome(models.TextChoices):
        UPHOLD = "uphold", "Upheld"
        OVERTURN = "overturn", "Overturned"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="appeals")
    submission = models.OneToOneField(
        "generations.Submission", models.PROTECT, null=True, related_name="appeal"
    )
    share = models.OneToOneField(
        "generations.Share", models.PROTECT, null=True, related_name="appeal"
    )
    text = models.TextField(max_length=4000)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="appeals_decided"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["decided_at"], condition=~Q(decided_at=None), name="appeal_decided"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("artist")),
                name="appeal_is_never_decided_by_its_artist",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="appeal_end_has_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal {self.pk}"
