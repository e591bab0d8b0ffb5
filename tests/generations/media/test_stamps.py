"""The visible mark in the picture."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from generations.media.finishing import Made, Mark, finish
from generations.media.probe import Clip, probe
from generations.media.stamps import Stamp
from tests.generations.media.clips import write_clip

DRAFT = ("Lena Ortiz", "Spring Preview", "26 Nov 2026")
SHAPES: dict[str, dict[str, Any]] = {
    "wide": {"size": (960, 540)},
    "tall": {"size": (480, 854)},
    "square": {"size": (600, 600)},
    "tiny": {"size": (64, 64)},
    "turned left": {"size": (854, 480), "rotation": 90},
    "turned right": {"size": (854, 480), "rotation": 270},
    "upside down": {"size": (854, 480), "rotation": 180},
    "narrow pixels": {"size": (320, 480), "pixel_shape": Fraction(2)},
    "turned, narrow pixels": {"size": (320, 480), "pixel_shape": Fraction(2), "rotation": 90},
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clip]:
    folder = tmp_path_factory.mktemp("clips")
    return {
        name: probe(write_clip(folder / f"{name}.mp4", rate=5, frames=3, **shape))
        for name, shape in SHAPES.items()
    }


@pytest.fixture
def clip(clips: dict[str, Clip], request: pytest.FixtureRequest) -> Clip:
    return clips[getattr(request, "param", "wide")]


def plain(clip: Clip, brightness: int, *, seconds: float = 0.0) -> VideoFrame:
    frame = VideoFrame(clip.width, clip.height, "yuv420p")
    for plane, value in zip(frame.planes, (brightness, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    frame.time_base = Fraction(1, 1000)
    frame.pts = round(seconds * 1000)
    return frame


def upright(frame: VideoFrame, clip: Clip) -> NDArray[np.uint8]:
    """The brightness of a frame as people see it."""
    return np.rot90(frame.to_ndarray()[: clip.height, : clip.width], clip.rotation // 90)


def stamped(
    clip: Clip,
    brightness: int = 16,
    *,
    style: str = "corner",
    words: Sequence[str] = DRAFT,
    seconds: float = 0.0,
) -> NDArray[np.uint8]:
    frame = plain(clip, brightness, seconds=seconds)
    Stamp(Mark(style, words), clip, size=(clip.width, clip.height)).draw(frame)
    return upright(frame, clip)


def box_of(picture: NDArray[np.uint8], ground: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what stands out from a plain ground."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - ground) > 20)
    return columns.min(), rows.min(), columns.max(), rows.max()


@pytest.mark.parametrize("clip", SHAPES, indirect=True)
@pytest.mark.parametrize("ground", [16, 120, 235], ids=["dark", "middle", "bright"])
def test_a_corner_mark_can_be_read_on_any_ground_and_in_every_shape(clip, ground):
    picture = stamped(clip, ground)

    high, wide = picture.shape
    left, top, right, bottom = box_of(picture, ground)
    assert 0 < left < right < wide - 1
    assert 0 < top < bottom < high - 1
    assert wide - right < wide / 8
    assert high - bottom < high / 8
    mark = picture[top : bottom + 1, left : right + 1].astype(int)
    assert mark.max() - mark.min() > 90


def test_letters_are_as_high_on_a_clip_with_narrow_pixels_as_on_any_other(tmp_path):
    """What is shown is measured: twice as wide as coded."""
    heights, widths = [], []
    for name, size, shape in (("plain", (960, 480), 1), ("narrow", (480, 480), 2)):
        path = tmp_path / f"{name}.mp4"
        source = write_clip(path, size=size, rate=5, frames=3, pixel_shape=Fraction(shape))
        clip = probe(source)
        left, top, right, bottom = box_of(stamped(clip), 16)
        heights.append(bottom - top)
        widths.append((right - left) * shape)

    assert heights[0] == pytest.approx(heights[1], abs=2)
    assert widths[0] == pytest.approx(widths[1], rel=0.03)


@pytest.mark.parametrize(
    ("words", "is_drawn"),
    [
        (["Łukasz Żółć"], True),
        (["Юлия Петрова"], True),
        (["محمد علي"], True),
        (["शिल्पा"], True),
        (["\U0001f3ac Lena"], True),
        (["\ue000"], False),  # no font has what is nobody's letter
    ],
)
def test_a_name_in_any_script_is_written_and_what_no_font_has_is_left_out(clip, words, is_drawn):
    picture = stamped(clip, words=words)

    assert bool((picture > 100).any()) is is_drawn
    assert (stamped(clip, words=[*words, "Preview"]) > 100).any()


@pytest.mark.parametrize("clip", ["tall"], indirect=True)
def test_a_very_long_name_is_written_smaller_and_stays_within_the_picture(clip):
    left, _, right, _ = box_of(stamped(clip, words=["W" * 80, *DRAFT[1:]]), 16)

    assert 0 < left < right < 479


def test_a_moving_mark_moves_slowly_stays_inside_and_never_jumps(clip):
    stamp = Stamp(Mark("moving", DRAFT), clip, size=(960, 540))
    wide, high = stamp.size

    places = [stamp.place(number / 24) for number in range(24 * 120)]

    steps = [max(abs(b[0] - a[0]), abs(b[1] - a[1])) for a, b in pairwise(places)]
    assert max(steps) <= 2
    assert all(0 <= left <= 960 - wide and 0 <= top <= 540 - high for left, top in places)
    assert max(left for left, _ in places) - min(left for left, _ in places) > 400
    assert max(top for _, top in places) - min(top for _, top in places) > 400


def test_a_mark_is_drawn_where_it_stands_at_that_time(clip):
    first, later = (
        box_of(stamped(clip, style="moving", seconds=seconds), 16) for seconds in (0, 10)
    )

    assert later[0] - first[0] == pytest.approx(0.03 * 960 * 10, abs=2)
    assert first[1] - later[1] == pytest.approx(0.02 * 540 * 10, abs=2)


# --- In what is finished ---


@pytest.fixture(scope="module")
def render(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every browser plays, with sound, whose frames are made from one another."""
    folder = tmp_path_factory.mktemp("render")
    return write_clip(folder / "clip.mp4", size=(640, 360), frames=48, sound="aac")


def finished(source: Path, folder: Path, marks: dict[str, Mark]) -> dict[str, Made]:
    folder.mkdir()
    return {made.kind: made for made in finish(source, folder, marks=marks)}


def test_a_render_that_browsers_play_is_not_encoded_again_for_the_mark_of_its_draft(
    render, tmp_path
):
    made = finished(render, tmp_path / "out", {"proxy": Mark("corner", DRAFT)})

    assert made["master"].path.read_bytes() == render.read_bytes()
    assert (made["master"].mark, made["proxy"].mark, made["poster"].mark) == ("", "corner", "")


def test_a_render_that_browsers_play_is_encoded_again_where_a_mark_goes_into_its_master(
    render, tmp_path
):
    marked = finished(render, tmp_path / "out", {"master": Mark("corner", ["Spring Preview"])})
    plain = finished(render, tmp_path / "plain", {})

    assert marked["master"].path.read_bytes() != render.read_bytes()
    assert marked["master"].mark == "corner"
    with av.open(str(marked["master"].path)) as file, av.open(str(render)) as source:
        assert file.streams.video[0].average_rate == source.streams.video[0].average_rate
        sounds = [
            [bytes(packet) for packet in one.demux(audio=0) if packet.size]
            for one in (file, source)
        ]
        assert sounds[0] == sounds[1]
    for kind in ("poster", "filmstrip", "proxy", "waveform"):
        assert marked[kind].sha256 == plain[kind].sha256  # the mark went into nothing else


def test_every_frame_has_its_mark_and_is_otherwise_as_it_was(render, tmp_path):
    marked = finished(render, tmp_path / "out", {"master": Mark("corner", ["Spring Preview"])})

    before, after = brightness_of(render), brightness_of(marked["master"].path)

    assert before.shape == after.shape == (48, 360, 640)
    difference = np.abs(before.astype(int) - after)
    assert difference[:, :300].max() < 25  # as far as coding it once more goes
    assert all(frame[320:, 400:].max() > 60 for frame in difference)


def brightness_of(path: Path) -> NDArray[np.uint8]:
    with av.open(str(path)) as file:
        return np.stack([frame.to_ndarray(format="gray") for frame in file.decode(video=0)])
