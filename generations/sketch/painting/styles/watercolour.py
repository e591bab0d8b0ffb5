"""Watercolour: light washes with wet edges, granulation, and the white of the paper."""

import cv2
import numpy as np

from ..arrays import Colour
from ..canvas import Canvas
from ..colour import colour, mix
from ..noise import cloud_tile, sample, smoothstep
from ..shape import Shape
from ..stage import Stage, View
from .base import Style, lay_overlays
from .paper import Paper


class Watercolour(Style):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._paper = Paper(stage, colour("#fbf7ec"), border=0.035, tooth=11)

    def redraw(self, image: Colour) -> Colour:
        """Small forms run together into washes, lighter than they were."""
        pixels = (np.clip(image, 0, 1) * 255).astype(np.uint8)
        washed = cv2.edgePreservingFilter(pixels, flags=cv2.RECURS_FILTER, sigma_s=30, sigma_r=0.35)
        light: Colour = 1 - (1 - washed.astype(np.float32) / 255) * np.float32(0.82)
        return light

    def tone(self, natural: Colour, nearness: float) -> Colour:
        return mix(natural, self.stage.palette.haze, 0.16 + 0.42 * (1 - nearness))

    def silhouette(self, nearness: float) -> Colour:
        return mix(self.stage.palette.haze, self.stage.palette.near, 0.30 + 0.55 * nearness)

    def colour_land(self, shape: Shape) -> Colour:
        stage, palette, near = self.stage, self.stage.palette, shape.nearness
        rng = stage.random(f"wash {near:.2f}")
        tone = self.land_tone(0.10 + 0.86 * near)
        wash = mix(tone, palette.haze, 0.45)
        below = shape.below
        along = np.broadcast_to(np.arange(below.shape[1], dtype=np.float32)[None], below.shape)
        u, v = along / stage.span, below / stage.span
        pooled = sample(cloud_tile(rng, 512, roughness=3.0, coarsest=2), u * 0.7, v * 0.9)
        grains = sample(cloud_tile(rng, 512, roughness=1.3, coarsest=20), u * 2.2, v * 2.2)
        edge = np.exp(-np.maximum(below, 0) / (stage.span * 0.005)) * 0.22
        edge += np.exp(-np.maximum(below, 0) / (stage.span * 0.07)) * 0.30
        strength = 0.62 + 0.30 * pooled - 0.26 * shape.relief + edge + 0.035 * grains
        strength -= smoothstep(0.02, 0.30, below / stage.span) * 0.42 * (1 - 0.55 * near)
        if shape.growth is not None:
            strength = strength + shape.growth * (0.30 - 0.20 * shape.relief)
        if shape.snow is not None:
            strength = strength - shape.snow * 0.45
        share = np.clip(strength, 0.03, 1.1)[..., None]
        picture = wash + (tone - wash) * np.minimum(share * 1.5, 1.15)
        picture += (palette.haze - picture) * np.clip(0.62 - share, 0, 0.6)
        warm = mix(palette.sun, palette.haze, 0.4)
        hint = smoothstep(0.25, 0.9, pooled)[..., None] * 0.22
        picture += (warm - picture) * hint
        lay_overlays(self, shape, picture)
        return np.clip(picture, 0, 1).astype(np.float32)

    def finish(self, canvas: Canvas, view: View) -> None:
        self._paper.lay(canvas, view)
