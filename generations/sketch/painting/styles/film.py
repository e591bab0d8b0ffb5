"""Film: air between the ranges, light at their edges, a little halation and grain."""

import cv2
import numpy as np

from ..arrays import Colour
from ..canvas import Canvas
from ..colour import blended, colour, mix, shaded
from ..noise import smoothstep
from ..shape import Shape
from ..stage import Stage, View
from .base import Grain, Style, bloom, lay_overlays, vignette

_LIT = {"dawn": 0.38, "day": 0.34, "dusk": 0.42, "night": 0.20}


class Film(Style):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._grain = Grain(stage, 1.25)
        self._vignette = vignette(stage, 0.34)

    def colour_land(self, shape: Shape) -> Colour:
        palette, near = self.stage.palette, shape.nearness
        tone = self.land_tone(near)
        lit = mix(tone, palette.sun, _LIT[self.stage.brief.hour])
        dark = mix(tone, palette.near, 0.55)
        contrast = 0.85 - 0.25 * near
        relief = np.clip(shape.relief * contrast, -1, 1)
        if shape.growth is not None:
            relief = relief * (1 - shape.growth * (0.15 + 0.35 * near))
        picture = shaded(tone, lit, np.maximum(relief, 0) * 0.62)
        picture = blended(picture, dark, np.maximum(-relief, 0) * 0.75)
        if shape.snow is not None:
            white = mix(colour("#f2f4ff"), palette.haze, 0.30 + 0.25 * (1 - near))
            if self.stage.low_sun:
                white = mix(white, tone, 0.30)
            if self.stage.brief.hour == "night":
                white = mix(white, palette.near, 0.30)
            snow = shaded(mix(white, tone, 0.62), white, np.clip(0.5 + 0.75 * relief, 0, 1))
            picture = blended(picture, snow, shape.snow * np.float32(0.86))
        picture = self._with_air(shape, picture)
        lay_overlays(self, shape, picture)
        return picture.astype(np.float32)

    def _with_air(self, shape: Shape, picture: Colour) -> Colour:
        """Haze that pools at the foot of far ranges, and the sun shining through the air."""
        stage, palette, near = self.stage, self.stage.palette, shape.nearness
        below = shape.below
        thick = {"snow": 0.74, "rain": 0.85}.get(stage.brief.weather, 0.68)
        thick = 1.0 if stage.brief.is_misty else thick
        fog = smoothstep(0, stage.span * 0.32, below) * (thick * max(0.0, 1 - near) ** 0.9)
        picture = blended(picture, palette.haze, np.clip(fog + 0.05 * (1 - near), 0, 0.96))
        x = np.arange(below.shape[1], dtype=np.float32)[None] - (
            (below.shape[1] - stage.width) / 2 + stage.sun[0]
        )
        y = (below + shape.ridge[None]) - stage.sun[1]
        distance = (np.hypot(x, y) / np.float32(stage.span)).astype(np.float32)
        strength = {"night": 0.10, "day": 0.22}.get(stage.brief.hour, 0.52)
        shine = np.exp(-distance * 4.2) * strength * (1.05 - near)
        rim = np.exp(-np.abs(below) / 1.6) * np.exp(-distance * 3.2) * strength * 0.9
        if shape.growth is not None:
            rim = rim * (1 - shape.growth)
        screen = shaded(colour("#000000"), palette.sun, np.clip(shine + rim, 0, 1))
        lit: Colour = 1 - (1 - picture) * (1 - screen)
        return lit

    def finish(self, canvas: Canvas, view: View) -> None:
        bloom(canvas, threshold=185, strength=0.60, spread=6, warmth=0.5)
        cv2.multiply(canvas.y, self._vignette, dst=canvas.y, scale=1 / 255)
        self._grain.add(canvas, view)
