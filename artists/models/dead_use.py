"""Uses of a token that is over, or from where it may not be used: the best sign of a leak."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from artists.models.token import CLIENT_MAX_CHARS

if TYPE_CHECKING:
    from artists.models.artist import Artist

KEPT_FOR = timedelta(days=90)


class DeadUseQuerySet(models.QuerySet["DeadUse"]):
    def of(self, artist: "Artist") -> "DeadUseQuerySet":
        return self.filter(token__artist=artist)

    def of_last_days(self, days: int) -> "DeadUseQuerySet":
        return self.filter(hour__gte=timezone.now() - timedelta(days=days))

    def outdated(self) -> "DeadUseQuerySet":
        return self.filter(hour__lt=timezone.now() - KEPT_FOR)


class DeadUse(models.Model):
    """That a token was refused in one hour, to one network: one row, however many requests.

    `network` is an IPv4 address, or the /64 of an IPv6 one, of which anybody has as many as they
    like; empty for all networks of the hour beyond the first ones. `times` counts a second with
    uses once. `why` and `client` are of the last.
    """

    class Why(models.TextChoices):
        REVOKED = "revoked", "It was revoked"
        EXPIRED = "expired", "It had expired"
        ROTATED = "rotated", "It had a new secret"
        ELSEWHERE = "elsewhere", "It came from outside its networks"

    token = models.ForeignKey("artists.Token", models.CASCADE, related_name="dead_uses")
    hour = models.DateTimeField(help_text="When the hour began.")
    network = models.CharField(max_length=45, blank=True)
    why = models.CharField(max_length=9, choices=Why)
    client = models.CharField(max_length=CLIENT_MAX_CHARS, blank=True)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    objects = DeadUseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["token", "hour", "network"], name="dead_use_is_one_row_an_hour"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="dead_use_happened"),
        ]
        indexes = [models.Index(fields=["hour"], name="dead_use_hour")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.why} from {self.network or 'many networks'}"
