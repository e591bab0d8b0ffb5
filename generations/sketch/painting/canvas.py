"""The picture being made, and the cut-outs that are laid over it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from .arrays import Colour, Field, Plane
from .colour import YUV_FROM_BGR, YUV_OFFSET, yuv

Point = tuple[float, float]
_SUBPIXEL_BITS = 4


class Canvas:
    """One frame as Y, U and V planes. Positions are in luma pixels and may be fractions."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.y: Plane = np.full((height, width), 16, np.uint8)
        self.u: Plane = np.full((height // 2, width // 2), 128, np.uint8)
        self.v: Plane = np.full((height // 2, width // 2), 128, np.uint8)

    def to_bgr(self) -> Plane:
        """The frame as 8-bit blue, green, red."""
        size = (self.width, self.height)
        chroma = [
            cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in (self.u, self.v)
        ]
        planes = np.dstack([self.y, *chroma]).astype(np.float32) - YUV_OFFSET
        bgr = planes @ np.linalg.inv(YUV_FROM_BGR).T.astype(np.float32)
        return np.clip(bgr * 255 + 0.5, 0, 255).astype(np.uint8)

    def polygon(self, points: Iterable[Point], colour: Colour) -> None:
        corners = np.asarray(list(points), np.float64)
        for plane, value, scale in self._planes(colour):
            fixed = np.round(corners * scale * (1 << _SUBPIXEL_BITS)).astype(np.int32)
            cv2.fillPoly(plane, [fixed], value, cv2.LINE_AA, _SUBPIXEL_BITS)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1.0) -> None:
        corners = np.asarray(points, np.float64)
        for plane, value, scale in self._planes(colour):
            fixed = np.round(corners * scale * (1 << _SUBPIXEL_BITS)).astype(np.int32)
            thickness = max(1, round(width * scale))
            cv2.polylines(plane, [fixed], False, value, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        x, y = centre
        edge = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], axis=-1)
        self.polygon([(float(px), float(py)) for px, py in edge], colour)

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """Add light that falls off as a bell; `radius` is where a third of it is left."""
        reach = radius * 2.6
        x0, x1 = self._span(centre[0] - reach, centre[0] + reach, self.width)
        y0, y1 = self._span(centre[1] - reach, centre[1] + reach, self.height)
        if x0 >= x1 or y0 >= y1:
            return
        across = np.exp(-(((np.arange(x0, x1) + 0.5 - centre[0]) / radius) ** 2))
        down = np.exp(-(((np.arange(y0, y1) + 0.5 - centre[1]) / radius) ** 2))
        bell = np.maximum(np.outer(down, across) - 0.0011, 0).astype(np.float32)
        self.add_light(bell * np.float32(strength), colour, x0, y0)

    def add_light(self, light: Field, colour: Colour, x: int, y: int) -> None:
        """Add `light` (1 is full) of `colour` with its corner at even x, y, inside the frame."""
        height, width = light.shape
        weights = YUV_FROM_BGR @ colour
        region = self.y[y : y + height, x : x + width]
        cv2.add(region, light * weights[0], dst=region, dtype=cv2.CV_8U)
        half = light[::2, ::2]
        rows, columns = half.shape
        for plane, weight in ((self.u, weights[1]), (self.v, weights[2])):
            part = plane[y // 2 : y // 2 + rows, x // 2 : x // 2 + columns]
            cv2.add(part, half * weight, dst=part, dtype=cv2.CV_8U)

    def wash(self, share: Field, colour: Colour, x: int, y: int) -> None:
        """Mix `share` (0 to 1) of a colour in, with its corner at even x, y, inside the frame."""
        height, width = share.shape
        target = yuv(colour)
        _mix_in(self.y[y : y + height, x : x + width], target[0], share)
        half = share[::2, ::2]
        rows, columns = half.shape
        for plane, value in ((self.u, target[1]), (self.v, target[2])):
            _mix_in(plane[y // 2 : y // 2 + rows, x // 2 : x // 2 + columns], value, half)

    def _planes(self, colour: Colour) -> list[tuple[Plane, float, float]]:
        y, u, v = yuv(colour)
        return [
            (self.y, float(y), 1.0),
            (self.u, float(u), 0.5),
            (self.v, float(v), 0.5),
        ]

    @staticmethod
    def _span(low: float, high: float, limit: int) -> tuple[int, int]:
        return max(0, math.floor(low) & ~1), min(limit, (math.ceil(high) + 1) & ~1)


@dataclass(frozen=True)
class Cutout:
    """A painted shape: planes multiplied by its opacity, and what it lets through.

    From row `solid` down it hides all that is behind it.
    """

    y: Plane
    u: Plane
    v: Plane
    through: Plane
    through_half: Plane
    solid: int

    @classmethod
    def of(cls, bgr: Colour, opacity: Field, *, solid: int | None = None) -> "Cutout":
        """Cut from colours and an opacity between 0 and 1, both of even width and height."""
        rows = opacity.shape[0]
        planes = yuv(np.clip(bgr, 0, 1)) * opacity[..., None]
        half = cv2.resize(planes[..., 1:], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        opacity_half = cv2.resize(opacity, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        return cls(
            y=_bytes(planes[..., 0]),
            u=_bytes(half[..., 0]),
            v=_bytes(half[..., 1]),
            through=_bytes(255 - opacity * 255),
            through_half=_bytes(255 - opacity_half * 255),
            solid=rows if solid is None else min(rows, (solid + 1) & ~1),
        )

    def over(self, canvas: Canvas, x: float, y: float, *, bottom: int | None = None) -> None:
        """Lay it with its corner at x, y; rows of the canvas from `bottom` on stay untouched."""
        end = canvas.height if bottom is None else bottom
        _blend(canvas.y, self.y, self.through, x, y, end, self.solid)
        half = (x / 2, y / 2, (end + 1) // 2, self.solid // 2)
        _blend(canvas.u, self.u, self.through_half, *half)
        _blend(canvas.v, self.v, self.through_half, *half)


def _mix_in(region: Plane, value: float, share: Field) -> None:
    region[:] = region + (value - region) * share


def _bytes(values: Field) -> Plane:
    return np.ascontiguousarray(np.clip(values + 0.5, 0, 255), np.uint8)


def _blend(
    target: Plane, source: Plane, through: Plane, x: float, y: float, bottom: int, solid: int
) -> None:
    rows, columns = source.shape
    left, right = max(0, math.ceil(x)), min(target.shape[1], math.floor(x + columns - 1))
    top, end = max(0, math.ceil(y)), min(bottom, target.shape[0], math.floor(y + rows - 1))
    if left >= right or top >= end:
        return
    opaque = min(end, max(top, math.ceil(y + solid)))
    at = (left - x, top - y, right - left)
    if opaque > top:
        region = target[top:opaque, left:right]
        cv2.multiply(region, _shifted(through, *at, opaque - top), dst=region, scale=1 / 255)
        cv2.add(region, _shifted(source, *at, opaque - top), dst=region)
    if end > opaque:
        target[opaque:end, left:right] = _shifted(
            source, left - x, opaque - y, right - left, end - opaque
        )


def _shifted(plane: Plane, x: float, y: float, width: int, height: int) -> Plane:
    """A window of the plane whose corner lies at a fraction of a pixel.

    Two shifted slices and their weighted sum: a fifth of the time of an affine warp.
    """
    column, row = math.floor(x), math.floor(y)
    right, down = x - column, y - row
    window = _mixed_columns(plane, column, row, width, height, right)
    if down < 1 / 512:
        return window
    below = _mixed_columns(plane, column, row + 1, width, height, right)
    return cv2.addWeighted(window, 1 - down, below, down, 0)


def _mixed_columns(
    plane: Plane, column: int, row: int, width: int, height: int, right: float
) -> Plane:
    window = plane[row : row + height, column : column + width]
    if right < 1 / 512:
        return window
    beside = plane[row : row + height, column + 1 : column + 1 + width]
    return cv2.addWeighted(window, 1 - right, beside, right, 0)
