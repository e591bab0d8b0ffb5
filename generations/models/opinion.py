"""What one person said in a review."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


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

    def undo(self, opinion_id: int, **whose: Any) -> bool:
        """Take an opinion back while it may be; False means that it stands, or is undone."""
        still = self.pending().filter(pk=opinion_id, stands_at__gt=timezone.now(), **whose)
        return still.update(undone_at=timezone.now()) == 1

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
