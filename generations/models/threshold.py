"""From which score on the moderation server's word counts, for the programme or one cohort."""

from django.db import models
from django.db.models import F, Q


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    def binding(self, cohort_id: int | None) -> "list[Threshold]":
        """A cohort's own, or the programme's where it has none; empty where nobody set any."""
        either = self.filter(Q(cohort=cohort_id) | Q(cohort=None)).select_related("ground")
        found: list[Threshold] = [*either]
        own = [one for one in found if one.cohort_id is not None]
        return own or [one for one in found if one.cohort_id is None]


class Threshold(models.Model):
    """One category of one scope, in per cent; empty never flags, or never refuses."""

    OTHER = "other"  # every category that has no threshold of its own

    cohort = models.ForeignKey(
        "artists.Cohort", models.CASCADE, null=True, related_name="thresholds"
    )
    category = models.CharField(max_length=60)
    flag_at = models.PositiveSmallIntegerField(null=True)
    refuse_at = models.PositiveSmallIntegerField(null=True, help_text="Of prompts alone.")
    ground = models.ForeignKey("generations.Ground", models.PROTECT, null=True, related_name="+")

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "category"], name="threshold_is_one"),
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(cohort=None),
                name="threshold_of_programme_is_one",
            ),
            models.CheckConstraint(
                condition=(Q(flag_at=None) | Q(flag_at__range=(1, 100)))
                & (Q(refuse_at=None) | Q(refuse_at__range=(1, 100), ground__isnull=False)),
                name="threshold_is_per_cent_with_ground",
            ),
            models.CheckConstraint(
                condition=Q(flag_at=None) | Q(refuse_at=None) | Q(refuse_at__gte=F("flag_at")),
                name="threshold_flags_before_it_refuses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.flag_at}, {self.refuse_at}"
