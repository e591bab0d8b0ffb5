"""An artist's request that one rendition may be shared."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Prefetch, Q
from django.utils import timezone

from artists.models.file_choices import FileChoices
from generations.models.appeal import Appeal
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

    def history(self, generation: "Generation") -> "SubmissionQuerySet":
        """Every submission of one work, the latest first, with how each ended and its notes."""
        of_work = self.filter(generation=generation).with_ends().order_by("-pk")
        return of_work.select_related("rendition").prefetch_related(
            "review__apologies", _told_notes()
        )

    def of(self, artist: "Artist") -> "SubmissionQuerySet":
        """An artist's own, the latest first, with how each ended (I7)."""
        return self.filter(artist=artist).with_ends().order_by("-pk")

    def with_ends(self) -> "SubmissionQuerySet":
        ends = self.select_related(
            *("review", "set", "previous", "decision__ground", "share__ground"),
            *("appeal__review", "appeal__ground"),
        )
        of_share = Appeal.objects.select_related("review", "ground").order_by("-pk")
        return ends.prefetch_related(Prefetch("share__appeals", of_share))

    def decide(self, submission_id: UUID, to: "Submission.Status") -> bool:
        """Move an undecided submission to a decided state; False: it is decided or taken back."""
        undecided = self.filter(pk=submission_id, closed_at=None)
        return undecided.update(status=to, closed_at=timezone.now()) == 1

    def refused(self) -> "SubmissionQuerySet":
        return self.filter(status__in=REFUSED)

    def appeal(self, submission_id: UUID) -> bool:
        """Move a refused submission to appealed; False means that it is not as it was."""
        refused = self.refused().filter(pk=submission_id)
        return refused.update(status=Submission.Status.APPEALED) == 1

    def end_appeal(self, submission_id: UUID, to: "Submission.Status") -> bool:
        """Move an appealed submission on; False means that its appeal has ended already."""
        appealed = self.filter(pk=submission_id, status=Submission.Status.APPEALED)
        return appealed.update(status=to) == 1

    def withdraw(self) -> int:
        """Take these back where they are undecided; return how many were.

        Their reviews stay (judging/ending.py).
        """
        undecided = self.filter(closed_at=None)
        return undecided.update(status=Submission.Status.WITHDRAWN, closed_at=timezone.now())


def _told_notes() -> models.Prefetch:
    """`told_notes` of each: what its artist reads on its frames."""
    from generations.models.note import Note  # it points here

    return models.Prefetch(
        "pinned_notes", Note.objects.told().along_the_clip(), to_attr="told_notes"
    )


class Submission(FileChoices, models.Model):
    """A request to share, with the date by which it is answered."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for review"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"
        CHANGES_ASKED = "changes_asked", "Changes asked for"
        WITHDRAWN = "withdrawn", "Withdrawn"
        APPEALED = "appealed", "Appealed"
        UPHELD = "upheld", "Decision upheld"
        OVERTURNED = "overturned", "Decision overturned"

    IN_REVIEW = "claimed", "In review"  # how a waiting one stands while somebody has claimed it

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
    destination = models.CharField(max_length=200, blank=True)
    set = models.ForeignKey(
        "generations.SubmissionSet", models.PROTECT, null=True, related_name="submissions"
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="next",
        help_text="Whose changes were asked for, or which an appeal overturned.",
    )
    status = models.CharField(max_length=13, choices=Status, default=Status.WAITING)
    promise = models.ForeignKey(
        "generations.Promise",
        models.PROTECT,
        null=True,
        related_name="submissions",
        help_text="In force when it was made. Empty: made before promises were kept.",
    )
    due_at = models.DateTimeField(help_text="As it was promised when it was submitted.")
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
                condition=Q(status="waiting", closed_at=None)
                | (~Q(status="waiting") & Q(closed_at__isnull=False)),
                name="submission_end_has_a_time",
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
            models.Index(fields=["due_at"], name="submission_due"),
        ]

    def __str__(self) -> str:
        return f"{self.title} by {self.credit_name}"

    @property
    def is_refused(self) -> bool:
        return self.status in REFUSED

    @property
    def is_from_appeal(self) -> bool:
        """Approved in the place of the one before it, whose refusal an appeal overturned."""
        return self.previous is not None and self.previous.status == self.Status.OVERTURNED

    @property
    def is_undecided(self) -> bool:
        return self.closed_at is None

    @property
    def is_in_hands(self) -> bool:
        """Undecided, and somebody reviews it now or has just decided."""
        return self.is_undecided and self.review.is_in_hands

    @property
    def can_be_withdrawn(self) -> bool:
        return self.is_undecided and not self.review.is_in_hands

    @property
    def can_be_amended(self) -> bool:
        """Whether its words may be others: whoever has judged it, the first of two, read these."""
        return self.can_be_withdrawn and not self.review.opinions.given().exists()

    @property
    def stage(self) -> str:
        """The status, or `claimed` while somebody reviews it."""
        return self.IN_REVIEW[0] if self.is_in_hands else self.status

    @property
    def stage_label(self) -> str:
        return self.IN_REVIEW[1] if self.is_in_hands else self.get_status_display()

    @property
    def answer_due_at(self) -> datetime:
        """By when there is an answer: the date of its review, which apologies have moved."""
        return self.review.due_at if self.is_undecided else self.due_at

    @property
    def is_overdue(self) -> bool:
        return self.is_undecided and self.due_at < timezone.now()


REFUSED = (Submission.Status.REJECTED, Submission.Status.CHANGES_ASKED)
