"""A round of admissions: when one may apply, and how many are taken."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class RoundQuerySet(models.QuerySet["Round"]):
    def open(self) -> "RoundQuerySet":
        now = timezone.now()
        return self.filter(opens_at__lte=now, closes_at__gt=now)

    def take_place(self, round_id: int) -> bool:
        """Take one place; False means that all are taken."""
        free = self.filter(pk=round_id, taken__lt=F("places"))
        return free.update(taken=F("taken") + 1) == 1

    def give_place_back(self, round_id: int) -> None:
        self.filter(pk=round_id).update(taken=F("taken") - 1)


class Round(models.Model):
    """A time in which one may apply, and the places there are, all in one cohort.

    `taken` counts its accepted applications; the database holds it to `places`.
    """

    name = models.CharField(max_length=80, unique=True)
    cohort = models.ForeignKey("artists.Cohort", models.PROTECT, related_name="rounds")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="round_takes_no_more_than_its_places"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """upcoming, open or closed."""
        now = timezone.now()
        if now < self.opens_at:
            return "upcoming"
        return "open" if now < self.closes_at else "closed"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def free(self) -> int:
        return self.places - self.taken
