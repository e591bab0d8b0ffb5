"""The public page of an approved rendition."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from generations.models.files import HasFiles

if TYPE_CHECKING:
    from artists.models import Artist
    from generations.models.appeal import Appeal
    from generations.models.decision import Ground
    from portal.prepared import Arg


def new_slug() -> str:
    """A public address that nobody guesses: 66 random bits."""
    return secrets.token_urlsafe(8) + secrets.choice("0123456789")


class ShareQuerySet(models.QuerySet["Share"]):
    def live(self) -> "ShareQuerySet":
        return self.filter(status=Share.Status.LIVE)

    def standing(self, *, at: "datetime | Arg | None" = None) -> "ShareQuerySet":
        """Live, not expired at a moment, now unless told otherwise, and resting on an approval
        that names the very file it shows (I1)."""
        at = timezone.now() if at is None else at
        public = F("submission__decision__public_sha256")
        unsigned = Q(submission__decision__public_sha256="")  # approved before files were signed
        return self.live().filter(
            unsigned | Q(submission__public_copy__sha256=public),
            Q(expires_at=None) | Q(expires_at__gt=at),
            submission__status="approved",
            submission__decision__outcome="approve",
            submission__decision__rendition_sha256=F("submission__rendition__sha256"),
        )

    def expired(self) -> "ShareQuerySet":
        """Live, but past the moment until which its artist shows it."""
        return self.live().filter(expires_at__lte=timezone.now())

    def ended(self) -> "ShareQuerySet":
        """Withdrawn, taken down or expired."""
        over = ~Q(status=Share.Status.LIVE) | Q(expires_at__lte=timezone.now())
        return self.filter(over)

    def offered(self) -> "ShareQuerySet":
        """Those that the gallery may list, by the share's own columns alone.

        So an index finds a page of them, and whether each stands is asked of that page.
        """
        return self.live().filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), in_gallery=True, password=""
        )

    def findable(self) -> "ShareQuerySet":
        """What search engines may find, the newest first."""
        return self.standing().filter(is_findable=True, password="").order_by("-pk")

    def in_portfolio_of(self, artist: "Artist") -> "ShareQuerySet":
        """What the artist's public portfolio shows, in the artist's own order."""
        chosen = self.standing().filter(submission__artist=artist, password="")
        return chosen.exclude(place=None).order_by("place", "-pk")

    def lock(self) -> None:
        """Lock these, in one order, before the reviews of what is reported of them: as who ends
        one does, and whoever judges the reports."""
        rows = Share.objects.filter(pk__in=list(self.order_by().values_list("pk", flat=True)))
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))

    def withdraw(self, share_id: int) -> bool:
        """End a live share for its artist; False means that it was not live.

        To be called on rows chosen by their own columns, as `take_down` is: PostgreSQL checks
        those again for the second of two that wait for each other, but not what was joined.
        """
        live = self.live().filter(pk=share_id)
        return live.update(status=Share.Status.WITHDRAWN, ended_at=timezone.now()) == 1

    def take_down(self, share_id: int, *, by: "Artist", ground: "Ground", reason: str) -> bool:
        """End a live share on a ground; False means that it was not live."""
        live = self.live().filter(pk=share_id)
        ended = live.update(
            status=Share.Status.TAKEN_DOWN,
            ended_at=timezone.now(),
            taken_down_by=by,
            ground=ground,
            reason=reason,
        )
        return ended == 1

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
    in_gallery = models.BooleanField(default=True)
    is_findable = models.BooleanField(default=False, help_text="By search engines.")
    allows_embedding = models.BooleanField(default=True)
    allows_download = models.BooleanField(default=False)
    hides_prompt = models.BooleanField(
        default=False, help_text="Though the submission that was approved shows it."
    )
    password = models.CharField(max_length=128, blank=True, help_text="Hashed. Empty: none.")
    expires_at = models.DateTimeField(null=True, help_text="Null: shown until it is ended.")
    place = models.PositiveSmallIntegerField(
        null=True, help_text="In the artist's portfolio, the lowest first; null: not in it."
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
            # SQLite uses a partial index only where the query repeats its condition.
            models.Index(
                fields=["-id"],
                condition=Q(status="live", in_gallery=True, password=""),
                name="share_gallery",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(status="live", is_findable=True, password=""),
                name="share_findable",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(status="live", expires_at__isnull=False),
                name="share_expiring",
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
    def is_expired(self) -> bool:
        return self.is_live and self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_locked(self) -> bool:
        """Whether it is behind a password."""
        return bool(self.password)

    @property
    def shows_prompt(self) -> bool:
        """Whether the page shows it: as it was approved, unless the artist hid it since."""
        return self.submission.show_prompt and not self.hides_prompt

    @property
    def title(self) -> str:
        return self.submission.title

    @property
    def credit_name(self) -> str:
        return self.submission.credit_name
