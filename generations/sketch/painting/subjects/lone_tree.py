"""One tree that stands by itself."""

from ..land import sun_side
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage
from ..styles.base import Style
from ..trees import bare_branch, broadleaf
from .base import Actor, stand


class LoneTree:
    nearness = 0.62
    height = 0.40

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.36

    def build(self, stage: Stage, shape: Shape) -> None:
        rng = stage.random("lone tree")
        x, ground = stand(stage, shape, "lone tree")
        winter = stage.brief.weather == "snow"
        paint = bare_branch if winter else broadleaf
        mask, light = paint(rng, sun_side(stage))
        shape.plant(mask, light, x, ground + self._size * 0.04, self._size)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return None
