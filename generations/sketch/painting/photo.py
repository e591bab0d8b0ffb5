"""A first image brought to life: its near parts move past its far ones as the camera goes in."""

import cv2
import numpy as np

from .arrays import Colour, Field, Plane
from .canvas import Canvas
from .colour import yuv
from .noise import smoothstep
from .particles import weather_of
from .stage import Stage, View, look
from .styles import style_of

_MARGIN = 1.16  # how much larger than the frame the image is laid, to have room to move
_GRID = 8  # the movement is worked out on every eighth pixel


class Photo:
    """An image seen by a moving camera.

    How near a place is, nobody says; it is guessed: what is sharp, low and central is near.
    """

    def __init__(self, stage: Stage, image: Colour) -> None:
        self._stage = stage
        self._style = style_of(stage)
        self._canvas = Canvas(stage.width, stage.height)
        fitted = self._style.redraw(_fit(image, stage))
        planes = yuv(fitted)
        self._y = _bytes(planes[..., 0])
        half = cv2.resize(planes[..., 1:], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        self._uv = _bytes(half)
        nearness = _guess_nearness(fitted)
        rows, columns = stage.height // _GRID + 1, stage.width // _GRID + 1
        self._near = cv2.resize(nearness, (columns, rows), interpolation=cv2.INTER_AREA)
        x, y = np.meshgrid(
            np.linspace(0, stage.width - 1, columns, dtype=np.float32),
            np.linspace(0, stage.height - 1, rows, dtype=np.float32),
        )
        self._from_middle = (x - stage.width / 2, y - stage.height / 2)
        self._weather = weather_of(stage)

    def draw(self, frame: int) -> Canvas:
        stage, canvas = self._stage, self._canvas
        view = look(stage, frame)
        x, y = self._source(view)
        size = (stage.width, stage.height)
        map_x = cv2.resize(x, size, interpolation=cv2.INTER_LINEAR)
        map_y = cv2.resize(y, size, interpolation=cv2.INTER_LINEAR)
        canvas.y[:] = cv2.remap(
            self._y, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        half = (stage.width // 2, stage.height // 2)
        half_x = cv2.resize(x * np.float32(0.5), half, interpolation=cv2.INTER_LINEAR)
        half_y = cv2.resize(y * np.float32(0.5), half, interpolation=cv2.INTER_LINEAR)
        chroma = cv2.remap(
            self._uv, half_x, half_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        canvas.u[:], canvas.v[:] = chroma[..., 0], chroma[..., 1]
        if self._weather is not None:
            self._weather.draw(canvas, view)
        self._style.finish(canvas, view)
        return canvas

    def _source(self, view: View) -> tuple[Field, Field]:
        """Where in the image each grid point of the frame looks."""
        stage = self._stage
        way = 1.0 if stage.brief.pan >= 0 else -1.0
        eased = view.share * view.share * (3 - 2 * view.share)
        goes_out = stage.brief.push < 0
        zoom = 1 + 0.10 * (1 - eased if goes_out else eased)
        slide = way * (eased - 0.5) * stage.width
        nearer = 1 + 0.035 * eased * self._near
        x, y = self._from_middle
        rows, columns = self._y.shape
        source_x = x / (zoom * nearer) + columns / 2 + slide * (0.045 + 0.030 * (self._near - 0.5))
        source_y = y / (zoom * nearer) + rows / 2 - eased * stage.height * 0.01
        return source_x.astype(np.float32), source_y.astype(np.float32)


def _fit(image: Colour, stage: Stage) -> Colour:
    """Cut the middle of the image to the frame's proportions, then scale it to frame and margin.

    Cut first: a strip of pixels scaled to the frame's width would be as high as a tower.
    """
    height, width = (round(side * _MARGIN) & ~1 for side in (stage.height, stage.width))
    rows, columns = image.shape[:2]
    scale = max(width / columns, height / rows)
    kept_rows, kept_columns = (
        min(rows, max(1, round(height / scale))),
        min(columns, max(1, round(width / scale))),
    )
    row, column = (rows - kept_rows) // 2, (columns - kept_columns) // 2
    middle = image[row : row + kept_rows, column : column + kept_columns]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.clip(cv2.resize(middle, (width, height), interpolation=method), 0, 1)


def _guess_nearness(image: Colour) -> Field:
    small = cv2.resize(image, (320, 180), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small.astype(np.float32), cv2.COLOR_BGR2GRAY)
    detail = cv2.GaussianBlur(np.abs(cv2.Laplacian(grey, cv2.CV_32F)), (0, 0), 9)
    detail = detail / (detail.max() + 1e-6)
    y, x = np.mgrid[0:180, 0:320].astype(np.float32)
    central = np.exp(-(((x / 320 - 0.5) ** 2) + ((y / 180 - 0.55) ** 2)) * 6)
    guess = 0.50 * detail + 0.35 * smoothstep(0, 180, y) + 0.15 * central
    soft = cv2.GaussianBlur(guess.astype(np.float32), (0, 0), 8)
    nearness: Field = (soft - soft.min()) / (soft.max() - soft.min() + 1e-6)
    return nearness


def _bytes(values: Field) -> Plane:
    return np.ascontiguousarray(np.clip(values + 0.5, 0, 255), np.uint8)
