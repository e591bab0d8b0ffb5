"""What a person answered to one version of the terms: a dated yes, or a dated no."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

USER_AGENT_MAX_CHARS = 300


class Acceptance(models.Model):
    """A yes. The database lets nobody change whose, to what or when, nor take it out.

    `told_at` and `telling_until` are of its receipt: when the mail server took it, and how long
    the worker that is writing it has.
    """

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="acceptances")
    terms = models.ForeignKey("artists.Terms", models.PROTECT, related_name="acceptances")
    sha256 = models.CharField(max_length=64, help_text="Of the text that was accepted.")
    accepted_at = models.DateTimeField(default=timezone.now)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=USER_AGENT_MAX_CHARS, blank=True)
    told_at = models.DateTimeField(null=True)
    telling_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artist", "terms"], name="acceptance_is_one"),
        ]
        indexes = [
            models.Index(
                fields=["accepted_at"], condition=Q(told_at=None), name="acceptance_untold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist_id} accepted {self.sha256[:12]}"


class Decline(models.Model):
    """A no. It stays when a yes follows, which then counts."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="declines")
    terms = models.ForeignKey("artists.Terms", models.PROTECT, related_name="declines")
    declined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artist", "terms"], name="decline_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.artist_id} declined {self.terms_id}"
