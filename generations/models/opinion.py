"""What one person said in a review."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from artists.models import Artist


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def given(self) -> "OpinionQuerySet":
        return self.filter(undone_at=None)

    def judging(self) -> "OpinionQuerySet":
        """Those that judge, and so bar who gave them from judging the same again."""
        return self.given().exclude(outcome=Opinion.Outcome.ESCALATE)

    def pending(self) -> "OpinionQuerySet":
        """Neither undone nor enacted."""
        return self.given().filter(enacted_at=None)

    def due(self) -> "OpinionQuerySet":
        """Those whose time to be undone is over, and that nothing has followed from yet."""
        return self.pending().filter(stands_at__lte=timezone.now())

    def given_with(self, opinion: "Opinion") -> "OpinionQuerySet":
        """An opinion, with those that were given of its set by the same act: they stand together.

        Those that are enacted or undone are none of them any more.
        """
        submission = opinion.review.submission
        if submission is None or submission.set_id is None:
            return self.pending().filter(pk=opinion.pk)
        of_set = self.pending().filter(review__submission__set=submission.set_id)
        return of_set.filter(reviewer=opinion.reviewer_id, stands_at=opinion.stands_at)

    def undo(self, opinions: "Iterable[Opinion]", *, reviewer: "Artist") -> int:
        """Take somebody's opinions back where they may be; return how many were."""
        still = self.pending().filter(pk__in=[one.pk for one in opinions], reviewer=reviewer)
        still = still.filter(stands_at__gt=timezone.now())
        return still.update(undone_at=timezone.now())

    def enact(self, opinion_id: int) -> bool:
        """Mark that what follows from an opinion is done; False means that another did it."""
        return self.due().filter(pk=opinion_id).update(enacted_at=timezone.now()) == 1


def undo_ends_at() -> datetime:
    return timezone.now() + timedelta(seconds=settings.UNDO_SECONDS)


class Opinion(models.Model):
    """One person's say in one review. For settings.UNDO_SECONDS it may be undone; then it stands.

    Whoever has judged a submission does not judge it again, be it as the first, as the second or
    in an appeal: the database refuses (I9). A manager may take down what they approved themselves,
    and then has a part in it as anybody else.
    """

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approve"
        CHANGES = "changes", "Ask for changes"
        REJECT = "reject", "Reject"
        ESCALATE = "escalate", "Escalate to a manager"
        UPHOLD = "uphold", "Uphold"
        OVERTURN = "overturn", "Overturn"
        DISMISS = "dismiss", "Dismiss"
        TAKE_DOWN = "take_down", "Take down"

    review = models.ForeignKey("generations.Review", models.PROTECT, related_name="opinions")
    about = models.ForeignKey(
        "generations.Submission", models.PROTECT, null=True, related_name="opinions"
    )
    reviewer = models.ForeignKey("artists.Artist", models.PROTECT, related_name="opinions")
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome)
    ground = models.ForeignKey(
        "generations.Ground", models.PROTECT, null=True, related_name="opinions"
    )
    reason = models.TextField(max_length=2000, blank=True, help_text="For the artist.")
    words_inside = models.TextField(
        max_length=2000, blank=True, help_text="For the programme's people, never for the artist."
    )
    wants_second = models.BooleanField(default=False, help_text="A second person is to look too.")
    created_at = models.DateTimeField(auto_now_add=True)
    stands_at = models.DateTimeField(default=undo_ends_at)
    enacted_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    decided_together = 1  # how many one act decided, where the last one may be undone

    objects = OpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewer=F("artist")), name="opinion_is_never_on_own_work"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["changes", "reject", "take_down"])
                | (Q(ground__isnull=False) & ~Q(reason="")),
                name="opinion_refuses_with_ground_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(enacted_at=None) | Q(undone_at=None),
                name="opinion_is_not_both_enacted_and_undone",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="uphold") | ~Q(reason=""),
                name="opinion_upholds_with_words",
            ),
            models.UniqueConstraint(
                fields=["about", "reviewer"],
                condition=Q(undone_at=None) & ~Q(outcome__in=["escalate", "take_down"]),
                name="opinion_is_one_a_person_and_submission",
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(undone_at=None, enacted_at=None),
                name="opinion_pending_is_one_a_review",
            ),
        ]
        indexes = [
            models.Index(
                fields=["stands_at"],
                condition=Q(undone_at=None, enacted_at=None),
                name="opinion_pending",
            ),
            models.Index(fields=["created_at"], name="opinion_given"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.review_id}"

    @property
    def can_be_undone(self) -> bool:
        if self.undone_at is not None or self.enacted_at is not None:
            return False
        return self.stands_at > timezone.now()

    @property
    def seconds_to_undo(self) -> int:
        """Whole seconds in which it may still be taken back."""
        return max(0, int((self.stands_at - timezone.now()).total_seconds()))
