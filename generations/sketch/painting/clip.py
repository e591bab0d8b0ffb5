"""A clip from a brief: the whole of rendering behind one function."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from .arrays import Colour
from .canvas import Canvas
from .encode import encode_clip
from .photo import Photo
from .reading import Brief
from .scene import Scene
from .stage import set_stage

_THUMBNAIL_SIDE = 640


class Picture(Protocol):
    """Anything that can be drawn frame by frame."""

    def draw(self, frame: int) -> Canvas:
        """The finished frame. The next call draws over the same canvas."""


def picture_of(brief: Brief, *, image: Colour | None = None) -> Picture:
    """Paint what stays the same through the clip; a given image takes the place of a scene."""
    stage = set_stage(brief)
    return Scene(stage) if image is None else Photo(stage, image)


def render_clip(
    brief: Brief,
    path: Path,
    *,
    image_path: Path | None = None,
    thumbnail_path: Path | None = None,
    on_frame: Callable[[int], None] = lambda done: None,
) -> None:
    """Render the brief into an MP4 at `path`, telling `on_frame` how many frames are done.

    With `thumbnail_path`, its middle frame becomes a small WebP image there.
    """
    cv2.setNumThreads(1)  # the same work on the same core gives the same frames
    image = None if image_path is None else read_image(image_path)
    picture = picture_of(brief, image=image)
    encode_clip(
        path,
        _frames(picture, brief.frame_count, thumbnail_path),
        width=brief.width,
        height=brief.height,
        frames_per_second=brief.frames_per_second,
        on_frame=on_frame,
    )


def read_image(path: Path) -> Colour:
    """An image file as blue, green, red between 0 and 1. Raises ValueError if it is none."""
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{path.name} is not an image")
    return pixels.astype(np.float32) / 255


def _frames(picture: Picture, count: int, thumbnail_path: Path | None) -> Iterator[Canvas]:
    for frame in range(count):
        canvas = picture.draw(frame)
        if frame == count // 2 and thumbnail_path is not None:
            _write_thumbnail(canvas, thumbnail_path)
        yield canvas


def _write_thumbnail(canvas: Canvas, path: Path) -> None:
    scale = _THUMBNAIL_SIDE / max(canvas.width, canvas.height)
    pixels = cv2.resize(canvas.to_bgr(), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if not cv2.imwrite(str(path), pixels, [cv2.IMWRITE_WEBP_QUALITY, 82]):
        raise OSError(f"{path} could not be written")
