"""The public page of an approved rendition."""

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone


def new_slug() -> str:
    """A public address that nobody guesses: 66 random bits."""
    return secrets.token_urlsafe(8) + secrets.choice("0123456789")


class ShareQuerySet(models.QuerySet["Share"]):
    def live(self) -> "ShareQuerySet":
        return self.filter(status=Share.Status.LIVE)

    def end(self, share_id: int, to: "Share.Status") -> bool:
        """Take a live share from the public; False means that it was not live."""
        return self.live().filter(pk=share_id).update(status=to, ended_at=timezone.now()) == 1


class Share(models.Model):
    """A public page that serves exactly the bytes that its decision names, or nothing (I1)."""

    class Status(models.TextChoices):
        LIVE = "live", "Live"
        WITHDRAWN = "withdrawn", "Withdrawn"
        TAKEN_DOWN = "taken_down", "Taken down"

    slug = models.CharField(max_length=16, unique=True, default=new_slug)
    submission = models.OneToOneField(
        "generations.Submission", models.PROTECT, related_name="share"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.LIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="live", ended_at=None)
                | (~models.Q(status="live") & models.Q(ended_at__isnull=False)),
                name="share_end_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("generations:share", args=[self.slug])

    @property
    def poster_url(self) -> str:
        return reverse("generations:share_file", args=[self.slug, "poster"])

    @property
    def video_url(self) -> str:
        return reverse("generations:share_file", args=[self.slug, "master"])

    @property
    def title(self) -> str:
        return self.submission.title

    @property
    def credit_name(self) -> str:
        return self.submission.credit_name
