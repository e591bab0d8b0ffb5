"""What a subject is to the scene."""

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from ..arrays import Colour
from ..canvas import Canvas, Point
from ..layer import Ground
from ..shape import Overlay, Shape
from ..stage import Stage, View
from ..styles.base import Style


class Actor(Protocol):
    """Something drawn anew in every frame."""

    def draw(self, canvas: Canvas, view: View) -> None: ...


class Fixture(Protocol):
    """Something that stands on the land: painted with it once, alive afterwards."""

    nearness: float
    """Which stretch of land it would stand on: 0 the farthest, 1 the nearest."""

    height: float
    """How far it rises above the ground, in spans."""

    def build(self, stage: Stage, shape: Shape) -> None:
        """Paint it upon the shape, as overlays and plantings."""

    def enliven(self, stage: Stage, style: Style, ground: Ground) -> Actor | None:
        """What of it moves or shines, if anything."""


def stand(stage: Stage, shape: Shape, purpose: str) -> tuple[float, float]:
    """A good place on the land: high, off the middle, away from the sun. Strip column and row."""
    rng = stage.random(f"place {purpose}")
    width = shape.ridge.size
    slack = (width - stage.width) / 2
    away = 0.66 if stage.sun[0] < stage.width / 2 else 0.34
    centre = slack + stage.width * (away + rng.uniform(-0.05, 0.05))
    reach = stage.width * 0.15
    columns = np.arange(int(max(2, centre - reach)), int(min(width - 2, centre + reach)))
    column = int(columns[shape.ridge[columns].argmin()])
    return float(column), float(shape.ridge[column])


def add_polygon(
    shape: Shape,
    points: Sequence[Point],
    colour: Colour,
    *,
    shines: bool = False,
    buried: float | None = None,
) -> None:
    """Add a filled outline to the land; points are strip columns and frame rows.

    With `buried`, what lies more than so many pixels under the ridge is left out: the ground
    hides the foot of whatever stands on a slope.
    """
    outline = np.asarray(points, np.float32)
    x, y = np.floor(outline.min(axis=0)).astype(int) - 1
    right, foot = np.ceil(outline.max(axis=0)).astype(int) + 2
    mask = np.zeros((foot - y, right - x), np.uint8)
    fixed = np.round((outline - (x, y)) * 16).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, 4)
    share = mask.astype(np.float32) / 255
    if buried is not None:
        columns = np.clip(np.arange(x, right), 0, shape.ridge.size - 1)
        above = shape.ridge[columns][None] + buried - np.arange(y, foot)[:, None]
        share *= np.clip(above, 0, 1).astype(np.float32)
    shape.overlays.append(Overlay(share, int(x), int(y) - shape.top, colour, shines))


def box(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
