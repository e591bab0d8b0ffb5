"""A pagoda of five roofs whose eaves turn up, with lamplight between them."""

import numpy as np

from ..canvas import Point
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage
from ..styles.base import Style
from .base import Actor, add_polygon, box, stand

_STOREYS = 5


class Pagoda:
    nearness = 0.62
    height = 0.34

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.27

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "pagoda")
        size = self._size
        foot = ground + size * 0.06
        wall = colour(stage.brief.accent or "#a8382f")
        roof = colour("#3a3a44")
        add_polygon(shape, box(x - size * 0.24, foot - size * 0.05, size * 0.48, size * 0.12), roof)
        storey = size * 0.165
        for level in range(_STOREYS):
            share = 1 - level * 0.135
            base = foot - size * 0.05 - level * storey
            half = size * 0.155 * share
            add_polygon(shape, box(x - half, base - storey, half * 2, storey), wall)
            for gap in (-0.5, 0.0, 0.5):
                pane = box(
                    x + gap * half - half * 0.16, base - storey * 0.58, half * 0.32, storey * 0.42
                )
                lit = stage.brief.hour != "day"
                light = colour("#ffc46a") if lit else mix(wall, colour("#201418"), 0.5)
                add_polygon(shape, pane, light, shines=lit)
            add_polygon(shape, _roof(x, base - storey, size * 0.30 * share, storey * 0.52), roof)
        tip = foot - size * 0.05 - _STOREYS * storey
        add_polygon(
            shape, box(x - size * 0.008, tip - size * 0.22, size * 0.016, size * 0.24), roof
        )
        for ring in range(4):
            row = tip - size * (0.07 + 0.035 * ring)
            half = size * (0.030 - 0.005 * ring)
            add_polygon(shape, box(x - half, row, half * 2, size * 0.012), roof)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return None


def _roof(x: float, y: float, half: float, rise: float) -> list[Point]:
    """A roof seen from the front: its ridge narrow, its eaves swept up at the corners."""
    across = np.linspace(-1, 1, 21)
    eave = y + rise * (0.42 - 0.62 * np.abs(across) ** 3)
    under = [(x + half * float(a), float(e)) for a, e in zip(across, eave, strict=True)]
    upper = np.linspace(1, -1, 21)
    top = y - rise * 0.75 * (1 - np.abs(upper)) ** 1.6 - rise * 0.30
    lip = np.where(np.abs(upper) > 0.98, eave[::-1] - rise * 0.05, top)
    over = [(x + half * float(a), float(t)) for a, t in zip(upper, lip, strict=True)]
    return under + over
