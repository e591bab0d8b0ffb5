"""The renderer: the same order gives the same frames, and every order gives a valid clip."""

import itertools
import struct

import av
import numpy as np
import pytest
from PIL import Image

from generations.sketch.offer import NOTICE, STYLES
from generations.sketch.painting.clip import picture_of, render_clip
from generations.sketch.painting.reading import SCENES, SUBJECTS, WEATHERS, Brief, read_prompt


def brief(prompt: str = "mountains", **changes) -> Brief:
    """A small brief: 320x180, half a second."""
    wanted = {"style": "film", "seed": 1, "width": 320, "height": 180, "frame_count": 12}
    return read_prompt(prompt, frames_per_second=24, **{**wanted, **changes})


def frames(brief: Brief, *, image=None, of: tuple[int, ...] = (0, 7)) -> list[bytes]:
    picture = picture_of(brief, image=image)
    drawn = (picture.draw(index) for index in of)
    return [canvas.y.tobytes() + canvas.u.tobytes() + canvas.v.tobytes() for canvas in drawn]


@pytest.mark.parametrize("style", STYLES)
def test_the_same_order_gives_the_same_frames_and_another_seed_others(style):
    prompt = "a lighthouse by the sea in the rain at dusk"

    assert frames(brief(prompt, style=style)) == frames(brief(prompt, style=style))
    assert frames(brief(prompt, style=style)) != frames(brief(prompt, style=style, seed=2))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("width", "height"), [(320, 180), (180, 320)])
def test_every_style_and_shape_gives_a_clip_that_plays_anywhere(tmp_path, style, width, height):
    path = tmp_path / "clip.mp4"
    done: list[int] = []

    render_clip(brief(style=style, width=width, height=height), path, on_frame=done.append)

    assert done == list(range(1, 13))
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == (width, height)
        assert (stream.average_rate, stream.frames) == (24, 12)
        colour = (context.color_primaries, context.color_trc, context.colorspace)
        assert (colour, context.color_range) == ((1, 1, 1), 1)
        assert NOTICE in clip.metadata["comment"]
        assert sum(1 for _ in clip.decode(video=0)) == 12
    assert boxes(path.read_bytes()).index("moov") < boxes(path.read_bytes()).index("mdat")


def boxes(content: bytes) -> list[str]:
    """The names of an MP4's top-level boxes, in order."""
    names, at = [], 0
    while at < len(content):
        size, name = struct.unpack(">I4s", content[at : at + 8])
        names.append(name.decode())
        at += size
    return names


@pytest.mark.parametrize(
    ("word", "style"),
    list(zip([*SCENES, *SUBJECTS, *WEATHERS], itertools.cycle(STYLES), strict=False)),
)
def test_every_word_that_the_reader_knows_can_be_painted(word, style):
    picture = picture_of(brief(word.replace("_", " "), style=style, frame_count=96))

    assert picture.draw(80).y.std() > 4


@pytest.mark.parametrize(
    "prompt", ["x", "日本の山", "🙂" * 300, "<script>alert(1)</script>", "جبل" * 50, "w " * 15_000]
)
def test_a_prompt_without_a_known_word_still_gives_a_picture(prompt):
    assert picture_of(brief(prompt)).draw(3).y.std() > 4


@pytest.mark.parametrize(
    ("prompt", "scene", "hour", "subject"),
    [
        ("a lighthouse in a storm at night", "ocean", "night", "lighthouse"),
        ("an old train crossing the valley at dawn", "mountain", "dawn", "train"),
        ("paper lanterns over a lake", "ocean", "night", "lanterns"),
        ("a woman walks through a wheat field, golden hour", "meadow", "dusk", "traveller"),
        ("neon city in the rain", "city", "night", None),
    ],
)
def test_the_reader_finds_scene_hour_and_subject(prompt, scene, hour, subject):
    read = brief(prompt)

    assert (read.scene, read.hour) == (scene, hour)
    assert subject is None or subject in read.subjects


@pytest.mark.parametrize(
    ("words", "pan", "push"),
    [("pan left", -1, 0), ("pan right", 1, 0), ("slow zoom in", None, 1), ("pull back", None, -1)],
)
def test_the_reader_follows_camera_directions(words, pan, push):
    read = brief(f"a valley, {words}")

    assert pan is None or np.sign(read.pan) == pan
    assert np.sign(read.push) == push


def test_the_picture_moves_but_does_not_jump():
    picture = picture_of(brief("hills in the evening", frame_count=240))
    luma = [picture.draw(index).y.astype(int) for index in range(60, 68)]

    steps = [np.abs(after - before).mean() for before, after in itertools.pairwise(luma)]

    assert min(steps) > 0
    assert max(steps) < 12


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("shape", [(90, 400, 3), (500, 60, 3), (1, 1, 3)])
def test_a_first_image_of_any_shape_fills_the_frame(tmp_path, style, shape):
    image = np.random.default_rng(0).random(shape, np.float32)

    first, later = frames(brief(style=style), image=image)

    assert first != later


def test_a_file_that_is_no_image_is_told(tmp_path):
    (tmp_path / "first.png").write_bytes(b"nothing")

    with pytest.raises(ValueError, match=r"first\.png"):
        render_clip(brief(), tmp_path / "clip.mp4", image_path=tmp_path / "first.png")


def test_a_thumbnail_is_made_of_the_middle_frame(tmp_path):
    render_clip(brief(), tmp_path / "clip.mp4", thumbnail_path=tmp_path / "thumbnail.webp")

    with Image.open(tmp_path / "thumbnail.webp") as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (640, 360))


@pytest.mark.parametrize("size", [(50_000, 64), (64, 50_000), (64, 64), (2000, 1100)])
def test_a_first_image_of_any_shape_is_cut_to_the_frame_before_it_is_scaled(size):
    """Scaled first, a strip of 64 pixels' width would take 25 GB."""
    image = np.full((*size, 3), 0.5, np.float32)

    canvas = picture_of(brief(width=320, height=180), image=image).draw(0)

    assert (canvas.width, canvas.height) == (320, 180)
