"""The sound of a clip as a picture: how loud it is from the beginning to the end."""

from pathlib import Path
from typing import Any, cast

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray
from PIL import Image

from generations.media.probe import Clip

COLUMNS = 480
COLUMN_PIXELS = 3  # and one of them stays empty
HEIGHT = 96
COLOUR = (236, 232, 224)  # on the dark of the player, and on light pages dim


class Waveform:
    """Keeps the peak of each moment: 0 for silence, 1 for as loud as can be."""

    def __init__(self, clip: Clip) -> None:
        self._seconds = clip.duration_seconds
        self._peaks = np.zeros(COLUMNS, np.float32)

    def take(self, frame: AudioFrame) -> None:
        """Add what is heard in one frame, of any sample format, in all channels."""
        loudness = _loudness(frame)
        begin = frame.time or 0.0
        moments = begin + np.arange(loudness.size) / frame.sample_rate
        columns = (moments / self._seconds * COLUMNS).astype(np.int64)
        within = (columns >= 0) & (columns < COLUMNS)
        np.maximum.at(self._peaks, columns[within], loudness[within])

    def save(self, path: Path) -> tuple[int, int]:
        """Write it as WebP, bars on nothing, and return its width and height."""
        picture = np.zeros((HEIGHT, COLUMNS * COLUMN_PIXELS, 4), np.uint8)
        picture[..., :3] = COLOUR
        halves = np.maximum(1, np.round(np.minimum(self._peaks, 1) * HEIGHT / 2)).astype(int)
        distance = np.abs(np.arange(HEIGHT) - (HEIGHT - 1) / 2)
        bars = distance[:, None] < halves[None, :]
        for offset in range(COLUMN_PIXELS - 1):
            picture[:, offset::COLUMN_PIXELS, 3] = bars * 255
        image = Image.fromarray(picture)
        image.save(path, "WEBP", lossless=True)
        return image.size


def _loudness(frame: AudioFrame) -> NDArray[Any]:
    """Return the loudest channel at each sample, of full scale."""
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, len(frame.layout.channels)).T
    if samples.dtype.kind in "iu":
        info: Any = np.iinfo(cast("Any", samples.dtype))
        middle = 0 if info.min else (info.max + 1) // 2
        samples = (samples.astype(np.float32) - middle) / (info.max - middle)
    loudness: NDArray[Any] = np.nan_to_num(np.abs(samples).max(axis=0))
    return loudness
