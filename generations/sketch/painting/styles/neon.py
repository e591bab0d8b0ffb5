"""Neon: dark masses, edges that shine, lines of equal height across the land."""

import cv2
import numpy as np

from ..arrays import Colour
from ..canvas import Canvas
from ..colour import blended, mix
from ..noise import smoothstep
from ..shape import Overlay, Shape
from ..stage import Stage, View
from .base import Grain, Style, bloom, lay_overlays, vignette


class Neon(Style):
    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._grain = Grain(stage, 0.9)
        self._vignette = vignette(stage, 0.40)

    def redraw(self, image: Colour) -> Colour:
        """Its tones run through the palette's sky, its edges shine."""
        pixels = (np.clip(image, 0, 1) * 255).astype(np.uint8)
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        ramp = self.stage.palette.sky
        level = (grey.astype(np.float32) / 255) ** 1.2 * 0.82 * (len(ramp) - 1)
        tinted = blended(ramp[level.astype(int)], image, np.full(level.shape, 0.25, np.float32))
        soft = cv2.GaussianBlur(grey, (0, 0), 2.0)
        edges = np.abs(cv2.Laplacian(soft, cv2.CV_32F)) / 14
        return blended(tinted * np.float32(0.8), self.edge(0.5), np.clip(edges, 0, 0.85))

    def tone(self, natural: Colour, nearness: float) -> Colour:
        return mix(natural, self.edge(nearness), 0.55)

    def silhouette(self, nearness: float) -> Colour:
        return mix(self.stage.palette.near, self.edge(nearness), 0.30)

    def edge(self, nearness: float) -> Colour:
        edges = self.stage.palette.edges
        return edges[round(nearness * 9) % len(edges)]

    def overlay_colour(self, overlay: Overlay, nearness: float) -> Colour:
        return overlay.colour if overlay.shines else mix(overlay.colour, self.edge(nearness), 0.5)

    def colour_land(self, shape: Shape) -> Colour:
        stage, palette, near = self.stage, self.stage.palette, shape.nearness
        below, unit = shape.below, stage.span / 1080
        edge = self.edge(near)
        tone = mix(self.land_tone(near), palette.near, 0.35)
        relief = np.clip(shape.relief, -1, 1)[..., None]
        picture = tone * (1 + 0.35 * relief) + edge * np.maximum(relief, 0) * 0.14
        low = smoothstep(0, stage.span * 0.4, below)[..., None]
        picture = picture * (1 - 0.6 * low * near) + palette.haze * low * 0.16 * (1 - near)
        outline = self._outline(shape)
        contour = np.mod(below / (stage.span * (0.030 + 0.03 * near)) + shape.relief * 0.55, 1)
        lines = np.exp(-(((contour - 0.5) * stage.span * 0.03 / (1.1 * unit)) ** 2))
        lines *= np.exp(-np.maximum(below, 0) / (stage.span * 0.22)) * (below > 3)
        if shape.growth is not None:
            lines = lines * (1 - shape.growth)
        if shape.kind == "dunes" or shape.kind == "plain":
            lines *= 0.8
        halo = np.exp(-np.maximum(below, 0) / (14 * unit)) * (below > 0) * 0.26
        light = np.clip(outline + lines * 0.42 + halo, 0, 1)[..., None]
        picture = picture * (1 - light) + edge * light
        lay_overlays(self, shape, picture)
        return np.clip(picture, 0, 1).astype(np.float32)

    def _outline(self, shape: Shape) -> Colour:
        """A line of light where the shape meets the sky."""
        solid = (shape.opacity * 255).astype(np.uint8)
        inner = cv2.erode(solid, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
        line = cv2.subtract(solid, inner).astype(np.float32) / 255
        glow = cv2.GaussianBlur(line, (0, 0), 3.0 * self.stage.span / 1080)
        outline = np.clip(line * 0.9 + glow * 1.6, 0, 1)
        if shape.kind != "plain" and shape.growth is not None:
            outline = outline * (1 - 0.5 * cv2.dilate(shape.growth, np.ones((9, 9), np.uint8)))
        return outline

    def finish(self, canvas: Canvas, view: View) -> None:
        bloom(canvas, threshold=84, strength=0.62, spread=7, warmth=0.0)
        cv2.multiply(canvas.y, self._vignette, dst=canvas.y, scale=1 / 255)
        self._grain.add(canvas, view)
