"""A train that crosses a viaduct, its windows lit, its steam behind it."""

import numpy as np

from ..canvas import Canvas
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, add_polygon, box

_CARS = 6


class Train:
    nearness = 0.72
    height = 0.16

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.034
        self._deck = 0.0

    def build(self, stage: Stage, shape: Shape) -> None:
        """A row of arches right across the strip, a little above the highest ground."""
        size = self._size
        self._deck = float(np.percentile(shape.ridge, 12)) - size * 2.2
        stone = colour("#7d6f66")
        width = float(shape.ridge.size)
        add_polygon(shape, box(0, self._deck, width, size * 0.5), stone)
        add_polygon(
            shape,
            box(0, self._deck - size * 0.12, width, size * 0.14),
            mix(stone, colour("#ffffff"), 0.18),
        )
        foot = float(shape.ridge.max()) + size * 2
        bay = size * 3.4
        for pier in range(int(width / bay) + 2):
            x = pier * bay
            add_polygon(shape, box(x, self._deck, size * 0.62, foot - self._deck), stone)
            turn = np.linspace(0, np.pi, 15)
            half = (bay - size * 0.62) / 2
            middle = x + size * 0.62 + half
            arch = [
                (
                    middle - half * float(np.cos(t)),
                    self._deck + size * 2.0 - half * 1.15 * float(np.sin(t)),
                )
                for t in turn
            ]
            crown = [
                (middle + half, self._deck + size * 0.4),
                (middle - half, self._deck + size * 0.4),
            ]
            add_polygon(shape, [*arch, *crown], mix(stone, colour("#2a2428"), 0.12))

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Cars(stage, style, ground, self._deck, self._size)


class _Cars:
    def __init__(
        self, stage: Stage, style: Style, ground: Ground, deck: float, size: float
    ) -> None:
        self._stage, self._ground, self._deck, self._size = stage, ground, deck, size
        self._body = style.tone(colour(stage.brief.accent or "#8c2f2b"), ground.nearness)
        self._engine = style.tone(colour("#23242b"), ground.nearness)
        lit = stage.brief.hour != "day"
        pane = colour("#ffd88f") if lit else colour("#c9d6de")
        self._pane = (
            pane if lit and stage.brief.style in ("film", "neon") else style.tone(pane, 0.9)
        )
        self._lit = lit and stage.brief.style in ("film", "neon")
        self._steam = mix(stage.palette.haze, colour("#ffffff"), 0.35)
        self._way = 1.0 if stage.sun[0] > stage.width / 2 else -1.0

    def draw(self, canvas: Canvas, view: View) -> None:
        size, way = self._size, self._way
        start = self._stage.width * (0.24 if way > 0 else 0.76)
        column = start + way * view.seconds * size * 1.7
        shift = (
            self._ground.on_frame(0.0, self._stage, view) + self._ground.layer.cutout.y.shape[1] / 2
        )
        front = column + (shift - self._stage.width / 2)
        y = self._deck - size * 0.12
        self._steam_from(canvas, front - way * size * 0.9, y - size * 1.35, view)
        for car in range(_CARS):
            near = front - way * car * size * 3.1
            self._car(canvas, near, y, is_engine=car == 0)

    def _car(self, canvas: Canvas, front: float, y: float, *, is_engine: bool) -> None:
        size, way = self._size, self._way
        long = size * 2.9
        left = front - long if way > 0 else front
        tall = size * (1.0 if is_engine else 1.15)
        canvas.polygon(
            box(left, y - tall, long, tall * 0.86), self._engine if is_engine else self._body
        )
        for wheel in np.linspace(0.14, 0.86, 4):
            canvas.disc((left + long * float(wheel), y - size * 0.10), size * 0.15, self._engine)
        if is_engine:
            stack = front - way * size * 0.75
            canvas.polygon(
                box(stack - size * 0.12, y - size * 1.45, size * 0.24, size * 0.5), self._engine
            )
            cab = front - way * size * 2.4
            canvas.polygon(
                box(cab - size * 0.45, y - size * 1.4, size * 0.9, size * 0.5), self._engine
            )
            if self._lit:
                canvas.glow((front, y - size * 0.6), size * 0.9, self._pane, 0.55)
            return
        for window in range(5):
            x = left + size * (0.22 + 0.52 * window)
            canvas.polygon(box(x, y - size * 0.92, size * 0.34, size * 0.36), self._pane)
        if self._lit:
            canvas.glow((left + long / 2, y - size * 0.7), size * 1.3, self._pane, 0.16)

    def _steam_from(self, canvas: Canvas, x: float, y: float, view: View) -> None:
        size, way = self._size, self._way
        for puff in range(14):
            age = (puff + view.seconds * 2.6) % 14 / 14
            drift = -way * size * 8.5 * age
            lift = size * (2.6 * age**0.7 + 0.3 * float(np.sin(puff * 2.3)))
            strength = 0.20 * (1 - age) ** 1.3 * min(1.0, age * 12)
            canvas.glow((x + drift, y - lift), size * (0.30 + 1.25 * age), self._steam, strength)
