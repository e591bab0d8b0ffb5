"""A lighthouse on the headland, whose beam sweeps over the water."""

import numpy as np

from ..canvas import Canvas, Point
from ..colour import colour, mix
from ..layer import Ground
from ..shape import Shape
from ..stage import Stage, View
from ..styles.base import Style
from .base import Actor, add_polygon, box, stand

_TURN_SECONDS = 5.0


class Lighthouse:
    nearness = 0.48
    height = 0.26

    def __init__(self, stage: Stage) -> None:
        self._size = stage.span * 0.21
        self._lamp: Point = (0.0, 0.0)

    def build(self, stage: Stage, shape: Shape) -> None:
        x, ground = stand(stage, shape, "lighthouse")
        size = self._size
        foot = ground + size * 0.06
        white, red = colour("#f3ede0"), colour(stage.brief.accent or "#c23b2e")
        self._lamp = (x, foot - size * 0.945)
        body = size * 0.84
        for band in range(5):
            low, high = band / 5, (band + 1) / 5
            half_low, half_high = size * (0.105 - 0.040 * low), size * (0.105 - 0.040 * high)
            outline = [
                (x - half_low, foot - body * low),
                (x + half_low, foot - body * low),
                (x + half_high, foot - body * high - 1),
                (x - half_high, foot - body * high - 1),
            ]
            tint = red if band % 2 else white
            add_polygon(shape, outline, tint)
            away = -1 if stage.sun[0] > stage.width / 2 else 1
            shaded = [
                (px if (px - x) * away > 0 else x + 0.35 * (px - x), py) for px, py in outline
            ]
            add_polygon(shape, shaded, mix(tint, colour("#20222c"), 0.28))
        top = foot - body
        add_polygon(
            shape,
            box(x - size * 0.095, top - size * 0.018, size * 0.19, size * 0.026),
            colour("#2b2a30"),
        )
        lamp = box(x - size * 0.045, top - size * 0.118, size * 0.09, size * 0.10)
        add_polygon(shape, lamp, colour("#fff3c4"), shines=True)
        for bar in (-0.045, -0.012, 0.021):
            add_polygon(
                shape,
                box(x + size * bar, top - size * 0.118, size * 0.010, size * 0.10),
                colour("#2b2a30"),
            )
        roof = [
            (x - size * 0.065, top - size * 0.115),
            (x + size * 0.065, top - size * 0.115),
            (x, top - size * 0.20),
        ]
        add_polygon(shape, roof, mix(red, colour("#20151a"), 0.35))
        house = box(x + size * 0.13, foot - size * 0.16, size * 0.26, size * 0.18)
        add_polygon(shape, house, mix(white, colour("#3a3a44"), 0.12))
        gable = [
            (x + size * 0.10, foot - size * 0.16),
            (x + size * 0.42, foot - size * 0.16),
            (x + size * 0.26, foot - size * 0.27),
        ]
        add_polygon(shape, gable, mix(red, colour("#20151a"), 0.25))
        if stage.brief.hour != "day":
            window = box(x + size * 0.22, foot - size * 0.11, size * 0.05, size * 0.06)
            add_polygon(shape, window, colour("#ffc96b"), shines=True)

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        return _Beam(stage, ground, self._lamp, self._size)


class _Beam:
    """Light that turns: wide and bright as it passes the eye, thin to either side."""

    def __init__(self, stage: Stage, ground: Ground, lamp: Point, size: float) -> None:
        self._stage, self._ground, self._lamp, self._size = stage, ground, lamp, size
        by_hour = {"night": 1.0, "dusk": 0.62, "dawn": 0.42, "day": 0.12}
        strength = by_hour[stage.brief.hour] if stage.brief.style != "neon" else 1.0
        on_paper = stage.brief.style in ("ink", "watercolour")
        self._strength = strength * (0.35 if on_paper else 1.0)
        self._tint = colour("#fff0bd")
        rows, columns = int(stage.span * 0.20) & ~1, int(stage.span * 1.3) & ~1
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        along = (x + 1) / columns
        spread = 3.0 + along * rows * 0.36
        cone = np.exp(-(((y - rows / 2) / spread) ** 2)) * (1 - along) ** 1.5
        self._cone = (cone * np.clip(along * 30, 0, 1)).astype(np.float32)

    def draw(self, canvas: Canvas, view: View) -> None:
        x = self._ground.on_frame(self._lamp[0], self._stage, view)
        y = self._lamp[1]
        angle = 2 * np.pi * view.seconds / _TURN_SECONDS + 0.5
        side, facing = float(np.cos(angle)), float(np.sin(angle))
        flash = max(0.0, facing) ** 6
        canvas.glow((x, y), self._size * 0.10, self._tint, self._strength * (0.5 + 0.5 * flash))
        canvas.glow((x, y), self._size * 0.5, self._tint, self._strength * (0.14 + 0.4 * flash))
        self._throw(canvas, x, y, side)
        self._throw(canvas, x, y, -side)

    def _throw(self, canvas: Canvas, x: float, y: float, side: float) -> None:
        reach = int(self._cone.shape[1] * abs(side)) & ~1
        if reach < 16:
            return
        step = np.minimum((np.arange(reach) / abs(side)).astype(int), self._cone.shape[1] - 1)
        light = self._cone[:, step] * np.float32(0.42 * self._strength)
        rows = light.shape[0]
        top = int(y - rows / 2) & ~1
        left = int(x) & ~1
        if side < 0:
            light, left = light[:, ::-1], left - reach
        x0, x1 = max(0, left), min(canvas.width, left + reach)
        y0, y1 = max(0, top), min(canvas.height, top + rows)
        if x0 < x1 and y0 < y1:
            inside = np.ascontiguousarray(light[y0 - top : y1 - top, x0 - left : x1 - left])
            canvas.add_light(inside, self._tint, x0, y0)
