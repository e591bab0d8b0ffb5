"""What a reviewer pins to a frame of a submission."""

from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from generations.models.opinion import Opinion
from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist

GUESSED_RATE = Fraction(24)  # for the steps through a clip whose frames cannot be counted
DOT = 0.001  # how long a stroke of one point is drawn

Stroke = list[list[float]]


class NoteQuerySet(models.QuerySet["Note"]):
    def along_the_clip(self) -> "NoteQuerySet":
        return self.order_by("first_frame", "pk")

    def seen_by(self, reviewer: "Artist") -> "NoteQuerySet":
        """One's own; others' once it is decided, so that a second person sees the item fresh."""
        return self.filter(Q(author=reviewer) | Q(submission__closed_at__isnull=False))

    def told(self) -> "NoteQuerySet":
        """Those that go to the artist: of whoever said what was decided, and never before it."""
        decided = Opinion.objects.given().filter(
            about=OuterRef("submission"),
            reviewer=OuterRef("author"),
            outcome=OuterRef("submission__decision__outcome"),
            enacted_at__isnull=False,
        )
        return self.filter(Exists(decided))

    def with_clip(self) -> "NoteQuerySet":
        """With what `place` asks of the clip, in the same query."""
        return self.select_related("submission__rendition")

    def own(self, author: "Artist") -> "NoteQuerySet":
        return self.filter(author=author)


class Note(models.Model):
    """Words, and perhaps a drawing, on a frame or on a range of frames, counted from 0.

    `drawing` holds strokes, each a list of points [x, y] in parts of the picture's width and
    height, so that it fits a picture of any size.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    submission = models.ForeignKey(
        "generations.Submission", models.PROTECT, related_name="pinned_notes"
    )
    author = models.ForeignKey("artists.Artist", models.PROTECT, related_name="+")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    text = models.TextField(max_length=1000)
    drawing = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["submission", "first_frame", "id"], name="note_along")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_frame__lte=F("last_frame")), name="note_begins_before_its_end"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="note_has_words"),
        ]

    def __str__(self) -> str:
        return self.frames

    @property
    def frames(self) -> str:
        if self.first_frame == self.last_frame:
            return f"frame {self.first_frame}"
        return f"frames {self.first_frame} to {self.last_frame}"

    @property
    def time(self) -> str:
        """When its first frame is shown, as the player's clock says it."""
        rate = Fraction(self.submission.rendition.frame_rate or GUESSED_RATE)
        hundredths = int(self.first_frame / rate * 100)
        return f"{hundredths // 6000}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"

    @property
    def place(self) -> str:
        """Where it stands, in words: where no frame can be counted, the time alone."""
        counted = self.submission.rendition.frame_rate is not None
        return f"{self.time}, {self.frames}" if counted else self.time

    @property
    def lines(self) -> list[str]:
        """The strokes as SVG draws them in a picture of width and height 1."""
        return [
            " ".join(f"{x:.4f},{y:.4f}" for x, y in (stroke if stroke[1:] else _dot(stroke[0])))
            for stroke in self.drawing
        ]


def _dot(point: list[float]) -> Stroke:
    x, y = point
    return [[x, y], [x + DOT, y]]
