"""The public page of an approved rendition."""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from generations.models.files import HasFiles

if TYPE_CHECKING:
    from generations.models.appeal import Appeal


def new_slug() -> str:
    """A public address that nobody guesses: 66 random bits."""
    return secrets.token_urlsafe(8) + secrets.choice("0123456789")


class ShareQuerySet(models.QuerySet["Share"]):
    def live(self) -> "ShareQuerySet":
        return self.filter(status=Share.Status.LIVE)

    def standing(self) -> "ShareQuerySet":
        """Live, and rests on an approval that names the very file it shows (I1)."""
        public = F("submission__decision__public_sha256")
        unsigned = Q(submission__decision__public_sha256="")  # approved before files were signed
        return self.live().filter(
            unsigned | Q(submission__public_copy__sha256=public),
            submission__status="approved",
            submission__decision__outcome="approve",
            submission__decision__rendition_sha256=F("submission__rendition__sha256"),
        )

    def ended(self) -> "ShareQuerySet":
        return self.exclude(status=Share.Status.LIVE)

    def end(self, share_id: int, to: "Share.Status", **changes: Any) -> bool:
        """Take a live share from the public; False means that it was not live.

        `changes` are further columns set by the same UPDATE. To be called on rows chosen by their
        own columns: PostgreSQL checks those again for the second of two that wait for each other,
        but not what was joined.
        """
        live = self.live().filter(pk=share_id)
        return live.update(status=to, ended_at=timezone.now(), **changes) == 1

    def reinstate(self, share_id: int) -> bool:
        """Open a page again that was taken down; False means that it is not taken down.

        What was said of it stays in the opinion and in the audit trail.
        """
        taken_down = self.filter(pk=share_id, status=Share.Status.TAKEN_DOWN)
        ended = {"ended_at": None, "taken_down_by": None, "ground": None, "reason": ""}
        told = {"told_at": None, "telling_until": None}
        return taken_down.update(status=Share.Status.LIVE, **ended, **told) == 1


class Share(HasFiles, models.Model):
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
    taken_down_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="take_downs"
    )
    ground = models.ForeignKey(
        "generations.Ground", models.PROTECT, null=True, related_name="take_downs"
    )
    reason = models.TextField(max_length=2000, blank=True, help_text="For the artist.")
    told_at = models.DateTimeField(
        null=True, help_text="When the mail server took the letter about its take-down."
    )
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    objects = ShareQuerySet.as_manager()

    class Meta:
        permissions = [("take_down_share", "Can take a share from the public")]
        indexes = [
            models.Index(
                fields=["ended_at"],
                condition=Q(status="taken_down", told_at=None),
                name="share_untold",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="live", ended_at=None)
                | (~Q(status="live") & Q(ended_at__isnull=False)),
                name="share_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="taken_down")
                | (Q(taken_down_by__isnull=False, ground__isnull=False) & ~Q(reason="")),
                name="share_take_down_has_person_ground_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("generations:share", args=[self.slug])

    def file_url(self, kind: str) -> str:
        return reverse("generations:share_file", args=[self.slug, kind])

    @property
    def filmstrip_url(self) -> str:
        """Empty where the approval, an old one, names no filmstrip (I1)."""
        return super().filmstrip_url if self.submission.decision.filmstrip_sha256 else ""

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.LIVE

    @property
    def is_taken_down(self) -> bool:
        return self.status == self.Status.TAKEN_DOWN

    @property
    def appeal(self) -> "Appeal | None":
        """The one against its last take-down, open or not, or else the last one."""
        appeals = sorted(self.appeals.all(), key=lambda one: one.created_at, reverse=True)
        if not appeals or (self.ended_at and appeals[0].created_at < self.ended_at):
            return None
        return appeals[0]

    @property
    def title(self) -> str:
        return self.submission.title

    @property
    def credit_name(self) -> str:
        return self.submission.credit_name
