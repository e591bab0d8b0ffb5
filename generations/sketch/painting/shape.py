"""The form of a stretch of land before a style gives it colour."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from .arrays import Colour, Field


@dataclass(frozen=True)
class Overlay:
    """Something of its own colour upon the land: a lit window, a tower, a roof."""

    mask: Field
    x: int
    y: int  # row of the strip
    colour: Colour
    shines: bool = False


@dataclass
class Shape:
    """A strip of land: what it covers, how light falls on it, and what stands there."""

    kind: str
    top: int
    ridge: Field  # frame row of the ground's edge for each column
    opacity: Field
    relief: Field  # -1 turned from the sun, 1 towards it
    nearness: float  # 0 far, 1 near
    snow: Field | None = None
    growth: Field | None = None  # where trees and houses are, 0 to 1
    overlays: list[Overlay] = field(default_factory=list)

    @property
    def below(self) -> Field:
        """Pixels below the ridge, negative above it."""
        rows = np.arange(self.top, self.top + self.opacity.shape[0], dtype=np.float32)
        below: Field = rows[:, None] - self.ridge[None]
        return below

    def plant(self, mask: Field, shade: Field, x: float, foot: float, height: float) -> None:
        """Set a silhouette with its own light upon the strip, `height` pixels tall."""
        scale = height / mask.shape[0]
        width, tall = max(2, round(mask.shape[1] * scale)), max(2, round(height))
        left, top = round(x - width / 2), round(foot - tall) - self.top
        rows, columns = self.opacity.shape
        x0, x1 = max(0, left), min(columns, left + width)
        y0, y1 = max(0, top), min(rows, top + tall)
        if x0 >= x1 or y0 >= y1:
            return
        inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        area = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        body = cv2.resize(mask, (width, tall), interpolation=area)[inside]
        light = cv2.resize(shade, (width, tall), interpolation=area)[inside]
        here = np.s_[y0:y1, x0:x1]
        self.opacity[here] = np.maximum(self.opacity[here], body)
        self.relief[here] = self.relief[here] * (1 - body) + light * body
        if self.growth is None:
            self.growth = np.zeros_like(self.opacity)
        self.growth[here] = np.maximum(self.growth[here], body)
        if self.snow is not None:
            self.snow[here] *= 1 - 0.75 * body
