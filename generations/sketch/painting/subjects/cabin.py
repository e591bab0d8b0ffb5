"""A cabin with a lit window and smoke from its chimney."""

import numpy as np

from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, add_polygon, box, stand

_PUFFS = 9


class Cabin:
    nearness = 0.74
    height = 0.20

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.105
        self._chimney: Point = (0.0, 0.0)

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "cabin")
        size = self._size
        foot = ground + size * 0.16
        wood, roof = colour("#6b4a35"), colour(stage.brief.accent or "#3d2b2a")
        eave, peak = foot - size * 0.52, foot - size * 1.05
        add_polygon(shape, box(x - size * 0.75, eave, size * 1.5, size * 0.60), wood)
        gable = [(x - size * 0.75, eave), (x - size * 0.30, peak), (x + size * 0.15, eave)]
        add_polygon(shape, gable, wood)
        chimney_top = peak - size * 0.16
        add_polygon(shape, box(x + size * 0.34, chimney_top, size * 0.15, size * 0.5), wood)
        slope = [
            (x - size * 0.30, peak),
            (x + size * 0.58, peak),
            (x + size * 0.90, eave + size * 0.05),
            (x + size * 0.08, eave + size * 0.05),
        ]
        add_polygon(shape, slope, _snowy(stage, roof))
        verge = [
            (x - size * 0.86, eave + size * 0.10),
            (x - size * 0.30, peak - size * 0.02),
            (x - size * 0.30, peak + size * 0.10),
            (x - size * 0.80, eave + size * 0.14),
        ]
        add_polygon(shape, verge, _snowy(stage, roof))
        for beam in range(1, 6):
            row = eave + size * 0.095 * beam
            dark = mix(wood, colour("#1c1414"), 0.45)
            add_polygon(shape, box(x - size * 0.75, row, size * 1.5, size * 0.014), dark)
        glow = colour("#ffc873")
        lit = stage.brief.hour != "day"
        pane = glow if lit else colour("#38424c")
        add_polygon(
            shape,
            box(x - size * 0.44, eave + size * 0.08, size * 0.26, size * 0.24),
            pane,
            shines=lit,
        )
        add_polygon(
            shape,
            box(x + size * 0.34, eave + size * 0.12, size * 0.22, size * 0.22),
            pane,
            shines=lit,
        )
        add_polygon(
            shape,
            box(x - size * 0.02, eave + size * 0.14, size * 0.20, size * 0.44),
            mix(wood, colour("#120d0c"), 0.5),
        )
        self._chimney = (x + size * 0.415, chimney_top)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Hearth(stage, ground, self._chimney, self._size)


class _Hearth:
    """Smoke that thins as it rises, and the window's light on the air."""

    def __init__(self, stage: Stage, ground: Ground, chimney: Point, size: float) -> None:
        self._stage, self._ground, self._chimney, self._size = stage, ground, chimney, size
        self._smoke = mix(stage.palette.haze, stage.palette.cloud_lit, 0.5)
        self._thick = 0.10 if stage.is_dark else 0.16
        self._glow = 0.0 if stage.brief.hour == "day" else 0.30

    def draw(self, canvas: Canvas, view: View) -> None:
        size = self._size
        x = self._ground.on_frame(self._chimney[0], self._stage, view)
        y = self._chimney[1]
        for puff in range(_PUFFS):
            age = (puff + view.seconds * 0.9) % _PUFFS / _PUFFS
            drift = size * (0.9 * age**1.5 + 0.10 * float(np.sin(age * 9 + view.seconds)))
            strength = self._thick * (1 - age) * min(1.0, age * 8)
            radius = size * (0.06 + 0.22 * age)
            canvas.glow((x + drift, y - size * 1.35 * age), radius, self._smoke, strength)
        if self._glow and self._stage.brief.style in ("film", "neon"):
            canvas.glow(
                (x - size * 0.72, y + size * 1.1), size * 0.42, colour("#ffb45a"), self._glow
            )


def _snowy(stage: Stage, roof: np.ndarray) -> np.ndarray:
    return colour("#e9edf5") if stage.brief.weather == "snow" else roof
