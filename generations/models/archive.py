"""Everything that an artist has here, in one file to take away."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from generations.models.render import MediaFile


class ArchiveQuerySet(models.QuerySet["Archive"]):
    def being_made(self) -> "ArchiveQuerySet":
        return self.filter(status=Archive.Status.MAKING)

    def waiting(self) -> "ArchiveQuerySet":
        """Those that no live worker holds, the first that was asked for first."""
        return self.being_made().exclude(lease_until__gt=timezone.now()).order_by("pk")

    def to_take(self) -> "ArchiveQuerySet":
        """Those that can be downloaded now."""
        return self.filter(status=Archive.Status.READY, expires_at__gt=timezone.now())

    def standing(self) -> "ArchiveQuerySet":
        """What its artist sees, the newest first: being made, failed, or ready to take."""
        gone = Q(status=Archive.Status.READY, expires_at__lte=timezone.now())
        return self.exclude(gone).order_by("-pk")

    def outdated(self) -> "ArchiveQuerySet":
        """Those whose time is over."""
        return self.filter(status=Archive.Status.READY, expires_at__lte=timezone.now())

    def claim(self, archive_id: UUID, *, seconds: int) -> bool:
        """Take one that nobody holds, for so many seconds; False means that somebody does."""
        until = timezone.now() + timedelta(seconds=seconds)
        free = self.waiting().filter(pk=archive_id).order_by()
        return free.update(lease_until=until, tries=F("tries") + 1, done_bytes=0) == 1

    def renew(self, archive_id: UUID, *, seconds: int, done_bytes: int) -> bool:
        """Keep one's claim and say how far one is; False means that it is not wanted any more."""
        until = timezone.now() + timedelta(seconds=seconds)
        mine = self.being_made().filter(pk=archive_id)
        return mine.update(lease_until=until, done_bytes=done_bytes) == 1


class Archive(MediaFile):
    """One archive of an artist's; made once, kept until it expires, and then gone with its row.

    It has a file, a size and a hash once it is ready.
    """

    class Status(models.TextChoices):
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="archives")
    status = models.CharField(max_length=6, choices=Status, default=Status.MAKING)
    file = models.FileField(max_length=200, blank=True)
    content_type = models.CharField(max_length=40, default="application/zip")
    size_bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    total_bytes = models.PositiveBigIntegerField(default=0, help_text="Of the files that go in.")
    done_bytes = models.PositiveBigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    telling_until = models.DateTimeField(null=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artist"],
                condition=Q(status="making"),
                name="archive_is_made_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="ready")
                | (Q(made_at__isnull=False, expires_at__isnull=False) & ~Q(file="")),
                name="archive_is_ready_with_a_file",
            ),
        ]
        indexes = [
            models.Index(fields=["artist", "-id"], name="archive_mine"),
            models.Index(fields=["status", "expires_at"], name="archive_standing"),
        ]

    @property
    def is_being_made(self) -> bool:
        return self.status == self.Status.MAKING

    @property
    def can_be_taken(self) -> bool:
        if self.status != self.Status.READY or self.expires_at is None:
            return False
        return self.expires_at > timezone.now()

    @property
    def progress(self) -> int:
        """Per cent of the bytes; the last one is for closing the archive."""
        return min(99, 100 * self.done_bytes // self.total_bytes) if self.total_bytes else 0

    @property
    def filename(self) -> str:
        """What it is called when it is saved; of one that is ready."""
        return f"greenroom-{timezone.localtime(self.made_at).date().isoformat()}.zip"
