"""The reviewers' queue: one row for each thing that somebody has to decide by a date."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models.files import HasFiles
from generations.models.opinion import Opinion
from generations.models.review_indexes import QUEUE_INDEXES
from portal.ids import uuid7

REVIEW = "generations.review_submission"
DECIDE_ESCALATED = "generations.decide_escalated"


def _claim_end() -> datetime:
    """When a claim ends that is made or renewed now."""
    return timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)


def _first_call_of(reviewer: Artist) -> Q:
    return Q(preferred_reviewer=reviewer, preferred_until__gt=timezone.now(), status="waiting")


def _ran_out() -> Q:
    return Q(status="claimed", claim_expires_at__lte=timezone.now())


def _had_part(reviewer: Artist) -> Exists:
    """Whether somebody has judged before what the outer query's review is about (I9)."""
    judging = Opinion.objects.judging()
    return Exists(judging.filter(reviewer=reviewer, about=OuterRef("about")))


def _without_a_part(people: Iterable[int]) -> models.QuerySet[Artist]:
    """Of these people, those who may decide the review that the outer query reads."""
    about = OuterRef(OuterRef("about"))
    said = Opinion.objects.judging().filter(reviewer=OuterRef("pk"), about=about)
    return Artist.objects.filter(~Exists(said), pk__in=people).exclude(pk=OuterRef("artist"))


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> "ReviewQuerySet":
        """Not decided, the most urgent first."""
        return self.filter(closed_at=None).order_by("due_at", "pk")

    def shown_to(self, reviewer: Artist) -> "ReviewQuerySet":
        """All but those of the reviewer's own works, and of what was taken back (I9)."""
        return self.exclude(artist=reviewer).exclude(submission__status="withdrawn")

    def for_list(self, reviewer: Artist) -> "ReviewQuerySet":
        """With all that the reviewer's row of each shows, `had_part` among it."""
        rows = self.select_related("artist", "claimed_by", "about__generation__video_model")
        return rows.with_part_of(reviewer)

    def with_part_of(self, reviewer: Artist) -> "ReviewQuerySet":
        """With `had_part`: whether the reviewer has judged before what each is about (I9)."""
        return self.annotate(had_part=_had_part(reviewer))

    def near(self, reviewer: Artist) -> "ReviewQuerySet":
        """What is in the reviewer's hands, and their own works: few, in a queue of any size.

        Each is found by an index of its own. Asked for in one condition, SQLite may rather read
        the whole queue.
        """
        undecided = self.filter(closed_at=None)
        held, own = undecided.filter(claimed_by=reviewer), undecided.filter(artist=reviewer)
        return held.union(undecided.filter(_first_call_of(reviewer)), own)

    def free(self) -> "ReviewQuerySet":
        """Undecided, and nobody's claim on it still runs."""
        return self.filter(Q(status=Review.Status.WAITING) | _ran_out())

    def run_out(self) -> "ReviewQuerySet":
        """Those whose reviewers let their claims run out."""
        return self.filter(_ran_out())

    def claimed_now(self) -> "ReviewQuerySet":
        undecided = self.filter(closed_at=None)
        return undecided.filter(status=Review.Status.CLAIMED, claim_expires_at__gt=timezone.now())

    def held_by(self, reviewer: Artist) -> "ReviewQuerySet":
        """Those under the reviewer's running claim; never of their own works (I9).

        Nor what is for managers, of somebody who is none any more: a claim outlives a role.
        """
        held = self.claimed_now().filter(claimed_by=reviewer).exclude(artist=reviewer)
        if not reviewer.has_perm(DECIDE_ESCALATED):
            held = held.filter(level=Review.Level.REVIEWERS)
        return held

    def decidable_by(self, reviewer: Artist) -> "ReviewQuerySet":
        """Those that somebody may decide: no work of theirs, and nothing they had a part in (I9).

        What was escalated is for managers. What follows changes that a reviewer asked for is
        kept for that reviewer at first.
        """
        others = self.exclude(artist=reviewer).exclude(_had_part(reviewer))
        kept = Q(preferred_until__gt=timezone.now()) & ~Q(preferred_reviewer=reviewer)
        others = others.exclude(kept)
        if not reviewer.has_perm(DECIDE_ESCALATED):
            others = others.filter(level=Review.Level.REVIEWERS)
        return others

    def stuck(self) -> "ReviewQuerySet":
        """Those that nobody on the staff may decide, the most urgent first (I9).

        Who is on it is read now, and kept nowhere: it takes somebody new, who had no part.
        """
        manages = Artist.objects.holding(DECIDE_ESCALATED).filter(pk=OuterRef("pk"))
        people = Artist.objects.holding(REVIEW).annotate(manages=Exists(manages))
        staff = dict(people.values_list("pk", "manages"))
        managers = [pk for pk, is_one in staff.items() if is_one]
        undecided = self.open().exclude(status=Review.Status.DECIDED)
        return undecided.filter(
            Q(~Exists(_without_a_part(staff)), level=Review.Level.REVIEWERS)
            | Q(~Exists(_without_a_part(managers)), level=Review.Level.MANAGERS)
        )

    def claim(self, review_ids: Iterable[UUID], reviewer: Artist) -> bool:
        """Give undecided reviews to one reviewer for settings.CLAIM_MINUTES, or renew them.

        False means that of one at least somebody else holds a claim that still runs, that it is
        decided or taken back, or that it is not the reviewer's to decide.
        """
        wanted = set(review_ids)
        own = self.filter(status=Review.Status.CLAIMED, claimed_by=reviewer)
        claimable = (self.free() | own).decidable_by(reviewer).filter(pk__in=wanted)
        claimed = claimable.update(
            status=Review.Status.CLAIMED,
            claimed_by=reviewer,
            claim_expires_at=_claim_end(),
            first_claimed_at=Coalesce("first_claimed_at", timezone.now()),
        )
        return claimed == len(wanted)

    def together(self, review: "Review") -> list[UUID]:
        """The open reviews that are claimed with this one: those of its set, or itself."""
        if review.submission is None or review.submission.set_id is None:
            return [review.pk]
        of_set = self.filter(closed_at=None, submission__set=review.submission.set_id)
        return list(of_set.exclude(status=Review.Status.DECIDED).values_list("pk", flat=True))

    def lock(self, review_ids: Iterable[UUID], *, skip_locked: bool = False) -> set[UUID]:
        """Lock these in the order in which everybody locks several; return those that one has now.

        In any other order two could each wait for what the other holds, and PostgreSQL ends one.
        """
        rows = Review.objects.filter(pk__in=list(review_ids)).order_by("pk")
        locked = rows.select_for_update(no_key=True, skip_locked=skip_locked)
        return set(locked.values_list("pk", flat=True))

    def renew(self, review_ids: Iterable[UUID], reviewer: Artist) -> bool:
        """Prolong the reviewer's running claims; False means that one is over."""
        wanted = set(review_ids)
        held = self.held_by(reviewer).filter(pk__in=wanted)
        return held.update(claim_expires_at=_claim_end()) == len(wanted)

    def release(self, review_ids: Iterable[UUID], reviewer: Artist) -> bool:
        """Give claims back; False means that the reviewer did not hold one of them."""
        wanted = set(review_ids)
        held = self.filter(pk__in=wanted, status=Review.Status.CLAIMED, claimed_by=reviewer)
        return held.to_waiting() == len(wanted)

    def expire(self, review_id: UUID) -> bool:
        """Free a review whose claim ran out; False means that it was claimed again meanwhile."""
        return self.run_out().filter(pk=review_id).to_waiting() == 1

    def to_waiting(self) -> int:
        """Put these back into the queue; return how many there were."""
        waiting = Review.Status.WAITING
        return self.update(status=waiting, claimed_by=None, claim_expires_at=None)

    def hand_on(self, review_id: UUID, to: "Review.Level") -> bool:
        """Put a decided review back for others to judge; False means that it is not decided."""
        waiting = Review.Status.WAITING
        moved = self._decided(review_id).update(
            status=waiting, level=to, claimed_by=None, claim_expires_at=None
        )
        return moved == 1

    def close_decided(self, review_id: UUID) -> bool:
        """End a decided review; False means that it was undone, closed or handed on before."""
        return self._decided(review_id).close() == 1

    def _decided(self, review_id: UUID) -> "ReviewQuerySet":
        return self.filter(pk=review_id, status=Review.Status.DECIDED)

    def decide(self, review_id: UUID, reviewer: Artist) -> bool:
        """Mark as decided what the reviewer holds; it stays so until that stands or is undone.

        False means that the claim is over or somebody else's, or that it was decided or taken back.
        """
        held = self.held_by(reviewer).filter(pk=review_id)
        return held.update(status=Review.Status.DECIDED) == 1

    def undo(self, review_ids: Iterable[UUID], reviewer: Artist) -> bool:
        """Give what the reviewer has just decided back to them, claimed anew.

        False means that one of them is not so any more.
        """
        wanted = set(review_ids)
        decided = self.filter(pk__in=wanted, status=Review.Status.DECIDED, claimed_by=reviewer)
        undone = decided.update(status=Review.Status.CLAIMED, claim_expires_at=_claim_end())
        return undone == len(wanted)

    def close(self) -> int:
        """End these, where they are open; return how many were."""
        open_ones = self.filter(closed_at=None)
        return open_ones.update(status=Review.Status.CLOSED, closed_at=timezone.now())

    def lock_open(self) -> set[UUID]:
        """Lock the open ones of these, whatever their kind, before several of them are changed."""
        return self.lock(self.filter(closed_at=None).order_by().values_list("pk", flat=True))


class Review(HasFiles, models.Model):
    """Something to decide by a date: a submission, an appeal, or what visitors report.

    A claim is a lease: it gives the review to one reviewer, is renewed while they work, and
    frees itself when they stop.
    """

    class Kind(models.TextChoices):
        SUBMISSION = "submission", "Submission"
        APPEAL = "appeal", "Appeal"
        REPORT = "report", "Report"

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "In review"
        DECIDED = "decided", "Decided a moment ago"
        CLOSED = "closed", "Closed"

    class Level(models.TextChoices):
        REVIEWERS = "reviewers", "Any reviewer"
        MANAGERS = "managers", "Managers"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUBMISSION)
    submission = models.OneToOneField(
        "generations.Submission", models.PROTECT, null=True, related_name="review"
    )
    appeal = models.OneToOneField(
        "generations.Appeal", models.PROTECT, null=True, related_name="review"
    )
    about = models.ForeignKey(
        "generations.Submission",
        models.PROTECT,
        null=True,
        related_name="reviews_about",
        help_text="What nobody judges twice. Empty: an appeal against a refused prompt.",
    )
    artist = models.ForeignKey(
        "artists.Artist", models.PROTECT, related_name="+", help_text="Whose work it is."
    )
    cohort = models.ForeignKey("artists.Cohort", models.PROTECT, null=True, related_name="+")
    video_model = models.ForeignKey("generations.VideoModel", models.PROTECT, related_name="+")
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    level = models.CharField(max_length=9, choices=Level, default=Level.REVIEWERS)
    is_flagged = models.BooleanField(default=False, help_text="A check found something.")
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="claims"
    )
    claim_expires_at = models.DateTimeField(null=True)
    preferred_reviewer = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, related_name="+"
    )
    preferred_until = models.DateTimeField(null=True)
    first_claimed_at = models.DateTimeField(null=True)
    told_to_reviewers = models.ForeignKey(
        "generations.Escalation",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="How all reviewers were told that it is due soon, for the date it has.",
    )
    told_to_managers = models.ForeignKey(
        "generations.Escalation", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True, help_text="When it was decided or taken back.")
    created_at = models.DateTimeField(auto_now_add=True)

    had_part: bool  # whoever looks, by with_part_of()

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [("decide_escalated", "Can decide what reviewers escalate")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="submission", submission__isnull=False, about=F("submission"), appeal=None
                )
                | Q(kind="appeal", submission=None, appeal__isnull=False)
                | Q(kind="report", submission=None, appeal=None, about__isnull=False),
                name="review_is_of_what_its_kind_says",
            ),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(kind="report", closed_at=None),
                name="review_of_reports_is_one_a_share",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None) | ~Q(claimed_by=F("artist")),
                name="review_is_never_claimed_by_its_artist",
            ),
            models.CheckConstraint(
                condition=~Q(status="claimed")
                | Q(claimed_by__isnull=False, claim_expires_at__isnull=False),
                name="review_claim_has_holder_and_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | Q(claimed_by__isnull=False),
                name="review_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at=None)),
                name="review_end_has_a_time",
            ),
        ]
        indexes = [
            *QUEUE_INDEXES,
            models.Index(
                fields=["first_claimed_at"],
                condition=Q(first_claimed_at__isnull=False),
                name="review_first_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("generations:review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def has_running_claim(self) -> bool:
        if self.status != self.Status.CLAIMED or self.claim_expires_at is None:
            return False
        return self.claim_expires_at > timezone.now()

    @property
    def seconds_claimed(self) -> int:
        """Whole seconds for which the claim on it still runs."""
        if self.claim_expires_at is None:
            return 0
        return max(0, int((self.claim_expires_at - timezone.now()).total_seconds()))

    @property
    def is_in_hands(self) -> bool:
        """Somebody reviews it now, or has just decided."""
        return self.has_running_claim or self.status == self.Status.DECIDED

    @property
    def is_stuck(self) -> bool:
        """Nobody on the staff may decide it. Asked of the database, once a page."""
        return Review.objects.stuck().filter(pk=self.pk).exists()

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < timezone.now()

    def is_kept_from(self, reviewer: Artist) -> bool:
        """It follows what another reviewer asked for, and is theirs first."""
        if self.preferred_until is None or self.preferred_until <= timezone.now():
            return False
        return self.preferred_reviewer_id != reviewer.pk

    @property
    def has_clip_page(self) -> bool:
        """Its page is that of a clip; reports and refused prompts have pages of their own."""
        return self.kind != self.Kind.REPORT and self.about_id is not None

    def file_url(self, kind: str) -> str:
        return reverse("generations:review_file", args=[self.pk, kind])
