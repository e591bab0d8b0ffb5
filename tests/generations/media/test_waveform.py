"""The picture of a clip's sound."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from generations.media.probe import Clip, probe
from generations.media.waveform import Waveform
from tests.generations.media.clips import SAMPLE_RATE, write_clip

FULL_SCALE = {"s16": 32_767, "s32": 2_147_483_647, "flt": 1.0, "fltp": 1.0, "s16p": 32_767}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return probe(write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4"))  # a second of it


def heights(path: Path) -> list[int]:
    """How high the bar of each moment is, in pixels."""
    with Image.open(path) as picture:
        drawn = np.asarray(picture.getchannel("A")) > 0
    return [int(column.sum()) for column in drawn[:, ::3].T]


def heard(sample_format: str, *, seconds: float, loudness: float) -> av.AudioFrame:
    """Stereo that is heard in its right channel alone."""
    layout = av.AudioFrame(format=sample_format, layout="stereo", samples=8)
    kind = layout.to_ndarray().dtype
    samples = np.zeros((2, int(SAMPLE_RATE * seconds)), kind)
    samples[1, ::2] = kind.type(-loudness * FULL_SCALE[sample_format])
    packed = samples if layout.format.is_planar else samples.T.reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(packed), sample_format, "stereo")
    frame.sample_rate = SAMPLE_RATE
    return frame


@pytest.mark.parametrize("sample_format", FULL_SCALE)
def test_a_bar_is_as_high_as_its_moment_is_loud(clip, tmp_path, sample_format):
    waveform = Waveform(clip)
    for start, loudness in ((0.25, 1.0), (0.75, 0.5)):
        frame = heard(sample_format, seconds=0.125, loudness=loudness)
        frame.pts, frame.time_base = int(start * SAMPLE_RATE), Fraction(1, SAMPLE_RATE)
        waveform.take(frame)

    size = waveform.save(tmp_path / "waveform.webp")

    bars = heights(tmp_path / "waveform.webp")
    assert size == (1440, 96)
    assert max(bars[:120] + bars[181:360] + bars[421:]) <= 2
    assert min(bars[121:179]) == 96
    assert min(bars[361:419]) == max(bars[361:419]) == 48
    assert (tmp_path / "waveform.webp").stat().st_size < 4_000


def test_sound_beyond_the_picture_is_not_drawn(clip, tmp_path):
    waveform = Waveform(clip)
    frame = heard("flt", seconds=0.5, loudness=1.0)
    frame.pts, frame.time_base = 2 * SAMPLE_RATE, Fraction(1, SAMPLE_RATE)
    waveform.take(frame)

    waveform.save(tmp_path / "waveform.webp")

    assert max(heights(tmp_path / "waveform.webp")) <= 2
