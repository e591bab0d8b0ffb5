"""How one reviewer wants to watch."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from artists.models import Artist


class ReviewerPreferencesQuerySet(models.QuerySet["ReviewerPreferences"]):
    def of(self, reviewer: "Artist") -> "ReviewerPreferences":
        """Those of one person, kept or, where they never said anything, as everybody begins."""
        return self.filter(reviewer=reviewer).first() or ReviewerPreferences(reviewer=reviewer)


class ReviewerPreferences(models.Model):
    """Which clips are veiled until their reviewer lifts the veil, and how."""

    class Veiled(models.TextChoices):
        FLAGGED = "flagged", "Clips that a check flagged"
        ALL = "all", "All clips"
        NONE = "none", "None"

    reviewer = models.OneToOneField(
        "artists.Artist", models.CASCADE, related_name="reviewer_preferences"
    )
    veiled = models.CharField("Veil at first", max_length=7, choices=Veiled, default=Veiled.FLAGGED)
    blurs = models.BooleanField("Blur the picture", default=True)
    greys = models.BooleanField("Take its colours away", default=True)
    mutes = models.BooleanField("Mute the sound", default=True)

    objects = ReviewerPreferencesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "reviewer preferences"
        constraints = [
            models.CheckConstraint(
                condition=Q(veiled__in=["flagged", "all", "none"]),
                name="reviewer_preferences_veiled_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id}: {self.veiled}"
