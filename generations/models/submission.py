"""An artist's request that one rendition may be shared."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from artists.models.file_choices import FileChoices
from generations.models.files import HasFiles
from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist
    from generations.models.generation import Generation


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def undecided(self) -> "SubmissionQuerySet":
        """Undecided, the most urgent first."""
        return self.filter(closed_at=None).order_by("due_at", "pk")

    def closed_within(self, start: datetime, end: datetime) -> "SubmissionQuerySet":
        """Those that were decided or taken back from a moment on and before another."""
        return self.filter(closed_at__gte=start, closed_at__lt=end)

    def reviewable_by(self, reviewer: "Artist") -> "SubmissionQuerySet":
        """All but the reviewer's own and those that were taken back (I9)."""
        return self.exclude(artist=reviewer).exclude(status=Submission.Status.WITHDRAWN)

    def history(self, generation: "Generation") -> "SubmissionQuerySet":
        """Every submission of one work, the latest first, with how each ended."""
        return self.filter(generation=generation).with_ends().order_by("-pk")

    def of(self, artist: "Artist") -> "SubmissionQuerySet":
        """An artist's own, the latest first, with how each ended (I7)."""
        return self.filter(artist=artist).with_ends().order_by("-pk")

    def with_ends(self) -> "SubmissionQuerySet":
        return self.select_related("decision__ground", "share__ground")

    def free(self) -> "SubmissionQuerySet":
        """Undecided, and nobody's claim on it still runs."""
        return self.filter(
            Q(status=Submission.Status.WAITING)
            | Q(status=Submission.Status.CLAIMED, claim_expires_at__lte=timezone.now())
        )

    def claim(self, submission_id: UUID, reviewer: "Artist") -> bool:
        """Give an undecided submission to one reviewer, or renew their claim.

        False means that somebody else holds a claim that still runs, that it is decided or taken
        back, or that it is the reviewer's own.
        """
        own_claim = self.filter(status=Submission.Status.CLAIMED, claimed_by=reviewer)
        claimable = (self.free() | own_claim).filter(pk=submission_id).exclude(artist=reviewer)
        expires_at = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)
        return (
            claimable.update(
                status=Submission.Status.CLAIMED,
                claimed_by=reviewer,
                claim_expires_at=expires_at,
            )
            == 1
        )

    def held_by(self, reviewer: "Artist") -> "SubmissionQuerySet":
        """Those under the reviewer's running claim; never their own (I9)."""
        return self.filter(
            status=Submission.Status.CLAIMED,
            claimed_by=reviewer,
            claim_expires_at__gt=timezone.now(),
        ).exclude(artist=reviewer)

    def release(self, submission_id: UUID, reviewer: "Artist") -> bool:
        """Give a claim back; False means that the reviewer did not hold it."""
        held = self.filter(pk=submission_id, status=Submission.Status.CLAIMED, claimed_by=reviewer)
        waiting = Submission.Status.WAITING
        return held.update(status=waiting, claimed_by=None, claim_expires_at=None) == 1

    def decide(self, submission_id: UUID, reviewer: "Artist", to: "Submission.Status") -> bool:
        """Move a submission to a decided state under the reviewer's running claim.

        False means that the claim is over or somebody else's, that it is decided or taken back,
        or that it is the reviewer's own (I9).
        """
        held = self.held_by(reviewer).filter(pk=submission_id)
        return held.update(status=to, closed_at=timezone.now()) == 1

    def withdraw(self) -> int:
        """Take these back, where they are undecided; return how many were."""
        withdrawn = Submission.Status.WITHDRAWN
        return self.filter(closed_at=None).update(status=withdrawn, closed_at=timezone.now())


class Submission(HasFiles, FileChoices, models.Model):
    """A request to share, with the date by which it is answered."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for review"
        CLAIMED = "claimed", "In review"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        CHANGES_ASKED = "changes_asked", "Changes asked for"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="submissions")
    generation = models.ForeignKey(
        "generations.Generation", models.PROTECT, related_name="submissions"
    )
    rendition = models.ForeignKey(
        "generations.Rendition", models.PROTECT, related_name="submissions"
    )
    title = models.CharField(max_length=120)
    note = models.TextField(max_length=1000, blank=True)
    credit_name = models.CharField(max_length=80)
    show_prompt = models.BooleanField(default=True)
    status = models.CharField(max_length=13, choices=Status, default=Status.WAITING)
    promise = models.ForeignKey(
        "generations.Promise",
        models.PROTECT,
        null=True,
        related_name="submissions",
        help_text="In force when it was made. Empty: made before promises were kept.",
    )
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="claims"
    )
    claim_expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="When it was decided or taken back.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        permissions = [("review_submission", "Can claim and decide submissions")]
        constraints = [
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(closed_at=None),
                name="submission_is_one_undecided_a_work",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | ~Q(claimed_by=models.F("artist")),
                name="submission_is_never_claimed_by_its_artist",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed")
                | Q(claimed_by__isnull=False, claim_expires_at__isnull=False),
                name="submission_claim_has_holder_and_end",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "claimed"], closed_at=None)
                | (~Q(status__in=["waiting", "claimed"]) & Q(closed_at__isnull=False)),
                name="submission_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "rejected", "changes_asked"])
                | Q(claimed_by__isnull=False),
                name="submission_is_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(closed_at=None), name="submission_queue"
            ),
            models.Index(
                fields=["closed_at", "id"],
                condition=Q(closed_at__isnull=False),
                name="submission_closed",
            ),
            models.Index(fields=["artist", "-id"], name="submission_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.title} by {self.credit_name}"

    @property
    def is_undecided(self) -> bool:
        return self.closed_at is None

    @property
    def has_running_claim(self) -> bool:
        if self.status != self.Status.CLAIMED or self.claim_expires_at is None:
            return False
        return self.claim_expires_at > timezone.now()

    @property
    def can_be_withdrawn(self) -> bool:
        return self.is_undecided and not self.has_running_claim

    @property
    def is_overdue(self) -> bool:
        return self.is_undecided and self.due_at < timezone.now()

    def file_url(self, kind: str) -> str:
        return reverse("generations:review_file", args=[self.pk, kind])
