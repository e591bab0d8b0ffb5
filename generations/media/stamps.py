"""Drawing the visible mark into frames, on their way to an encoder. For the finishing child."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from generations.media.fonts import Font, find_font
from generations.media.marks import Mark
from generations.media.probe import FULL_RANGE, Clip

TEXT_SIZE = 0.032  # of the short side
MARGIN = 0.03  # of the short side
WIDEST_ROW = 0.6  # of the picture's width; wider words stand one below the other
WIDEST = 0.9
LEAST_TEXT_PIXELS = 6
OPACITY = 0.78
SHADOW_OPACITY = 0.7
SPEED = (0.03, 0.02)  # of the picture's width and height in a second
SEPARATOR = "  ·  "
ROUNDING = 128


class Stamp:
    """A mark, drawn once for a size of a clip and then laid into each frame's brightness.

    Light letters on a soft shadow: they can be read on dark and on bright. The colours stay.
    """

    def __init__(self, mark: Mark, clip: Clip, *, size: tuple[int, int]) -> None:
        self._style = mark.style
        self._quarter_turns = clip.rotation // 90
        wide, high = size[::-1] if clip.is_sideways else size
        self._upright = wide, high
        squeeze = (Fraction(1), 1 / clip.pixel_shape)
        across, down = squeeze if clip.is_sideways else squeeze[::-1]
        shown = round(wide / across), round(high / down)
        letters, self._margin = _draw(mark.words, shown), round(min(shown) * MARGIN)
        fitted = max(1, round(letters.width * across)), max(1, round(letters.height * down))
        is_full = clip.colours.range == FULL_RANGE or clip.pixel_format.startswith("yuvj")
        self._kept, self._added = _blend(letters.resize(fitted), black=0 if is_full else 16)

    @property
    def size(self) -> tuple[int, int]:
        high, wide = self._kept.shape
        return wide, high

    def draw(self, frame: VideoFrame) -> None:
        """Draw the mark into a frame of 8 bits, in place."""
        upright = np.rot90(pixels_of(frame.planes[0]), self._quarter_turns)  # a view
        left, top = self.place(frame.time)
        wide, high = self.size
        part = upright[top : top + high, left : left + wide]
        part[:] = (part * self._kept + self._added) >> 8

    def place(self, seconds: float) -> tuple[int, int]:
        """Return where the mark stands, from the left and the top of the upright picture.

        A moving one goes straight on at one speed, and turns at the edges.
        """
        free = [max(0, whole - own) for whole, own in zip(self._upright, self.size, strict=True)]
        least = [min(self._margin, room // 2) for room in free]
        spans = [room - 2 * edge for room, edge in zip(free, least, strict=True)]
        if self._style == "corner":
            return least[0] + spans[0], least[1] + spans[1]
        paths = [seconds * SPEED[axis] * self._upright[axis] for axis in (0, 1)]
        left, top = (_bounce(path, span) for path, span in zip(paths, spans, strict=True))
        return least[0] + left, least[1] + spans[1] - top


def pixels_of(plane: VideoPlane) -> NDArray[np.uint8]:
    """Return the bytes of a plane as rows and columns, to read and to write."""
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _bounce(path: float, span: int) -> int:
    """Return how far along a span one is after going to and fro on it for a while."""
    return round(span - abs(path % (2 * span) - span)) if span else 0


def _draw(words: Sequence[str], shown: tuple[int, int]) -> Image.Image:
    """Return the letters in white on black, with room around them for their shadow."""
    pixels = max(LEAST_TEXT_PIXELS, round(min(shown) * TEXT_SIZE))
    rows = _rows(words, pixels, most=round(shown[0] * WIDEST_ROW))
    widest = max((row.width for row in rows), default=0)
    if widest > shown[0] * WIDEST:
        pixels = max(LEAST_TEXT_PIXELS, int(pixels * shown[0] * WIDEST / widest))
        rows = _rows(words, pixels, most=round(shown[0] * WIDEST_ROW))
    edge, line = max(2, pixels // 4), round(pixels * 1.35)
    size = max((row.width for row in rows), default=1), line * len(rows)
    picture = Image.new("L", (size[0] + 2 * edge, size[1] + 2 * edge))
    drawing = ImageDraw.Draw(picture)
    for number, row in enumerate(rows):
        left, base = edge + size[0] - row.width, edge + round(pixels * 1.05) + line * number
        for text, font in row.parts:
            drawing.text((left, base), text, fill=255, font=font.face, anchor="ls")
            left += font.width(text)
    return picture.crop((0, 0, min(picture.width, shown[0]), min(picture.height, shown[1])))


@dataclass(frozen=True)
class _Row:
    """Words side by side, each in a font that has its letters."""

    parts: Sequence[tuple[str, Font]]

    @property
    def width(self) -> int:
        return sum(font.width(text) for text, font in self.parts)


def _rows(words: Sequence[str], pixels: int, *, most: int) -> list[_Row]:
    """Set words in one row where they fit, else one a row. What no font can write is left out."""
    found = [find_font(word, pixels=pixels) for word in words]
    parts = [(text, font) for text, font in found if text]
    if not parts:
        return []
    point = find_font(SEPARATOR, pixels=pixels)
    row = _Row([part for one in parts for part in (point, one)][1:])
    return [row] if row.width <= most else [_Row([part]) for part in parts]


def _blend(letters: Image.Image, *, black: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what to multiply brightness by and then to add, both times 256."""
    reach = max(1, letters.height // 24)
    grown = letters.filter(ImageFilter.MaxFilter(2 * reach + 1))
    shadow = ImageChops.lighter(grown, letters).filter(ImageFilter.GaussianBlur(reach))
    light = np.asarray(letters, np.float32) / 255 * OPACITY
    dark = np.asarray(shadow, np.float32) / 255 * SHADOW_OPACITY
    kept = (1 - dark) * (1 - light)
    added = black * dark * (1 - light) + (235 if black else 255) * light
    return (kept * 256).astype(np.uint16), (added * 256).astype(np.uint16) + ROUNDING
