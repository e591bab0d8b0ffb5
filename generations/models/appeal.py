"""The artist's request that somebody else decide again."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from generations.models.appeal_message import AppealMessage
from portal.clock import midnight, programme_time
from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist
    from generations.models.submission import Submission

A_REFUSED_PROMPT = "a refused prompt"


def appealable_until(decided_at: datetime) -> datetime:
    """Return the end of the last day on which an appeal may be made, in the programme's zone."""
    return midnight(programme_time(decided_at).date() + timedelta(days=settings.APPEAL_DAYS + 1))


def last_moment_to_appeal(decided_at: datetime) -> datetime:
    """Return the last minute of that day, which says which day it is."""
    return appealable_until(decided_at) - timedelta(minutes=1)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open(self) -> "AppealQuerySet":
        return self.filter(outcome="")

    def of(self, artist: "Artist") -> "AppealQuerySet":
        """An artist's own, with what their pages show of it (I7)."""
        own = self.filter(artist=artist)
        whole = ("submission__generation", "share__submission__generation")
        of_prompt = ("refused__rule", "refused__video_model")
        own = own.select_related("review", "against", "ground", *whole, *of_prompt)
        return own.order_by("-pk")

    def asking(self) -> "AppealQuerySet":
        """The open ones in whose thread the decider wrote last: the artist is asked to answer."""
        thread = AppealMessage.objects.filter(appeal=OuterRef("pk")).order_by("-pk")
        last = thread.values("is_from_artist")[:1]
        return self.open().alias(is_answered=Subquery(last)).filter(is_answered=False)

    def about_work(self, generation_id: UUID) -> "AppealQuerySet":
        of_share = Q(share__submission__generation=generation_id)
        return self.filter(Q(submission__generation=generation_id) | of_share)

    def overturned(self) -> "AppealQuerySet":
        return self.filter(outcome=Appeal.Outcome.OVERTURN)

    def against_refusals_of(self, reviewer: "Artist") -> "AppealQuerySet":
        """The decided ones against what somebody decided, the latest first."""
        judged = self.exclude(outcome__in=["", Appeal.Outcome.WITHDRAW])
        return judged.filter(against__reviewer=reviewer).order_by("-decided_at", "-pk")

    def decide(self, appeal_id: UUID, to: "Appeal.Outcome", *, by: "Artist") -> bool:
        """End an open appeal; False means that it has ended already. The database refuses who
        had a part in what is appealed against (I9).
        """
        now = timezone.now()
        undecided = self.open().filter(pk=appeal_id)
        return undecided.update(outcome=to, decided_by=by, decided_at=now) == 1

    def withdraw(self) -> int:
        """End these for their artist where they are open; return how many were.

        Their reviews stay, and so do the submissions that they are about (judging/ending.py).
        """
        return self.open().update(outcome=Appeal.Outcome.WITHDRAW, decided_at=timezone.now())


class Appeal(models.Model):
    """An appeal against one refusal or take-down, decided by who had no part before (I9).

    Against a prompt that the checks refused anybody but its artist decides: a machine refused it.
    """

    class Outcome(models.TextChoices):
        UPHOLD = "uphold", "Upheld"
        OVERTURN = "overturn", "Overturned"
        WITHDRAW = "withdraw", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="appeals")
    submission = models.OneToOneField(
        "generations.Submission", models.PROTECT, null=True, related_name="appeal"
    )
    share = models.ForeignKey(
        "generations.Share", models.PROTECT, null=True, related_name="appeals"
    )
    refused = models.OneToOneField(
        "generations.RefusedPrompt", models.PROTECT, null=True, related_name="appeal"
    )
    against = models.OneToOneField(
        "generations.Opinion",
        models.PROTECT,
        null=True,
        related_name="appeal",
        help_text="What was said that the artist wants decided again; of a refused prompt nothing.",
    )
    ground = models.ForeignKey("generations.Ground", models.PROTECT, related_name="appeals")
    text = models.TextField(max_length=4000)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="appeals_decided"
    )
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["decided_at"], condition=~Q(decided_at=None), name="appeal_decided"
            ),
            models.Index(fields=["ground", "outcome"], name="appeal_ground"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False, share=None, refused=None)
                | Q(submission=None, share__isnull=False, refused=None)
                | Q(submission=None, share=None, refused__isnull=False),
                name="appeal_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(against=None, refused__isnull=False)
                | Q(against__isnull=False, refused=None),
                name="appeal_against_fits_what_it_is_about",
            ),
            models.UniqueConstraint(
                fields=["share"], condition=Q(outcome=""), name="appeal_is_one_open_a_share"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("artist")),
                name="appeal_is_never_decided_by_its_artist",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | Q(outcome="withdraw", decided_at__isnull=False, decided_by=None)
                | Q(
                    outcome__in=["uphold", "overturn"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="appeal_end_has_person_and_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("generations:appeal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.outcome == ""

    @property
    def is_against_take_down(self) -> bool:
        return self.share_id is not None

    @property
    def about(self) -> str:
        """What it is about, in the words of a letter."""
        return A_REFUSED_PROMPT if self.refused_id else f"“{self.the_submission.title}”"

    @property
    def the_submission(self) -> "Submission":
        """The one that was refused, or whose public page was taken down.

        Raises ValueError of an appeal against a refused prompt, which became no work.
        """
        if self.submission is not None:
            return self.submission
        if self.share is None:
            raise ValueError(f"{self} is about no submission")
        return self.share.submission

    @property
    def can_be_withdrawn(self) -> bool:
        return self.is_open and not self.review.is_in_hands

    @property
    def stage(self) -> str:
        """How it stands, as a badge names it."""
        if self.is_open:
            return "claimed" if self.review.is_in_hands else "waiting"
        return STAGES[self.Outcome(self.outcome)][0]

    @property
    def stage_label(self) -> str:
        if self.is_open:
            return "Somebody is on it" if self.review.is_in_hands else "Appealed"
        return STAGES[self.Outcome(self.outcome)][1]

    @property
    def answer(self) -> str:
        """What the decider wrote to the artist; empty where there is nothing yet."""
        if self.is_open:  # the first of two may have said something
            return ""
        said = self.review.opinions.exclude(enacted_at=None).order_by("-pk").first()
        return said.reason if said else ""


STAGES = {  # a badge stands under "Your appeal" too, so it says what was upheld or overturned
    Appeal.Outcome.UPHOLD: ("upheld", "Decision upheld"),
    Appeal.Outcome.OVERTURN: ("overturned", "Decision overturned"),
    Appeal.Outcome.WITHDRAW: ("withdrawn", "Taken back"),
}
