"""Film: air between the ranges, light at their edges, a little halation and grain."""

import cv2
import numpy as np

from ..arrays import Colour
from ..canvas import Canvas
from ..colour import colour, mix
from ..noise import smoothstep
from ..shape import Shape
from ..stage import Stage, View
from .base import Grain, Style, bloom, lay_overlays, vignette


class Film(Style):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._grain = Grain(stage, 1.25)
        self._vignette = vignette(stage, 0.34)

    def colour_land(self, shape: Shape) -> Colour:
        palette, near = self.stage.palette, shape.nearness
        tone = self.land_tone(near)
        lit = mix(tone, palette.sun, 0.50 if self.stage.brief.hour != "night" else 0.22)
        dark = mix(tone, palette.near, 0.55)
        contrast = 1.0 - 0.30 * near
        relief = np.clip(shape.relief * contrast, -1, 1)[..., None]
        if shape.growth is not None:
            body = shape.growth[..., None]
            relief = relief * (1 - body * (0.15 + 0.35 * near))
        up, down = np.maximum(relief, 0) * 0.62, np.maximum(-relief, 0) * 0.75
        picture = tone * (1 - up - down) + lit * up + dark * down
        if shape.snow is not None:
            white = mix(colour("#f6f8ff"), palette.haze, 0.22 + 0.25 * (1 - near))
            if self.stage.brief.hour == "night":
                white = mix(white, palette.near, 0.45)
            shaded = mix(white, tone, 0.62)
            share = np.clip(0.5 + 0.75 * relief, 0, 1)
            cap = shape.snow[..., None] * np.float32(0.94)
            picture = picture * (1 - cap) + (shaded * (1 - share) + white * share) * cap
        picture = self._with_air(shape, picture)
        lay_overlays(self, shape, picture)
        return picture.astype(np.float32)

    def _with_air(self, shape: Shape, picture: Colour) -> Colour:
        """Haze that pools at the foot of far ranges, and the sun shining through the air."""
        stage, palette, near = self.stage, self.stage.palette, shape.nearness
        below = shape.below
        thick = {"mist": 1.0, "snow": 0.9, "rain": 0.85}.get(stage.brief.weather, 0.68)
        fog = smoothstep(0, stage.span * 0.32, below) * (thick * (1 - near) ** 0.9)
        fog = np.clip(fog + 0.05 * (1 - near), 0, 0.96)[..., None]
        picture = picture * (1 - fog) + palette.haze * fog
        x = np.arange(below.shape[1], dtype=np.float32)[None] - (
            (below.shape[1] - stage.width) / 2 + stage.sun[0]
        )
        y = (below + shape.ridge[None]) - stage.sun[1]
        distance = (np.hypot(x, y) / np.float32(stage.span)).astype(np.float32)
        strength = {"night": 0.10, "day": 0.22}.get(stage.brief.hour, 0.52)
        shine = np.exp(-distance * 4.2) * strength * (1.05 - near)
        rim = np.exp(-np.abs(below) / 1.6) * np.exp(-distance * 3.2) * strength * 0.9
        light = np.clip(shine + rim, 0, 1)[..., None]
        lit: Colour = 1 - (1 - picture) * (1 - light * palette.sun)
        return lit

    def finish(self, canvas: Canvas, view: View) -> None:
        bloom(canvas, threshold=150, strength=0.55, spread=6, warmth=0.5)
        cv2.multiply(canvas.y, self._vignette, dst=canvas.y, scale=1 / 255)
        self._grain.add(canvas, view)
