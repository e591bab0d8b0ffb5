"""A windmill whose sails turn."""

import numpy as np

from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, add_polygon, box, stand


class Windmill:
    nearness = 0.60
    height = 0.32

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.17
        self._hub: Point = (0.0, 0.0)

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "windmill")
        size = self._size
        foot = ground + size * 0.05
        plaster, cap = colour("#d9cdb8"), colour(stage.brief.accent or "#6b3b30")
        tower = [
            (x - size * 0.24, foot),
            (x + size * 0.24, foot),
            (x + size * 0.14, foot - size),
            (x - size * 0.14, foot - size),
        ]
        add_polygon(shape, tower, plaster)
        away = -1 if stage.sun[0] > stage.width / 2 else 1
        shade = [(px if (px - x) * away > 0 else x, py) for px, py in tower]
        add_polygon(shape, shade, mix(plaster, colour("#2b2a30"), 0.28))
        dome = [
            (x - size * 0.18, foot - size),
            (x - size * 0.13, foot - size * 1.13),
            (x, foot - size * 1.20),
            (x + size * 0.13, foot - size * 1.13),
            (x + size * 0.18, foot - size),
        ]
        add_polygon(shape, dome, cap)
        add_polygon(
            shape,
            box(x - size * 0.05, foot - size * 0.22, size * 0.10, size * 0.24),
            mix(cap, colour("#171214"), 0.4),
        )
        add_polygon(
            shape,
            box(x - size * 0.035, foot - size * 0.66, size * 0.07, size * 0.09),
            colour("#2a2c33"),
        )
        self._hub = (x, foot - size * 1.04)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Sails(stage, style, ground, self._hub, self._size)


class _Sails:
    def __init__(self, stage: Stage, style: Style, ground: Ground, hub: Point, size: float) -> None:
        self._stage, self._ground, self._hub, self._size = stage, ground, hub, size
        self._spar = style.tone(colour("#4a352c"), ground.nearness)
        self._cloth = style.tone(colour("#efe6d4"), ground.nearness)

    def draw(self, canvas: Canvas, view: View) -> None:
        x = self._ground.on_frame(self._hub[0], self._stage, view)
        y, size = self._hub[1], self._size
        for sail in range(4):
            self._sail(canvas, x, y, view.seconds * 0.75 + sail * np.pi / 2 + 0.3)
        canvas.disc((x, y), size * 0.035, self._spar)

    def _sail(self, canvas: Canvas, x: float, y: float, angle: float) -> None:
        cos, sin, size = float(np.cos(angle)), float(np.sin(angle)), self._size

        def at(share: float, aside: float) -> Point:
            along = share * 0.82
            return x + (cos * along - sin * aside) * size, y + (sin * along + cos * aside) * size

        canvas.polygon([at(0.18, 0), at(0.18, 0.13), at(1.0, 0.15), at(1.0, 0)], self._cloth)
        canvas.polygon([at(0, -0.012), at(0, 0.012), at(1, 0.012), at(1, -0.012)], self._spar)
        for bar in (0.18, 0.38, 0.58, 0.78, 1.0):
            edge = bar - 0.012
            rung = [at(bar, 0), at(bar, 0.14), at(edge, 0.14), at(edge, 0)]
            canvas.polygon(rung, self._spar)
