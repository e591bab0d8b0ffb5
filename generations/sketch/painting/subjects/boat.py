"""A sailing boat that rides the swell, with its broken reflection."""

import numpy as np

from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..stage import Stage, View
from ..styles.base import Style


class Boat:
    def __init__(self, stage: Stage, style: Style, shore: float) -> None:
        self._stage = stage
        room = stage.height - shore
        self._row = shore + room * 0.22
        self._size = stage.span * 0.092
        away = 0.62 if stage.sun[0] < stage.width / 2 else 0.30
        self._column = stage.width * away
        canvas_white = colour(stage.brief.accent or "#f6ead6")
        self._hull = style.tone(colour("#5a3a2c"), 0.95)
        sail = style.tone(canvas_white, 0.9)
        glow = 0.0 if stage.brief.style in ("ink", "watercolour") else 0.30
        self._sail = mix(sail, stage.palette.sun, glow)
        self._jib = mix(self._sail, stage.palette.near, 0.22)

    def draw(self, canvas: Canvas, view: View) -> None:
        t = view.seconds
        x = self._column + t * self._stage.span * 0.012 - view.shift(0.45)
        y = self._row + np.sin(t * 1.25) * self._stage.span * 0.003
        roll = 0.035 * np.sin(t * 1.05 + 0.6)
        self._reflection(canvas, float(x), float(y), t)

        def placed(points: list[Point]) -> list[Point]:
            cos, sin, size = float(np.cos(roll)), float(np.sin(roll)), self._size
            return [
                (x + (px * cos - py * sin) * size, y + (px * sin + py * cos) * size)
                for px, py in points
            ]

        canvas.polygon(
            placed(_curve((-0.02, -1.72), (0.34, -0.95), (0.66, -0.20), (-0.02, -0.16))), self._sail
        )
        canvas.polygon(
            placed(_curve((-0.07, -1.50), (-0.30, -0.85), (-0.58, -0.20), (-0.07, -0.18))),
            self._jib,
        )
        canvas.polygon(placed([(-0.045, -1.8), (-0.02, -1.8), (-0.015, 0), (-0.05, 0)]), self._hull)
        hull = [(-0.74, -0.15), (0.84, -0.17), (0.66, 0.06), (0.46, 0.13), (-0.48, 0.13)]
        canvas.polygon(placed(hull), self._hull)

    def _reflection(self, canvas: Canvas, x: float, y: float, seconds: float) -> None:
        """Slivers that shorten with distance from the hull and slide with the waves."""
        size = self._size
        for sliver in range(16):
            down = 0.15 + 0.095 * sliver
            tint = self._hull if sliver < 3 else self._sail
            sway = float(np.sin(seconds * 2.4 + sliver * 1.7)) * (0.03 + 0.012 * sliver)
            half = (0.62 if sliver < 3 else 0.44 * (1 - sliver / 17)) * (0.8 + 0.2 * sway)
            thick = 0.020 + 0.012 * (sliver % 2)
            middle = x + (0.08 + sway) * size
            top = y + down * size
            faded = mix(tint, self._stage.palette.sky_at(0.35), 0.35 + 0.03 * sliver)
            canvas.polygon(
                [
                    (middle - half * size, top),
                    (middle, top - thick * size),
                    (middle + half * size, top),
                    (middle, top + thick * size),
                ],
                faded,
            )


def _curve(head: Point, belly: Point, clew: Point, tack: Point) -> list[Point]:
    """A sail: straight along the mast, full along its leech."""
    share = np.linspace(0, 1, 12)[:, None]
    leech = (
        (1 - share) ** 2 * np.array(head)
        + 2 * share * (1 - share) * np.array((belly[0] * 1.25, belly[1]))
        + share**2 * np.array(clew)
    )
    return [*((float(px), float(py)) for px, py in leech), tack]
