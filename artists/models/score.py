"""What a reader thinks of an application, by criterion."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Score(models.Model):
    """One reader's points and words for one criterion of one application."""

    class Criterion(models.TextChoices):
        CRAFT = "craft", "Craft"
        VOICE = "voice", "A voice of their own"
        IDEA = "idea", "What they would make"
        REACH = "reach", "What early access would change"

    POINTS_MAX = 5

    application = models.ForeignKey(
        "artists.Application", models.CASCADE, related_name="scores", db_index=False
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=10, choices=Criterion)
    points = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "reader", "criterion"], name="score_is_one_a_criterion"
            ),
            models.CheckConstraint(
                condition=Q(points__range=(1, 5)), name="score_is_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
