"""A castle on a height: keep, towers with cones, a wall with crenels, a few lit windows."""

from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage
from ..styles.base import Style
from .base import Actor, add_polygon, box, stand

# across, width, height of each tower, in castle sizes from its middle
_TOWERS = (
    (-0.62, 0.20, 0.62),
    (-0.26, 0.24, 0.98),
    (0.04, 0.34, 0.74),
    (0.36, 0.18, 1.16),
    (0.70, 0.22, 0.66),
)


class Castle:
    nearness = 0.50
    height = 0.30

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.17

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "castle")
        size = self._size
        foot = ground + size * 0.20
        stone = colour("#8d8378")
        roof = colour(stage.brief.accent or "#4a4f6b")
        wall_top = foot - size * 0.46
        for across, width, height in _TOWERS:
            self._tower(shape, x + across * size, foot, width * size, height * size, stage)
        add_polygon(
            shape,
            box(x - size * 0.72, wall_top, size * 1.54, size * 0.50),
            stone,
            buried=size * 0.03,
        )
        for tooth in range(19):
            left = x - size * 0.72 + tooth * size * 0.083
            add_polygon(shape, box(left, wall_top - size * 0.035, size * 0.046, size * 0.05), stone)
        shade = box(x - size * 0.72, wall_top + size * 0.10, size * 1.54, size * 0.012)
        add_polygon(shape, shade, mix(stone, colour("#2a2830"), 0.4))
        gate = box(x + size * 0.02, foot - size * 0.20, size * 0.13, size * 0.22)
        add_polygon(shape, gate, mix(roof, colour("#131218"), 0.6), buried=size * 0.03)

    def _tower(
        self, shape: Shape, x: float, foot: float, width: float, height: float, stage: Stage
    ) -> None:
        stone, size = colour("#9a8f83"), self._size
        roof = colour(stage.brief.accent or "#4a4f6b")
        top = foot - height
        buried = size * 0.03
        add_polygon(shape, box(x - width / 2, top, width, height), stone, buried=buried)
        away = -1 if stage.sun[0] > stage.width / 2 else 1
        shaded = box(x if away > 0 else x - width / 2, top, width / 2, height)
        add_polygon(shape, shaded, mix(stone, colour("#2a2830"), 0.30), buried=buried)
        add_polygon(
            shape, box(x - width * 0.58, top - size * 0.02, width * 1.16, size * 0.04), stone
        )
        cone = [(x - width * 0.66, top), (x + width * 0.66, top), (x, top - width * 1.7)]
        add_polygon(shape, cone, roof)
        lit = stage.brief.hour != "day"
        pane = colour("#ffcf80") if lit else colour("#2b2d38")
        for row in (0.12, 0.34):
            slit = box(x - width * 0.07, top + height * row, width * 0.14, size * 0.06)
            add_polygon(shape, slit, pane, shines=lit)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return None
