"""Files: what the provider made, and what Greenroom makes of it."""

from fractions import Fraction
from typing import ClassVar

from django.db import models

from portal.ids import uuid7


class MediaFile(models.Model):
    """A file in private storage, with what was measured of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.FileField(max_length=200)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file.name or ""


class Render(MediaFile):
    """The file that the provider made, private, byte for byte."""

    generation = models.OneToOneField(
        "generations.Generation", models.CASCADE, related_name="render"
    )


class MarkStyle(models.TextChoices):
    """Where the visible mark of a copy stands."""

    CORNER = "corner", "in a corner"
    MOVING = "moving", "moving slowly over the picture"


class Rendition(MediaFile):
    """What Greenroom makes of a render. Width and height in pixels, duration in seconds."""

    class Kind(models.TextChoices):
        MASTER = "master", "Share master"
        PROXY = "proxy", "Proxy, 480 pixels"
        POSTER = "poster", "Poster"
        FILMSTRIP = "filmstrip", "Filmstrip"
        WAVEFORM = "waveform", "Waveform"

    SUFFIXES: ClassVar[dict[str, str]] = {
        "master": ".mp4",
        "proxy": ".mp4",
        "poster": ".webp",
        "filmstrip": ".webp",
        "waveform": ".webp",
    }

    generation = models.ForeignKey(
        "generations.Generation", models.CASCADE, related_name="renditions"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    duration_seconds = models.FloatField(null=True)
    frame_rate = models.CharField(
        max_length=24,
        null=True,
        help_text="Frames a second as a fraction, 24000/1001; null where no frame can be counted.",
    )
    mark = models.CharField(
        max_length=6, choices=MarkStyle, blank=True, help_text="The visible one. Empty: none."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["generation", "kind"], name="rendition_is_one_a_kind"),
        ]

    @property
    def frame_count(self) -> int | None:
        if self.frame_rate is None or self.duration_seconds is None:
            return None
        return round(self.duration_seconds * Fraction(self.frame_rate))
