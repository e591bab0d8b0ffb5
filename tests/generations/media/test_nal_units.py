"""Holes in coded pictures that a decoder takes for pictures."""

from pathlib import Path

import av
import pytest

from generations.media.nal_units import unit_check
from tests.generations.media.clips import write_clip

H264 = bytes([1, 66, 0, 30, 0xFF])  # units' lengths stand in four bytes


@pytest.mark.parametrize(
    ("sample", "is_sound"),
    [
        (b"\x00\x00\x00\x03abc", True),
        (b"\x00\x00\x00\x03abc\x00\x00\x00\x02de", True),
        (b"\x00\x00\x00\x05ab\x00\x00\x00", True),  # padded
        (b"\x00\x00\x00\x06a\x00\x00\x03\x01b", True),  # broken up, as it must be
        (b"\x00\x00\x00\x05a\x00\x00\x00b", False),
        (b"\x00\x00\x00\x05a\x00\x00\x01b", False),
        (b"\x00\x00\x00\x05a\x00\x00\x02b", False),
        (b"\x00\x00\x00\x09abc", False),
        (b"\x00\x00\x00\x03abc\x00\x00", False),
        (b"\x00\x00\x00\x00", False),
    ],
)
def test_a_sample_is_sound_where_its_units_are(sample, is_sound):
    assert unit_check("h264", H264)(sample) is is_sound


@pytest.mark.parametrize("codec", ["libx264", "libx265", "libvpx-vp9"])
def test_what_coders_make_is_sound(tmp_path: Path, codec: str):
    clip = write_clip(tmp_path / "clip.mp4", codec=codec, grain=True)

    with av.open(str(clip)) as file:
        video = file.streams.video[0]
        check = unit_check(video.codec.canonical_name, video.codec_context.extradata)
        samples = [bytes(packet) for packet in file.demux(video) if packet.size]

    assert len(samples) == 24
    assert all(check(sample) for sample in samples)
