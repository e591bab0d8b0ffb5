"""Many small lights of one colour, gathered in a small field and shone on the frame at once."""

import math

import cv2
import numpy as np

from .arrays import Colour, Field, Plane
from .canvas import Canvas
from .colour import YUV_FROM_BGR

_REACH = 2.6  # radii after which a light is as good as nothing


class Lights:
    """Lights for one frame at a time; a light may be half a pixel of the small field wide."""

    def __init__(
        self,
        width: int,
        height: int,
        colour: Colour,
        *,
        shrink: int,
        against: Colour | None = None,
    ) -> None:
        """`against` is the colour of paper: there a light is a fleck of paint instead."""
        if against is not None:
            colour = colour - against
        self._shrink = shrink
        self._field: Field = np.zeros((height // shrink, width // shrink), np.float32)
        self._weights = [float(weight) for weight in YUV_FROM_BGR @ colour]

    def add(self, x: float, y: float, radius: float, strength: float) -> None:
        """One light that falls off as a bell; `radius` is where a third of it is left."""
        rows, columns = self._field.shape
        x, y, radius = x / self._shrink, y / self._shrink, max(0.8, radius / self._shrink)
        reach = radius * _REACH
        x0, x1 = max(0, math.floor(x - reach)), min(columns, math.ceil(x + reach))
        y0, y1 = max(0, math.floor(y - reach)), min(rows, math.ceil(y + reach))
        if x0 >= x1 or y0 >= y1 or strength <= 0:
            return
        across = np.exp(-(((np.arange(x0, x1) + 0.5 - x) / radius) ** 2)) - 0.0011
        down = np.exp(-(((np.arange(y0, y1) + 0.5 - y) / radius) ** 2)) - 0.0011
        self._field[y0:y1, x0:x1] += np.outer(down * strength, across)

    def shine(self, canvas: Canvas) -> None:
        """Add all the light to the frame, and begin anew."""
        light = np.maximum(self._field, 0)
        self._field = np.zeros_like(light)
        for plane, weight in zip((canvas.y, canvas.u, canvas.v), self._weights, strict=True):
            _add_onto(plane, cv2.convertScaleAbs(light, alpha=abs(weight)), is_darker=weight < 0)


def _add_onto(plane: Plane, light: Plane, *, is_darker: bool) -> None:
    size = (plane.shape[1], plane.shape[0])
    if (light.shape[1], light.shape[0]) != size:
        light = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
    (cv2.subtract if is_darker else cv2.add)(plane, light, dst=plane)
