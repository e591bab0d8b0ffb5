"""One prompt sent to one video model, from queued to its end."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from artists.models import Departure, Pause
from generations.models.files import HasFiles
from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist
    from artists.models.pause import PauseQuerySet
    from portal.prepared import Arg


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    SUBMITTING = "submitting", "Being sent"
    UNKNOWN = "unknown", "Waiting for the provider's word"
    RENDERING = "rendering", "Rendering"
    FETCHING = "fetching", "Being fetched"
    FINISHING = "finishing", "Finishing"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"


ENDED = (Status.READY, Status.FAILED, Status.REFUSED, Status.CANCELLED)
ACTIVE = tuple(status for status in Status if status not in ENDED)
AT_PROVIDER = (Status.SUBMITTING, Status.UNKNOWN, Status.RENDERING)
RUNNING = (*AT_PROVIDER, Status.FETCHING, Status.FINISHING)

# To a state, from which states (DESIGN, section 4).
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (Status.SUBMITTING, Status.UNKNOWN),  # only where nothing was accepted
    Status.SUBMITTING: (Status.QUEUED,),
    Status.UNKNOWN: (Status.SUBMITTING,),
    Status.RENDERING: (Status.SUBMITTING, Status.UNKNOWN),
    Status.FETCHING: (Status.RENDERING,),
    Status.FINISHING: (Status.FETCHING,),
    Status.READY: (Status.FINISHING,),
    Status.FAILED: (Status.QUEUED, *RUNNING),
    Status.REFUSED: (Status.QUEUED, *RUNNING),
    Status.CANCELLED: (Status.QUEUED, *RUNNING),
}


class Changes(TypedDict, total=False):
    """Columns that a move may set beside the state; what is left out stays."""

    progress: int
    failure_kind: str
    failure_message: str
    lease_until: datetime | None
    next_poll_at: datetime | None
    pause: Pause


class GenerationQuerySet(models.QuerySet["Generation"]):
    def visible_to(self, artist: "Artist | Arg") -> "GenerationQuerySet":
        """One's own works, but for those that one has removed (I7)."""
        return self.filter(artist=artist, removed_at=None)

    def shareable_by(self, artist: "Artist") -> "GenerationQuerySet":
        """One's finished works of which nothing is submitted or public now."""
        ready = self.visible_to(artist).filter(status=Status.READY)
        submitted = ready.filter(submissions__closed_at=None, submissions__isnull=False)
        public = ready.filter(submissions__share__status="live")
        return ready.exclude(pk__in=submitted.values("pk")).exclude(pk__in=public.values("pk"))

    def drafts(self) -> "GenerationQuerySet":
        """Finished clips that were never submitted, and that their artist does not keep."""
        return self.filter(status=Status.READY, removed_at=None, kept_at=None)

    def flagged(self) -> "GenerationQuerySet":
        """Those of which a check asks for a person's eyes."""
        from generations.models.check import Check  # it points here

        flags = Check.objects.flags().filter(generation=models.OuterRef("pk"))
        return self.filter(models.Exists(flags))

    def keep(self, generation_id: UUID) -> None:
        """Let a clip stay for good; what was said of its removal is void."""
        ready = self.filter(pk=generation_id, status=Status.READY, kept_at=None)
        ready.update(kept_at=timezone.now(), removal_at=None, removal_notice=None)

    def active(self) -> "GenerationQuerySet":
        return self.standing(*ACTIVE)

    def standing(self, *statuses: Status) -> "GenerationQuerySet":
        """In one of these unfinished states, in the terms of the index of unfinished rows."""
        return self.filter(status__in=statuses, finished_at=None)

    def ended_within(self, start: datetime, end: datetime) -> "GenerationQuerySet":
        """Those that came to their end from a moment on and before another, whichever it was."""
        return self.filter(finished_at__gte=start, finished_at__lt=end)

    def stopped(self) -> "GenerationQuerySet":
        """Queued, and whoever asked may not act any more: account closed, gone, token revoked."""
        gone = Q(artist__is_active=False) | Q(token__revoked_at__isnull=False) | Q(_has_left())
        return self.standing(Status.QUEUED).filter(gone)

    def sendable(self) -> "GenerationQuerySet":
        """Those whose create call may leave now (I8)."""
        may_act = Q(token=None) | Q(token__revoked_at=None)
        is_paused = models.Exists(_pauses().in_force())
        return self.filter(may_act, ~is_paused, ~_has_left(), artist__is_active=True)

    def not_paused_since(self, moment: datetime) -> "GenerationQuerySet":
        """Those that no pause has kept waiting at any time from a moment on."""
        kept = _pauses().filter(Q(lifted_at=None) | Q(lifted_at__gt=moment))
        return self.filter(~models.Exists(kept))

    def touched_by(self, pause: Pause) -> "GenerationQuerySet":
        scopes: dict[str, dict[str, Any]] = {
            "programme": {},
            "cohort": {"artist__cohort": pause.cohort_id},
            "video_model": {"video_model": pause.video_model_id},
            "artist": {"artist": pause.artist_id},
            "token": {"token": pause.token_id},
        }
        return self.filter(**scopes[pause.scope])

    def with_sent_at(self) -> "GenerationQuerySet":
        """Read `sent_at` of all of them in the same query."""
        from generations.models.attempt import Attempt  # it points here

        last = Attempt.objects.filter(generation=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(sent_at=models.Subquery(last.values("sent_at")[:1]))

    @transaction.atomic
    def move(
        self, generation_id: UUID, to: Status, *, note: str = "", **changes: Unpack[Changes]
    ) -> bool:
        """Move one generation, if it stands where that move may begin, and write the move down.

        One conditional UPDATE: of two workers that try, one is told True. `changes` are further
        columns set by the same UPDATE. What ends is told to the artist's webhooks: they are
        written down here too, and go out once this is committed.
        """
        from generations.models.webhook import WebhookDelivery  # it points here

        now = timezone.now()
        columns: dict[str, Any] = {**changes, "status": to, "moved_at": now, "tries": 0}
        if to in ENDED:
            columns |= {"finished_at": now, "lease_until": None, "next_poll_at": None}
        standing = self.filter(pk=generation_id, status__in=MOVES[to])
        if standing.update(**columns) != 1:
            return False
        Move.objects.create(generation_id=generation_id, to=to, at=now, note=note)
        if to in ENDED:
            WebhookDelivery.objects.note_end(generation_id, is_ready=to == Status.READY)
        return True

    def claim(self, generation_id: UUID, status: Status, *, seconds: int) -> bool:
        """Take, for so many seconds, work that nobody holds; False means that somebody does."""
        now = timezone.now()
        free = self.filter(pk=generation_id, status=status).exclude(lease_until__gt=now)
        until = now + timedelta(seconds=seconds)
        return free.update(lease_until=until, tries=models.F("tries") + 1) == 1

    def renew(self, generation_id: UUID, status: Status, *, seconds: int) -> bool:
        """Keep one's claim for so many seconds more; False means that the work has moved on."""
        until = timezone.now() + timedelta(seconds=seconds)
        return self.filter(pk=generation_id, status=status).update(lease_until=until) == 1

    def stale(self, *statuses: Status) -> "GenerationQuerySet":
        """Work in these states that no live worker holds."""
        return self.standing(*statuses).exclude(lease_until__gt=timezone.now())


def _pauses() -> "PauseQuerySet":
    """The pauses that touch the generation of an outer query, lifted ones too."""
    return Pause.objects.touching(
        artist=models.OuterRef("artist"),
        cohort=models.OuterRef("artist__cohort"),
        token=models.OuterRef("token"),
        video_model=models.OuterRef("video_model"),
    )


def _has_left() -> models.Exists:
    """Whether the artist of the generation of an outer query has left."""
    return models.Exists(Departure.objects.in_force().filter(artist=models.OuterRef("artist")))


class Generation(HasFiles, models.Model):
    """One prompt sent to one video model. Sizes in pixels, durations in whole seconds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="generations")
    token = models.ForeignKey(
        "artists.Token", models.SET_NULL, null=True, related_name="generations"
    )
    video_model = models.ForeignKey(
        "generations.VideoModel", models.PROTECT, related_name="generations"
    )
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="remixes")
    prompt = models.TextField()
    style = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=11)
    duration_seconds = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField()
    first_image = models.FileField(upload_to="first_images", null=True, max_length=200)
    price_credits = models.PositiveIntegerField(help_text="Fixed when it was made.")
    reservation = models.OneToOneField("artists.Reservation", models.PROTECT, related_name="+")

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent.")
    failure_kind = models.CharField(max_length=24, blank=True)
    failure_message = models.CharField(max_length=300, blank=True, help_text="For the artist.")
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(default=timezone.now)
    next_poll_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0, help_text="Since it came into this state.")
    cancel_asked_at = models.DateTimeField(null=True, help_text="Asked for while it rendered.")
    pause = models.ForeignKey(
        "artists.Pause",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What called it back, or had it asked for that it be stopped.",
    )
    finished_at = models.DateTimeField(null=True)
    placeholder = models.CharField(
        max_length=96,
        blank=True,
        help_text="Its poster seen from far away: 4 rows of 4 colours, 6 hex digits each. "
        "Empty until there is a poster.",
    )
    removed_at = models.DateTimeField(null=True)
    files_deleted_at = models.DateTimeField(
        null=True, help_text="When nothing of a removed work was stored any more."
    )
    kept_at = models.DateTimeField(
        null=True, help_text="Stays for good: its artist keeps it, or submitted it once."
    )
    removal_at = models.DateTimeField(null=True, help_text="Goes then, as its artist was told.")
    removal_notice = models.ForeignKey(
        "generations.RemovalNotice", models.SET_NULL, null=True, related_name="works"
    )

    objects = GenerationQuerySet.as_manager()

    class Meta:
        permissions = [("view_dashboard", "Can see the dashboard and the lists behind it")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="generation_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="generation_progress_is_per_cent"
            ),
        ]
        indexes = [
            models.Index(fields=["artist", "-id"], name="generation_library"),
            # SQLite uses a partial index only where the query repeats its condition.
            models.Index(
                fields=["video_model", "status", "id"],
                condition=Q(finished_at=None),
                name="generation_unfinished",
            ),
            models.Index(
                fields=["status", "moved_at"],
                condition=Q(finished_at=None),
                name="generation_standing",
            ),
            models.Index(
                fields=["artist"], condition=Q(finished_at=None), name="generation_mine_unfinished"
            ),
            # Of drafts alone: a clip that is kept, submitted or gone is not looked at again.
            models.Index(
                fields=["status", "removal_at", "finished_at"],
                condition=Q(removed_at=None, kept_at=None),
                name="generation_draft",
            ),
            models.Index(
                fields=["status"],
                condition=Q(first_image__isnull=False),
                name="generation_first_image",
            ),
            # Of removed works alone whose files are still to be deleted.
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False, files_deleted_at=None),
                name="generation_left_files",
            ),
            models.Index(
                fields=["next_poll_at"], condition=Q(finished_at=None), name="generation_due"
            ),
            models.Index(
                fields=["finished_at", "id"],
                condition=Q(finished_at__isnull=False),
                name="generation_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.status}"

    def get_absolute_url(self) -> str:
        return reverse("generations:work", args=[self.pk])

    @cached_property
    def sent_at(self) -> datetime | None:
        """When its last create call left, None before; with_sent_at() reads it for many."""
        last = self.attempts.order_by("-pk").values_list("sent_at", flat=True)
        return last.first()

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def goes_at(self) -> datetime | None:
        """When it is removed, at the earliest, unless its artist keeps or submits it.

        None: it stays.
        """
        is_draft = self.is_ready and self.kept_at is None and self.removed_at is None
        if not settings.DRAFT_DAYS or not is_draft or self.finished_at is None:
            return None
        noticed = timezone.now() + timedelta(days=settings.DRAFT_NOTICE_DAYS)
        return self.removal_at or max(
            self.finished_at + timedelta(days=settings.DRAFT_DAYS), noticed
        )

    @property
    def settled_credits(self) -> int:
        """What it cost in the end; 0 while it is made and after a refund."""
        return self.reservation.settled_credits

    @property
    def width(self) -> int:
        return int(self.size.partition("x")[0])

    @property
    def height(self) -> int:
        return int(self.size.partition("x")[2])

    @property
    def has_poster(self) -> bool:
        """There is one to show; while the rest is made, as soon as it is stored."""
        return self.is_ready or (self.status == Status.FINISHING and bool(self.placeholder))

    @property
    def placeholder_cells(self) -> list[tuple[int, int, str]]:
        """Column, row and colour (#rrggbb) of each cell of the placeholder."""
        digits = self.placeholder
        colours = [f"#{digits[start : start + 6]}" for start in range(0, len(digits), 6)]
        return [(place % 4, place // 4, colour) for place, colour in enumerate(colours)]

    def file_url(self, kind: str) -> str:
        return reverse("generations:file", args=[self.pk, kind])


class Move(models.Model):
    """One step in the life of a generation; append-only."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="moves")
    to = models.CharField(max_length=10, choices=Status)
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.to} at {self.at:%H:%M:%S}"

    @property
    def to_label(self) -> str:
        return Status(self.to).label
