"""A painted strip of scenery at a depth, wider than the frame so that the camera can pass."""

from dataclasses import dataclass

from .arrays import Field
from .canvas import Canvas, Cutout
from .stage import Stage, View


@dataclass(frozen=True)
class Layer:
    """Scenery that moves as one. `depth` runs from 0, the far distance, to 1 and nearer."""

    cutout: Cutout
    top: int
    depth: float
    drift: float = 0.0  # pixels a second to the right, on its own: mist, clouds
    hides_below: float = float("inf")  # the frame's row from which nothing behind it shows

    def left(self, stage: Stage, view: View) -> float:
        """Where its left edge lies on the frame."""
        slack = self.cutout.y.shape[1] - stage.width
        middle = view.seconds - stage.brief.seconds / 2
        return -slack / 2 - view.shift(self.depth) + self.drift * middle

    def draw(self, canvas: Canvas, stage: Stage, view: View, *, bottom: float) -> None:
        end = min(canvas.height, int(bottom) if bottom < canvas.height else canvas.height)
        self.cutout.over(canvas, self.left(stage, view), self.top, bottom=end)


@dataclass(frozen=True)
class Ground:
    """Where something stands: on a layer, at a place of its strip."""

    layer: Layer
    ridge: Field  # the frame's row at which the ground begins, for each column of the strip
    nearness: float

    def place(self, x: float) -> tuple[float, float]:
        """The strip column and frame row of the ground at a share of the strip's width."""
        column = min(len(self.ridge) - 1, max(0, round(x * len(self.ridge))))
        return float(column), float(self.ridge[column])

    def on_frame(self, column: float, stage: Stage, view: View) -> float:
        return column + self.layer.left(stage, view)
