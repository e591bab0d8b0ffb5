"""Ink: brush and wash on warm paper. Dark ridges that dissolve downwards into mist."""

import cv2
import numpy as np

from ..arrays import Colour, Field
from ..canvas import Canvas
from ..colour import colour, mix, shaded
from ..noise import cloud_tile, sample, smoothstep
from ..palette import INK_BLACK, INK_PAPER, INK_RED
from ..shape import Overlay, Shape
from ..stage import Stage, View
from .base import Style, lay_overlays
from .paper import Paper


class Ink(Style):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._paper = Paper(stage, colour(INK_PAPER), border=0.0, tooth=15)
        self._seal = _Seal(stage)

    def redraw(self, image: Colour) -> Colour:
        """Its tones as washes of ink on paper, its edges drawn again."""
        pixels = (np.clip(image, 0, 1) * 255).astype(np.uint8)
        washed = cv2.edgePreservingFilter(pixels, flags=cv2.RECURS_FILTER, sigma_s=24, sigma_r=0.4)
        grey = cv2.cvtColor(washed, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
        around = cv2.GaussianBlur(grey, (0, 0), self.stage.span * 0.006)
        strokes = np.clip((around - grey) * 3.2, 0, 0.7)
        density = np.clip((1 - grey) ** 1.35 * 0.92 + strokes, 0, 0.96)
        return shaded(colour(INK_PAPER), colour(INK_BLACK), density)

    def tone(self, natural: Colour, nearness: float) -> Colour:
        """All is ink; only red things keep some of their red."""
        blue, green, red = (float(part) for part in natural)
        grey = 0.0722 * blue + 0.7152 * green + 0.2126 * red
        base = mix(colour(INK_PAPER), colour(INK_BLACK), (1 - grey) * (0.45 + 0.5 * nearness))
        redness = max(0.0, min(1.0, (red - max(green, blue)) * 1.6))
        return mix(base, colour(INK_RED), redness * 0.85)

    def silhouette(self, nearness: float) -> Colour:
        return mix(colour(INK_PAPER), colour(INK_BLACK), 0.35 + 0.60 * nearness)

    def overlay_colour(self, overlay: Overlay, nearness: float) -> Colour:
        if overlay.shines:
            return mix(colour(INK_PAPER), colour("#d89a4a"), 0.25)
        return self.tone(overlay.colour, nearness)

    def colour_land(self, shape: Shape) -> Colour:
        stage, near = self.stage, shape.nearness
        rng = stage.random(f"brush {near:.2f}")
        below = shape.below
        depth = np.maximum(below, 0) / stage.span
        along = np.broadcast_to(np.arange(below.shape[1], dtype=np.float32)[None], below.shape)
        u, v = along / stage.span, below / stage.span
        pooled = sample(cloud_tile(rng, 512, roughness=3.0, coarsest=2), u * 0.8, v * 0.8)
        dry = sample(cloud_tile(rng, 512, roughness=1.5, coarsest=12, stretch=0.4), u * 2, v * 2)
        body = 0.20 + 0.52 * near
        wash = body * np.exp(-depth / (0.13 + 0.10 * near)) * np.clip(1 + 0.55 * pooled, 0.3, 1.6)
        contour = np.exp(-depth / (0.004 + 0.006 * near)) * (0.26 + 0.40 * near)
        contour *= np.clip(0.8 + 0.9 * dry, 0.05, 1.2)
        turned = smoothstep(0.10, 0.75, -shape.relief)
        broken = np.clip(0.75 + 1.1 * dry, 0, 1.3)
        texture = turned * broken * (0.12 + 0.34 * near) * np.exp(-depth / (0.15 + 0.10 * near))
        density = wash + contour + texture
        if shape.snow is not None:
            density = density * (1 - 0.70 * shape.snow) + contour * 0.4
        if shape.growth is not None:
            density = self._with_growth(shape, density, pooled)
        share = np.clip(density, 0, 0.97)[..., None]
        paper, black = colour(INK_PAPER), colour(INK_BLACK)
        cool = mix(black, colour("#33424f"), 0.45 * (1 - near))
        picture = paper * (1 - share) + cool * share
        lay_overlays(self, shape, picture)
        return np.clip(picture, 0, 1).astype(np.float32)

    @staticmethod
    def _with_growth(shape: Shape, density: Field, pooled: Field) -> Field:
        if shape.growth is None:
            return density
        dark = 0.34 + 0.55 * shape.nearness
        leaves = dark * np.clip(0.98 - 0.22 * shape.relief + 0.25 * pooled, 0.15, 1.1)
        mixed: Field = density * (1 - shape.growth) + leaves * shape.growth
        return mixed

    def finish(self, canvas: Canvas, view: View) -> None:
        self._paper.lay(canvas, view)
        self._seal.press(canvas, view)


class _Seal:
    """The painter's red seal in a lower corner, pressed when the painting is done."""

    def __init__(self, stage: Stage) -> None:
        rng = stage.random("seal")
        size = int(stage.span * 0.062) & ~1
        self._size = size
        left = stage.sun[0] > stage.width / 2
        inset = int(stage.span * 0.07) & ~1
        self._x = inset if left else (stage.width - inset - size) & ~1
        self._y = (stage.height - inset - size) & ~1
        cells = 7
        glyph = np.zeros((cells, cells), np.float32)
        for column in (1, 3, 5):
            glyph[1:6, column] = rng.random(5) < 0.78
        for row in (1, 3, 5):
            glyph[row, 1:6] = np.maximum(glyph[row, 1:6], rng.random(5) < 0.7)
        scale = size // cells + 1
        lines = np.kron(glyph, np.ones((scale, scale), np.float32))[:size, :size]
        worn = cloud_tile(rng, 256, roughness=1.8, coarsest=8)[:size, :size]
        edge = np.minimum.outer(*(np.minimum(np.arange(size), np.arange(size)[::-1]),) * 2)
        body = np.clip(edge / 2.0, 0, 1) * (1 - 0.92 * lines) * (worn < 0.62)
        self._mask = (body * 0.9).astype(np.float32)

    def press(self, canvas: Canvas, view: View) -> None:
        share = float(np.clip((view.seconds - 1.7) * 5, 0, 1))
        if share <= 0:
            return
        canvas.wash(self._mask * np.float32(share), colour(INK_RED), self._x, self._y)
