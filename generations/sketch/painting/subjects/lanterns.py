"""Paper lanterns that rise into the night, each a small warm light of its own."""

import numpy as np

from ..canvas import Canvas
from ..colour import colour, mix
from ..lights import Lights
from ..stage import Stage, View


class Lanterns:
    def __init__(self, stage: Stage) -> None:
        rng = stage.random("lanterns")
        self._stage = stage
        count = 46
        self._x = rng.random(count) * 1.1 - 0.05
        self._y = rng.random(count)
        self._near = np.sort(rng.random(count) ** 2.2)
        self._phase = rng.random(count) * 6.3
        self._glow = colour(stage.brief.accent or "#ff9a3c")
        self._paper = mix(self._glow, colour("#fff2c4"), 0.55)
        flame = mix(self._glow, colour("#ffffff"), 0.75)
        self._halos = Lights(stage.width, stage.height, self._glow, shrink=4)
        self._flames = Lights(stage.width, stage.height, flame, shrink=2)

    def draw(self, canvas: Canvas, view: View) -> None:
        span, t = self._stage.span, view.seconds
        for x, y, near, phase in zip(self._x, self._y, self._near, self._phase, strict=True):
            size = span * (0.0045 + 0.026 * near)
            sway = np.sin(t * 0.7 + phase) * 0.008
            column = (x + sway) * self._stage.width - view.shift(0.1 + 0.6 * near)
            rise = t * (0.012 + 0.022 * near)
            row = (0.86 - 0.84 * y - rise) * self._stage.horizon
            flicker = 0.82 + 0.18 * np.sin(t * 5.5 + phase * 7)
            self._lantern(canvas, float(column), float(row), float(size), float(flicker))
        self._halos.shine(canvas)
        self._flames.shine(canvas)

    def _lantern(self, canvas: Canvas, x: float, y: float, size: float, flicker: float) -> None:
        self._halos.add(x, y, size * 2.8, 0.34 * flicker)
        outline = [
            (x - 0.52 * size, y - 0.75 * size),
            (x, y - 0.98 * size),
            (x + 0.52 * size, y - 0.75 * size),
            (x + 0.62 * size, y + 0.10 * size),
            (x + 0.40 * size, y + 0.85 * size),
            (x - 0.40 * size, y + 0.85 * size),
            (x - 0.62 * size, y + 0.10 * size),
        ]
        canvas.polygon(outline, mix(self._glow, self._paper, 0.55 * flicker))
        self._flames.add(x, y + 0.5 * size, size * 0.55, 0.6 * flicker)
