"""Stills of a clip: a poster, and a filmstrip to scrub by."""

from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image, ImageStat

from generations.media.bad_media import BadMedia
from generations.media.probe import BT709, UNSPECIFIED, Clip

POSTER_WIDTH = 1280
POSTER_QUALITY = 82
POSTER_AT = 0.35  # of the clip
POSTER_CANDIDATES = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8)
PLAIN_CONTRAST = 12.0  # standard deviation of brightness (0 to 255) under which a frame looks empty
STRIP_FRAMES = 12
STRIP_FRAME_WIDTH = 160
STRIP_QUALITY = 75
HD_HEIGHT = 720
ROUNDING_SECONDS = 1e-4
NO_FRAME = BadMedia("corrupt", "The video has no frame that can be read.")


class Poster:
    """Keeps the frame nearest to 35 % of the clip that shows something."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        self._waiting = list(POSTER_CANDIDATES)
        self._best: tuple[tuple[float, float], Image.Image] | None = None

    def take(self, frame: VideoFrame, *, at_seconds: float) -> None:
        position = at_seconds / self._clip.duration_seconds
        if self._best is not None and (not self._waiting or position < self._waiting[0]):
            return
        while self._waiting and position >= self._waiting[0]:
            self._waiting.pop(0)
        image = upright_image(frame, self._clip, width=POSTER_WIDTH)
        contrast = ImageStat.Stat(image.convert("L")).stddev[0]
        score = (min(contrast, PLAIN_CONTRAST), -abs(position - POSTER_AT))
        if self._best is None or score > self._best[0]:
            self._best = score, image

    def save(self, path: Path) -> tuple[int, int]:
        """Write the poster as WebP and return its width and height."""
        if self._best is None:
            raise NO_FRAME
        image = self._best[1]
        image.save(path, "WEBP", quality=POSTER_QUALITY)
        return image.size


class Filmstrip:
    """Collects frames at even distances and lays them in one row."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        step = clip.duration_seconds / STRIP_FRAMES
        self._due_at = [(number + 0.5) * step for number in range(STRIP_FRAMES)]
        self._images: list[Image.Image] = []
        self._before: VideoFrame | None = None

    def take(self, frame: VideoFrame, *, at_seconds: float) -> None:
        """Offer each frame in turn; one that stands at a due time is kept."""
        while self._due_at and at_seconds > self._due_at[0] + ROUNDING_SECONDS:
            self._keep(self._before or frame)
        self._before = frame

    def _keep(self, frame: VideoFrame) -> None:
        self._due_at.pop(0)
        self._images.append(upright_image(frame, self._clip, width=STRIP_FRAME_WIDTH))

    def save(self, path: Path) -> tuple[int, int]:
        """Write the strip as WebP and return its width and height."""
        if self._before is None:
            raise NO_FRAME
        while self._due_at:
            self._keep(self._before)
        width, height = self._images[0].size
        strip = Image.new("RGB", (width * STRIP_FRAMES, height))
        for number, image in enumerate(self._images):
            strip.paste(image, (number * width, 0))
        strip.save(path, "WEBP", quality=STRIP_QUALITY)
        return strip.size


def upright_image(frame: VideoFrame, clip: Clip, *, width: int) -> Image.Image:
    """Return a frame as people see it, in RGB, scaled down to a width in pixels."""
    shown_width, shown_height = clip.shown(clip.width, clip.height)
    scale = min(1.0, width / shown_width)
    size = (max(1, round(shown_width * scale)), max(1, round(shown_height * scale)))
    coded = size[::-1] if clip.is_sideways else size
    matrix = BT709 if _is_untagged_hd(frame) else None
    image: Image.Image = frame.to_image(width=coded[0], height=coded[1], src_colorspace=matrix)
    return image.rotate(clip.rotation, expand=True) if clip.rotation else image


def _is_untagged_hd(frame: VideoFrame) -> bool:
    """Say whether the matrix is to be guessed; browsers take BT.709 for high definition."""
    return frame.colorspace == UNSPECIFIED and min(frame.width, frame.height) >= HD_HEIGHT
