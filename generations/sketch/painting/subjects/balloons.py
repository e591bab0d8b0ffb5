"""Hot-air balloons at several distances: striped gores, ropes, a basket, and a flame at night."""

import numpy as np

from ..arrays import Colour
from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..stage import Stage, View
from ..styles.base import Style

_LIVERIES = (
    ("#e4572e", "#f3a712", "#fff3d6"),
    ("#2e86ab", "#f6f5ae", "#a23b72"),
    ("#c8553d", "#ffe8c2", "#588b8b"),
    ("#6a4c93", "#ffca3a", "#f4f1de"),
)
_GORES = 9


class Balloons:
    def __init__(self, stage: Stage, style: Style) -> None:
        rng = stage.random("balloons")
        self._stage, self._style = stage, style
        columns = np.array([0.24, 0.52, 0.78, 0.64, 0.12]) + rng.uniform(-0.05, 0.05, 5)
        nearness = (1.0, 0.55, 0.30, 0.18, 0.12)
        order = rng.permutation(3)
        self._balloons = []
        for i in range(5):
            near = nearness[order[i] if i < 3 else i]
            y = stage.horizon - stage.span * (0.22 + 0.26 * near + rng.uniform(-0.06, 0.06))
            y = max(y, stage.height * 0.16 + stage.span * 0.1 * near)
            livery = self._livery(stage, int(rng.integers(len(_LIVERIES))), i, near)
            self._balloons.append((float(columns[i]), float(y), near, livery, rng.uniform(0, 6.3)))
        self._balloons.sort(key=lambda balloon: balloon[2])
        self._rope = style.silhouette(0.8)

    def draw(self, canvas: Canvas, view: View) -> None:
        span = self._stage.span
        for column, row, near, livery, phase in self._balloons:
            x = column * self._stage.width - view.shift(0.12 + 0.75 * near)
            sway = float(np.sin(view.seconds * 0.6 + phase))
            y = row + (sway * 0.006 - view.seconds * 0.003 * (0.4 + near)) * span
            self._balloon(canvas, x, y, span * (0.022 + 0.085 * near), livery, view.seconds + phase)

    def _livery(self, stage: Stage, pick: int, index: int, near: float) -> list[Colour]:
        codes = list(_LIVERIES[(pick + index) % len(_LIVERIES)])
        if stage.brief.accent is not None:
            codes[0] = stage.brief.accent
        return [self._style.tone(colour(code), 0.25 + 0.75 * near) for code in codes]

    def _balloon(
        self, canvas: Canvas, x: float, y: float, radius: float, livery: list[Colour], beat: float
    ) -> None:
        lit = 1.0 if self._stage.sun[0] > x else -1.0
        edges = np.sin(np.linspace(-np.pi / 2, np.pi / 2, _GORES + 1))
        for gore in range(_GORES):
            middle = (edges[gore] + edges[gore + 1]) / 2
            shade = 0.16 - 0.20 * middle * lit
            tint = livery[gore % len(livery)]
            toward = self._stage.palette.near if shade > 0 else self._stage.palette.sun
            left = _profile(x, y, radius, float(edges[gore]) - 0.01)
            right = _profile(x, y, radius, float(edges[gore + 1]) + 0.01)
            canvas.polygon([*left, *right[::-1]], mix(tint, toward, abs(float(shade)) * 1.2))
        if self._stage.is_dark:
            flame = 0.55 + 0.45 * float(np.sin(beat * 1.7)) ** 4
            canvas.glow((x, y + radius * 0.7), radius * 0.75, colour("#ffb454"), 0.55 * flame)
        for side in (-1, 1):
            rope = [
                (x + side * radius * 0.22, y + radius * 1.30),
                (x + side * radius * 0.12, y + radius * 1.66),
            ]
            canvas.line(rope, self._rope)
        wide, low = radius * 0.15, y + radius * 1.64
        canvas.polygon(
            [
                (x - wide, low),
                (x + wide, low),
                (x + wide * 0.8, low + wide * 1.5),
                (x - wide * 0.8, low + wide * 1.5),
            ],
            self._rope,
        )


def _profile(x: float, y: float, radius: float, across: float) -> list[Point]:
    """One seam of the envelope, from the crown to the mouth."""
    turn = np.linspace(-np.pi / 2, np.pi / 2 * 0.92, 22)
    below = np.clip(np.sin(turn), 0, 1)
    wide = np.cos(turn) * (1 - 0.10 * below) + 0.22 * below**3
    tall = np.sin(turn) * (1 + 0.32 * below)
    return [
        (x + radius * float(w) * across, y + radius * 1.02 * float(h))
        for w, h in zip(wide, tall, strict=True)
    ]
