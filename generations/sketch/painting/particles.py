"""What falls or floats before the lens: snow, rain, petals, embers, fireflies."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from .arrays import Plane
from .canvas import Canvas
from .colour import colour
from .lights import Lights
from .stage import Stage, View


@dataclass(frozen=True)
class _Kind:
    count: int
    fall: float  # spans a second, downwards
    sway: float
    code: str
    strength: float
    pulses: bool
    largest: float


_KINDS: Final = {
    "snow": _Kind(260, 0.085, 0.030, "#ffffff", 0.80, False, 7.0),
    "petals": _Kind(90, 0.055, 0.045, "#ffc4d8", 0.75, False, 7.0),
    "embers": _Kind(150, -0.070, 0.030, "#ff8a32", 1.6, True, 7.0),
    "fireflies": _Kind(48, -0.010, 0.035, "#e8ff7c", 0.95, True, 5.5),
}

_PAINTS: Final = {"petals": "#d4576f", "embers": "#c23a22", "fireflies": "#c98a1e"}
"""What stands for a light on paper, which no light can outshine."""


class Particles:
    """Soft points of light, each on a path of its own."""

    def __init__(self, stage: Stage, kind: str) -> None:
        self._stage = stage
        self._kind = _KINDS[kind]
        rng = stage.random("particles")
        self._points = rng.random((self._kind.count, 6))
        tint = colour(self._kind.code)
        against = None
        if stage.brief.style in ("ink", "watercolour") and kind in _PAINTS:
            tint, against = colour(_PAINTS[kind]), stage.palette.haze
        self._lights = Lights(stage.width, stage.height, tint, shrink=2, against=against)

    def draw(self, canvas: Canvas, view: View) -> None:
        kind, t = self._kind, view.seconds
        unit = self._stage.span / 1080
        low_band = kind.code == "#e8ff7c"
        for px, py, depth, pace, phase, size in self._points:
            near = 0.35 + 0.65 * depth
            down = (py + kind.fall * t * (0.5 + near)) % 1.1 - 0.05
            y = down * canvas.height
            if low_band:
                y = canvas.height * (0.52 + 0.46 * ((py + 0.02 * np.sin(t * pace + phase * 9)) % 1))
            wander = kind.sway * np.sin(t * (0.6 + pace) + phase * 6.3)
            x = ((px + wander - view.shift(near) / canvas.width * 0.5) % 1.1 - 0.05) * canvas.width
            radius = (1.7 + (kind.largest - 1.7) * size**3) * unit
            strength = kind.strength * min(1.0, 3.2 * unit / radius)
            if kind.pulses:
                strength *= 0.5 + 0.5 * np.sin(t * (1.6 + 2.4 * pace) + phase * 6.3)
            self._lights.add(x, y, radius, strength)
            if low_band and size > 0.65:
                self._lights.add(x, y, radius * 4.5, strength * 0.2)
        self._lights.shine(canvas)


class Rain:
    """Two sheets of streaks, far and near, that fall past each other."""

    def __init__(self, stage: Stage) -> None:
        rng = stage.random("rain")
        unit = stage.span / 1080
        self._sheets = [
            (self._streaks(stage, rng, 900, 16 * unit, 0.16), 1500 * unit),
            (self._streaks(stage, rng, 260, 60 * unit, 0.24), 2300 * unit),
        ]
        self._dark = stage.brief.style in ("ink", "watercolour")

    def draw(self, canvas: Canvas, view: View) -> None:
        for sheet, speed in self._sheets:
            rows = sheet.shape[0] - canvas.height
            offset = rows - 1 - int(view.seconds * speed) % rows
            window = sheet[offset : offset + canvas.height]
            (cv2.subtract if self._dark else cv2.add)(canvas.y, window, dst=canvas.y)

    @staticmethod
    def _streaks(
        stage: Stage, rng: np.random.Generator, count: int, length: float, strength: float
    ) -> Plane:
        """A sheet two frames high that repeats, so that a window may slide up it."""
        sheet = np.zeros((stage.height, stage.width), np.uint8)
        for _ in range(int(count * stage.width * stage.height / (1920 * 1080))):
            x, y = rng.uniform(0, stage.width), rng.uniform(0, stage.height)
            reach = length * rng.uniform(0.5, 1.4)
            light = float(255 * strength * rng.uniform(0.4, 1.0))
            for wrap in (0, -stage.height):
                start = (round(x * 16), round((y + wrap) * 16))
                end = (round((x - reach * 0.10) * 16), round((y + wrap + reach) * 16))
                cv2.line(sheet, start, end, light, 1, cv2.LINE_AA, 4)
        return np.vstack([sheet, sheet])


def weather_of(stage: Stage) -> Particles | Rain | None:
    """What the brief's weather puts before the lens, if anything."""
    if stage.brief.weather == "rain":
        return Rain(stage)
    return Particles(stage, stage.brief.weather) if stage.brief.weather in _KINDS else None
