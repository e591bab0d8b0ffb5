"""How somebody leaves: by themselves, or because a manager ends their membership."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from artists.models.artist import Artist


class DepartureQuerySet(models.QuerySet["Departure"]):
    def standing(self) -> "DepartureQuerySet":
        """Those that were not taken back, whether their date has come or not."""
        return self.filter(undone_at=None)

    def in_force(self, at: Any = None) -> "DepartureQuerySet":
        """Those whose date has come by now, or `at`: who leaves by one makes nothing new."""
        return self.standing().filter(ends_at__lte=at or timezone.now())

    def due(self) -> "DepartureQuerySet":
        """Those whose artist's personal data is to be erased by now, and is not yet."""
        return self.standing().filter(erased_at=None, erase_at__lte=timezone.now())

    def of(self, artist: "Artist") -> "Departure | None":
        """The one that erases an artist's data first, None where nobody leaves."""
        return self.standing().filter(artist=artist).order_by("erase_at").first()

    def undo(self, departure_id: int) -> bool:
        """Take one back before its data is erased; False means that it is too late."""
        now = timezone.now()
        open_still = self.standing().filter(pk=departure_id, erased_at=None, erase_at__gt=now)
        return open_still.update(undone_at=now, told_at=None, telling_until=None) == 1


class Departure(models.Model):
    """One way out: from `ends_at` on nothing new is made, at `erase_at` the person is erased.

    Until then the person signs in, sees and takes what is theirs, and may come back from a
    departure of their own. The row stays afterwards, without a word of anybody's.
    """

    class Kind(models.TextChoices):
        LEFT = "left", "Left"
        ENDED = "ended", "Ended by the programme"

    class Shares(models.TextChoices):
        NAMED = "named", "Stay public, with the name on them"
        UNNAMED = "unnamed", "Stay public, credited to “an artist”"
        WITHDRAWN = "withdrawn", "Close"

    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="departures")
    kind = models.CharField(max_length=5, choices=Kind)
    by = models.ForeignKey("artists.Artist", models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000, blank=True, help_text="For the artist.")
    shares = models.CharField(max_length=9, choices=Shares, default=Shares.WITHDRAWN)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    erase_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(
        null=True, help_text="When the mail server took the letter about how it stands."
    )
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    objects = DepartureQuerySet.as_manager()

    class Meta:
        permissions = [("end_membership", "Can end an artist's membership")]
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "kind"],
                condition=Q(undone_at=None),
                name="departure_is_one_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="left", by=F("artist"))
                | (Q(kind="ended") & ~Q(by=F("artist")) & ~Q(reason="")),
                name="departure_is_ones_own_or_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(erase_at__gte=F("ends_at")), name="departure_erases_after_its_end"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(erased_at=None),
                name="departure_is_undone_or_erased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["erase_at"],
                condition=Q(undone_at=None, erased_at=None),
                name="departure_due",
            ),
            models.Index(fields=["created_at"], condition=Q(told_at=None), name="departure_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of artist {self.artist_id}"

    @property
    def is_own(self) -> bool:
        return self.kind == self.Kind.LEFT

    @property
    def has_begun(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def can_be_undone(self) -> bool:
        return self.erased_at is None and self.erase_at > timezone.now()
