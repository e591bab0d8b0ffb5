"""A stag on a rise, that lifts its head to listen."""

import numpy as np

from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, stand

# Outlines in body lengths, facing right, hooves at 0.
_BODY: tuple[Point, ...] = (
    (-0.50, -0.80),
    (-0.42, -0.88),
    (-0.10, -0.86),
    (0.20, -0.88),
    (0.36, -0.94),
    (0.44, -0.70),
    (0.36, -0.56),
    (0.10, -0.50),
    (-0.20, -0.52),
    (-0.38, -0.56),
    (-0.50, -0.66),
)
_LEGS = ((-0.44, 0.10), (-0.30, 0.085), (0.22, 0.085), (0.34, 0.08))
_HEAD: tuple[Point, ...] = (
    (0.24, -0.90),
    (0.40, -1.22),
    (0.46, -1.33),
    (0.53, -1.37),
    (0.60, -1.33),
    (0.76, -1.24),
    (0.74, -1.18),
    (0.58, -1.18),
    (0.50, -1.06),
    (0.44, -0.72),
)
_ANTLERS: tuple[tuple[Point, ...], ...] = (
    ((0.50, -1.36), (0.42, -1.52), (0.44, -1.68), (0.54, -1.80)),
    ((0.43, -1.55), (0.32, -1.62), (0.28, -1.72)),
    ((0.44, -1.66), (0.36, -1.76), (0.35, -1.86)),
    ((0.53, -1.36), (0.62, -1.50), (0.68, -1.66), (0.66, -1.80)),
    ((0.62, -1.51), (0.72, -1.56), (0.78, -1.66)),
    ((0.67, -1.64), (0.77, -1.70), (0.80, -1.79)),
)


class Deer:
    nearness = 0.72
    height = 0.03

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.095
        self._foot: Point = (0.0, 0.0)

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "deer")
        self._foot = (x, ground + self._size * 0.16)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Standing(stage, style, ground, self._foot, self._size)


class _Standing:
    def __init__(
        self, stage: Stage, style: Style, ground: Ground, foot: Point, size: float
    ) -> None:
        self._stage, self._ground, self._foot, self._size = stage, ground, foot, size
        coat = style.tone(colour(stage.brief.accent or "#6d4a30"), 1.0)
        self._coat = mix(coat, style.silhouette(0.95), 0.45)
        self._dark = mix(style.tone(colour("#33241c"), 1.0), style.silhouette(1.0), 0.5)
        self._way = 1.0 if stage.sun[0] > stage.width / 2 else -1.0

    def draw(self, canvas: Canvas, view: View) -> None:
        x = self._ground.on_frame(self._foot[0], self._stage, view)
        lift = 0.05 * float(np.clip(np.sin(view.seconds * 0.7), -0.4, 1))

        def at(point: Point, raised: float = 0.0) -> Point:
            px, py = point
            return x + self._way * px * self._size, self._foot[1] + (py - raised) * self._size

        for place, width in _LEGS:
            hoof = place + 0.02
            leg = [
                (place - width / 2, -0.62),
                (place + width / 2, -0.62),
                (hoof + 0.025, -0.02),
                (hoof - 0.025, -0.02),
            ]
            canvas.polygon([at(point) for point in leg], self._dark)
        canvas.polygon([at(point) for point in _BODY], self._coat)
        head = [at(point, lift if point[1] < -1 else 0.0) for point in _HEAD]
        canvas.polygon(head, self._coat)
        ear = [(0.46, -1.33), (0.34, -1.40), (0.44, -1.27)]
        canvas.polygon([at(point, lift) for point in ear], self._coat)
        for branch in _ANTLERS:
            canvas.line([at(point, lift) for point in branch], self._dark, self._size * 0.022)
