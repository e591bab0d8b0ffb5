"""An artist's request that one rendition may be shared."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def waiting(self) -> "SubmissionQuerySet":
        """Undecided, the most urgent first."""
        undecided = [Submission.Status.WAITING, Submission.Status.CLAIMED]
        return self.filter(status__in=undecided).order_by("due_at", "pk")

    def claim(self, submission_id: object, reviewer: "Artist") -> bool:
        """Give an undecided submission to one reviewer, or renew their claim.

        False means that somebody else holds a claim that still runs, that it is decided, or that
        it is the reviewer's own.
        """
        now = timezone.now()
        free = Q(status=Submission.Status.WAITING) | Q(
            Q(claimed_by=reviewer) | Q(claim_expires_at__lte=now), status=Submission.Status.CLAIMED
        )
        claimed = self.filter(free, pk=submission_id).exclude(artist=reviewer)
        return (
            claimed.update(
                status=Submission.Status.CLAIMED,
                claimed_by=reviewer,
                claim_expires_at=now + timedelta(minutes=settings.CLAIM_MINUTES),
            )
            == 1
        )


class Submission(models.Model):
    """A request to share, with the date by which it is answered."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for review"
        CLAIMED = "claimed", "In review"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        CHANGES_ASKED = "changes_asked", "Changes asked for"

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
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="claims"
    )
    claim_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        permissions = [("review_submission", "Can claim and decide submissions")]
        constraints = [
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(status__in=["waiting", "claimed"]),
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
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status__in=["waiting", "claimed"]),
                name="submission_queue",
            ),
            models.Index(fields=["artist", "-id"], name="submission_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.title} by {self.credit_name}"

    @property
    def is_undecided(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.CLAIMED)

    @property
    def is_overdue(self) -> bool:
        return self.is_undecided and self.due_at < timezone.now()
