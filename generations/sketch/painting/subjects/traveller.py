"""Someone who stands and looks at the view, coat and scarf moving in the wind."""

import numpy as np

from ..arrays import Colour
from ..canvas import Canvas, Point
from ..colour import colour
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, stand


class Traveller:
    nearness = 0.93
    height = 0.06

    def __init__(self, stage: Stage) -> None:
        text = stage.brief.prompt.lower()
        small = any(word in text for word in ("child", "girl", "boy", "kid"))
        self._size = stage.span * (0.105 if small else 0.135)
        self._two = any(word in text for word in ("couple", "lovers", "people", "friends"))
        self._foot: Point = (0.0, 0.0)

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "traveller")
        self._foot = (x, ground + self._size * 0.12)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Figure(stage, style, ground, self._foot, self._size, two=self._two)


class _Figure:
    def __init__(
        self,
        stage: Stage,
        style: Style,
        ground: Ground,
        foot: Point,
        size: float,
        *,
        two: bool,
    ) -> None:
        self._stage, self._ground, self._foot, self._size, self._two = (
            stage,
            ground,
            foot,
            size,
            two,
        )
        self._coat = style.tone(colour("#2c2f3c"), 1.0)
        self._hair = style.tone(colour("#231b1a"), 1.0)
        self._skin = style.tone(colour("#c99b7c"), 1.0)
        self._scarf = style.tone(colour(stage.brief.accent or "#c8452f"), 1.0)

    def draw(self, canvas: Canvas, view: View) -> None:
        x = self._ground.on_frame(self._foot[0], self._stage, view)
        self._person(canvas, x, self._foot[1], self._size, view.seconds, self._coat)
        if self._two:
            beside = x + self._size * 0.34
            self._person(
                canvas, beside, self._foot[1], self._size * 0.92, view.seconds + 1, self._hair
            )

    def _person(
        self, canvas: Canvas, x: float, y: float, size: float, seconds: float, coat: Colour
    ) -> None:
        wind = 0.5 + 0.5 * float(np.sin(seconds * 1.3))
        for side in (-1, 1):
            leg = x + side * size * 0.065
            canvas.polygon(
                [
                    (leg - size * 0.05, y - size * 0.42),
                    (leg + size * 0.05, y - size * 0.42),
                    (leg + size * 0.040, y),
                    (leg - size * 0.045, y),
                ],
                self._hair,
            )
        hem = size * (0.185 + 0.02 * wind)
        canvas.polygon(
            [
                (x - size * 0.055, y - size * 0.84),
                (x + size * 0.055, y - size * 0.84),
                (x + size * 0.150, y - size * 0.76),
                (x + size * 0.165, y - size * 0.46),
                (x + hem + size * 0.05 * wind, y - size * 0.24),
                (x - size * 0.150, y - size * 0.25),
                (x - size * 0.150, y - size * 0.50),
                (x - size * 0.145, y - size * 0.77),
            ],
            coat,
        )
        canvas.disc((x, y - size * 0.915), size * 0.078, self._skin)
        turn = np.linspace(np.pi * 0.92, np.pi * 2.15, 16)
        hair = [
            (
                x + size * 0.086 * float(np.cos(t)),
                y - size * 0.925 + size * 0.088 * float(np.sin(t)),
            )
            for t in turn
        ]
        canvas.polygon(
            [*hair, (x + size * 0.06, y - size * 0.84), (x - size * 0.07, y - size * 0.84)],
            self._hair,
        )
        self._scarf_in_wind(canvas, x, y - size * 0.835, size, seconds)

    def _scarf_in_wind(
        self, canvas: Canvas, x: float, y: float, size: float, seconds: float
    ) -> None:
        along = np.linspace(0, 1, 14)
        wave = np.sin(along * 6.0 - seconds * 5.0) * 0.035 * along
        spine_x = x + size * 0.42 * along
        spine_y = y + size * (wave + 0.04 * along)
        half = size * (0.030 - 0.008 * along)
        upper = [
            (float(px), float(py - h)) for px, py, h in zip(spine_x, spine_y, half, strict=True)
        ]
        lower = [
            (float(px), float(py + h)) for px, py, h in zip(spine_x, spine_y, half, strict=True)
        ]
        canvas.polygon([*upper, *lower[::-1]], self._scarf)
        canvas.polygon(
            [
                (x - size * 0.075, y - size * 0.03),
                (x + size * 0.075, y - size * 0.03),
                (x + size * 0.085, y + size * 0.035),
                (x - size * 0.085, y + size * 0.035),
            ],
            self._scarf,
        )
