"""What a style does."""

from abc import ABC, abstractmethod

import cv2
import numpy as np

from ..arrays import Colour, Field, Plane
from ..canvas import Canvas
from ..colour import mix
from ..shape import Overlay, Shape
from ..stage import Stage, View


class Style(ABC):
    """A manner of painting: how land is coloured and how a finished frame looks."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @abstractmethod
    def colour_land(self, shape: Shape) -> Colour:
        """Colours for a stretch of land, overlays left out."""

    @abstractmethod
    def finish(self, canvas: Canvas, view: View) -> None:
        """The last pass over a frame: light, paper, grain."""

    def redraw(self, image: Colour) -> Colour:
        """A given image in this style's manner."""
        return image

    def tone(self, natural: Colour, nearness: float) -> Colour:
        """What a thing of this natural colour looks like at a distance, in this style."""
        palette = self.stage.palette
        dusky = {"night": 0.72, "dusk": 0.45, "dawn": 0.25}.get(self.stage.brief.hour, 0.08)
        return mix(mix(natural, palette.near, dusky), palette.haze, 0.55 * (1 - nearness))

    def silhouette(self, nearness: float) -> Colour:
        """The colour of something dark against the sky."""
        return mix(self.stage.palette.haze, self.stage.palette.near, 0.35 + 0.65 * nearness)

    def overlay_colour(self, overlay: Overlay, nearness: float) -> Colour:
        return overlay.colour if overlay.shines else self.tone(overlay.colour, nearness)

    def land_tone(self, nearness: float) -> Colour:
        ramp = self.stage.palette.land
        tone: Colour = ramp[round(min(1.0, nearness) * (len(ramp) - 1))]
        return tone


def lay_overlays(style: Style, shape: Shape, picture: Colour) -> None:
    """Put what has its own colour on the land; what shines outshines the haze."""
    rows, columns = shape.opacity.shape
    for overlay in shape.overlays:
        height, width = overlay.mask.shape
        x0, x1 = max(0, overlay.x), min(columns, overlay.x + width)
        y0, y1 = max(0, overlay.y), min(rows, overlay.y + height)
        if x0 >= x1 or y0 >= y1:
            continue
        mask = overlay.mask[y0 - overlay.y : y1 - overlay.y, x0 - overlay.x : x1 - overlay.x]
        here = picture[y0:y1, x0:x1]
        tint = style.overlay_colour(overlay, shape.nearness)
        here += (tint - here) * mask[..., None]
        np.maximum(shape.opacity[y0:y1, x0:x1], mask, out=shape.opacity[y0:y1, x0:x1])


def bloom(canvas: Canvas, *, threshold: int, strength: float, spread: float, warmth: float) -> None:
    """Let bright places bleed light; `warmth` tints it towards red (0 none, 1 strong)."""
    small = (canvas.width // 8, canvas.height // 8)
    bright = cv2.resize(canvas.y, small, interpolation=cv2.INTER_AREA)
    bright = cv2.subtract(bright, np.full_like(bright, threshold))
    soft = cv2.GaussianBlur(bright, (0, 0), spread * canvas.height / 1080)
    light = cv2.convertScaleAbs(soft, alpha=strength)
    full = cv2.resize(light, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)
    cv2.add(canvas.y, full, dst=canvas.y)
    if warmth:
        half = cv2.resize(light, (canvas.width // 2, canvas.height // 2))
        cv2.addWeighted(canvas.v, 1, half, 0.42 * warmth, 0, dst=canvas.v)
        cv2.addWeighted(canvas.u, 1, half, -0.38 * warmth, 0, dst=canvas.u)


class Grain:
    """Film grain on the luma: one sheet, moved about from frame to frame."""

    def __init__(self, stage: Stage, sigma: float) -> None:
        rng = stage.random("grain")
        noise = rng.normal(0, sigma, (stage.height + 128, stage.width + 128))
        self._lighter = np.clip(np.round(noise), 0, 255).astype(np.uint8)
        self._darker = np.clip(np.round(-noise), 0, 255).astype(np.uint8)

    def add(self, canvas: Canvas, view: View) -> None:
        x, y = (view.frame * 53) % 128, (view.frame * 37) % 128
        window = np.s_[y : y + canvas.height, x : x + canvas.width]
        cv2.add(canvas.y, self._lighter[window], dst=canvas.y)
        cv2.subtract(canvas.y, self._darker[window], dst=canvas.y)


def vignette(stage: Stage, depth: float) -> Plane:
    """What the corners let through, as a factor out of 255."""
    y, x = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    away = np.hypot((x / stage.width - 0.5) * 1.1, (y / stage.height - 0.5) * 1.0)
    share = np.clip((away - 0.30) / 0.45, 0, 1)
    kept: Field = 255 * (1 - depth * share * share * (3 - 2 * share))
    return kept.astype(np.uint8)
