"""A flock of birds that crosses the sky in a loose line, each beating at its own pace."""

import numpy as np

from ..canvas import Canvas
from ..stage import Stage, View
from ..styles.base import Style


class Birds:
    def __init__(self, stage: Stage, style: Style) -> None:
        rng = stage.random("birds")
        self._stage = stage
        self._colour = style.silhouette(0.85)
        count = 15
        wing = np.arange(count) - count // 3
        self._behind = np.abs(wing) * 0.035 + rng.uniform(-0.012, 0.012, count)
        self._beside = wing * 0.016 + rng.uniform(-0.012, 0.012, count)
        self._size = rng.uniform(0.010, 0.017, count)
        self._pace = rng.uniform(6.0, 8.0, count)
        self._phase = rng.uniform(0, 6.3, count)
        self._way = 1.0 if stage.sun[0] > stage.width / 2 else -1.0
        self._start = 0.30 if self._way > 0 else 0.70
        self._height = stage.horizon - stage.span * rng.uniform(0.34, 0.42)

    def draw(self, canvas: Canvas, view: View) -> None:
        span = self._stage.span
        lead = self._stage.width * self._start + self._way * view.seconds * span * 0.034
        for bird in range(len(self._size)):
            x = lead - self._way * self._behind[bird] * span * 1.5 - view.shift(0.1)
            lift = np.sin(view.seconds * 0.8 + self._phase[bird]) * 0.006
            y = self._height + (self._beside[bird] + lift - 0.05 * view.share) * span
            self._bird(canvas, float(x), float(y), bird, view.seconds)

    def _bird(self, canvas: Canvas, x: float, y: float, bird: int, seconds: float) -> None:
        size = float(self._size[bird]) * self._stage.span
        beat = float(np.sin(seconds * self._pace[bird] + self._phase[bird]))
        elbow, tip = -0.30 - 0.34 * beat, -0.10 - 0.85 * beat
        canvas.polygon(
            [
                (x - 1.0 * size, y + tip * size * 0.6),
                (x - 0.5 * size, y + elbow * size),
                (x, y - 0.02 * size),
                (x + 0.5 * size, y + elbow * size),
                (x + 1.0 * size, y + tip * size * 0.6),
                (x + 0.48 * size, y + (elbow + 0.18) * size),
                (x + 0.10 * size, y + 0.16 * size),
                (x - 0.10 * size, y + 0.16 * size),
                (x - 0.48 * size, y + (elbow + 0.18) * size),
            ],
            self._colour,
        )
