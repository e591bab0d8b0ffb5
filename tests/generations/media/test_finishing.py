"""What is made of a sound clip."""

import hashlib
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

import av
import pytest
from av.container import InputContainer
from av.stream import Stream
from av.video.frame import VideoFrame
from PIL import Image

from generations.media import pictures
from generations.media.finishing import Made, finish
from generations.media.renditions import Rendered, make_renditions
from tests.generations.media.clips import BLUE, ORANGE, brightness_of, read_number, write_clip


def finished(source: Path, out: Path) -> dict[str, Made]:
    return {made.kind: made for made in finish(source, out)}


def opened(made: Made) -> InputContainer:
    return av.open(str(made.path))


def seconds_of(stream: Stream) -> Fraction:
    assert stream.duration is not None
    assert stream.time_base is not None
    return stream.duration * stream.time_base


def frame_count(made: Made) -> int:
    with opened(made) as file:
        return sum(1 for _ in file.decode(video=0))


def test_a_clip_gets_a_poster_a_master_a_proxy_a_filmstrip_and_a_waveform(sound_clip, out):
    made = finished(sound_clip, out)

    assert list(made) == ["poster", "master", "proxy", "filmstrip", "waveform"]
    assert {one.content_type for one in made.values()} == {"video/mp4", "image/webp"}
    for one in made.values():
        content = one.path.read_bytes()
        assert one.size_bytes == len(content)
        assert one.sha256 == hashlib.sha256(content).hexdigest()
    assert sorted(path.name for path in out.iterdir()) == sorted(
        one.path.name for one in made.values()
    )


def test_a_browser_safe_render_becomes_the_master_byte_for_byte(sound_clip, out):
    made = finished(sound_clip, out)

    assert made["master"].path.read_bytes() == sound_clip.read_bytes()
    assert (made["master"].width, made["master"].height) == (192, 108)
    assert made["master"].duration_seconds == pytest.approx(1.0)


@pytest.mark.parametrize(
    "unsafe",
    [
        {"movflags": ""},
        {"movflags": "frag_keyframe+empty_moov"},
        {"container": "mov"},
    ],
    ids=["index last", "fragmented", "quicktime"],
)
def test_a_render_in_an_awkward_file_is_wrapped_anew_without_loss(tmp_path, out, unsafe):
    source = write_clip(tmp_path / "render", sound="aac", **unsafe)

    made = finished(source, out)

    content = made["master"].path.read_bytes()
    assert content[4:8] == b"ftyp"
    assert content[8:12] != b"qt  "
    assert content.index(b"moov") < content.index(b"mdat")
    assert b"moof" not in content
    assert decoded_frames(made["master"].path) == decoded_frames(source)


def decoded_frames(path: Path) -> list[str]:
    with av.open(str(path), format="mov") as file:
        return [
            hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
            for frame in file.decode(video=0)
        ]


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [
        ("libx265", "yuv420p10le"),
        ("libvpx-vp9", "yuv420p"),
        ("libsvtav1", "yuv420p"),
        ("libx264", "yuv444p"),
    ],
)
def test_a_render_that_some_browsers_cannot_play_is_encoded_for_them(
    tmp_path, out, codec, pixel_format
):
    source = write_clip(tmp_path / "render.mp4", codec=codec, pixel_format=pixel_format)

    made = finished(source, out)

    with opened(made["master"]) as file:
        video = file.streams.video[0]
        assert (video.codec_context.name, video.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, video.frames) == (192, 108, 24)
        first = next(file.decode(video))
        assert (first.colorspace, first.color_primaries, first.color_trc) == (1, 1, 1)


def test_sound_of_another_kind_becomes_aac_and_the_video_is_not_touched(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", sound="libopus")

    made = finished(source, out)

    for kind in ("master", "proxy"):
        with opened(made[kind]) as file:
            audio = file.streams.audio[0]
            assert audio.codec_context.name == "aac"
            assert float(seconds_of(audio)) == pytest.approx(1.0, abs=0.05)
    assert decoded_frames(made["master"].path) == decoded_frames(source)


@pytest.mark.parametrize(
    "rate", [Fraction(24000, 1001), Fraction(30000, 1001), 24, 25, 30, 60], ids=str
)
def test_the_frame_rate_and_every_frame_are_kept(tmp_path, out, rate):
    source = write_clip(tmp_path / "render.mp4", rate=rate, frames=61, pixel_format="yuv444p")

    made = finished(source, out)

    for kind in ("master", "proxy"):
        with opened(made[kind]) as file:
            video = file.streams.video[0]
            assert video.average_rate == rate
            assert seconds_of(video) == 61 / Fraction(rate)
        assert frame_count(made[kind]) == 61


NTSC = (Fraction(24000, 1001), Fraction(30000, 1001))


@pytest.mark.parametrize("rate", [*NTSC, 24], ids=str)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p"], ids=["copied", "encoded"])
def test_the_frame_that_is_shown_at_a_time_is_the_one_of_that_number(
    tmp_path, out, rate, pixel_format
):
    source = write_clip(
        tmp_path / "render.mp4", rate=rate, frames=200, pixel_format=pixel_format, numbered=True
    )

    made = finished(source, out)

    for kind in ("master", "proxy"):
        with opened(made[kind]) as file:
            shown = [(read_number(frame), frame.time * rate) for frame in file.decode(video=0)]
            assert [number for number, _ in shown] == list(range(200))
            assert all(abs(place - number) < 0.01 for number, place in shown)
        for number in (0, 71, 199):
            assert read_number(frame_at(made[kind], seconds=(number + 0.5) / rate)) == number


def frame_at(made: Made, *, seconds: float | Fraction) -> VideoFrame:
    """Seek as a player does, to the frame that is shown at a time."""
    with opened(made) as file:
        file.seek(int(seconds * av.time_base))
        until = takewhile(lambda frame: frame.time <= seconds, file.decode(video=0))
        return list(until)[-1]


@pytest.mark.parametrize(
    ("late", "rate"),
    [({}, "24000/1001"), ({20: 0.2}, "24000/1001"), ({20: 0.7}, None), ({0: 0.7}, None)],
    ids=["steady", "nearly steady", "a frame that is late", "a late beginning"],
)
def test_a_rate_is_told_where_every_frame_stands_in_its_place(tmp_path, out, late, rate):
    """Else the number of a frame could not be told from the time at which it is shown."""
    source = write_clip(tmp_path / "render.mp4", rate=Fraction(24000, 1001), sound="aac", late=late)

    made = finished(source, out)

    assert {made["master"].frame_rate, made["proxy"].frame_rate} == {rate}
    assert {made[kind].frame_rate for kind in ("poster", "filmstrip", "waveform")} == {None}


@pytest.mark.parametrize(
    ("size", "proxy"),
    [
        ((1280, 720), (854, 480)),
        ((720, 1280), (480, 854)),
        ((600, 600), (480, 480)),
        ((192, 108), (192, 108)),
    ],
)
def test_the_proxy_has_480_pixels_on_its_short_side_and_never_more_than_the_render(
    tmp_path, out, size, proxy
):
    source = write_clip(tmp_path / "render.mp4", size=size, frames=13)

    made = finished(source, out)

    assert (made["proxy"].width, made["proxy"].height) == proxy
    with opened(made["proxy"]) as file:
        video = file.streams.video[0]
        assert (video.width, video.height) == proxy


def test_a_clip_that_is_turned_on_its_side_is_shown_upright(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", size=(192, 108), rotation=90)

    made = finished(source, out)

    assert (made["master"].width, made["master"].height) == (108, 192)
    assert (made["proxy"].width, made["proxy"].height) == (108, 192)
    with Image.open(made["poster"].path) as poster:
        assert poster.size == (108, 192)
        # Turned counter-clockwise, what was on the right (orange above, blue below) is on top.
        assert close(pixel(poster, 27, 48), ORANGE)
        assert close(pixel(poster, 81, 48), BLUE)
    with opened(made["proxy"]) as file:
        assert next(file.decode(video=0)).rotation == 90


def test_pixels_that_are_not_square_are_kept_in_video_and_evened_out_in_stills(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", size=(128, 108), pixel_shape=Fraction(3, 2))

    made = finished(source, out)

    assert {(one.width, one.height) for one in made.values() if one.kind != "filmstrip"} == {
        (192, 108)
    }
    with opened(made["proxy"]) as file:
        assert file.streams.video[0].sample_aspect_ratio == Fraction(3, 2)


@pytest.mark.parametrize("size", [(192, 108), (1280, 720)])
def test_the_colours_of_stills_and_proxy_are_those_of_the_clip(tmp_path, out, size):
    source = write_clip(tmp_path / "render.mp4", size=size, options={"crf": "8"})

    made = finished(source, out)

    with Image.open(made["poster"].path) as poster:
        assert close(at(poster, 0.75, 0.25), ORANGE)
        assert close(at(poster, 0.75, 0.75), BLUE)
    with opened(made["proxy"]) as file:
        frame = next(file.decode(video=0))
        assert (frame.colorspace, frame.color_primaries, frame.color_trc) == (1, 1, 1)
        assert close(at(frame.to_image(), 0.75, 0.25), ORANGE)
        assert close(at(frame.to_image(), 0.75, 0.75), BLUE)


def at(image: Image.Image, across: float, down: float) -> tuple[int, ...]:
    return pixel(image, int(image.width * across), int(image.height * down))


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def close(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 10 for a, b in zip(found, wanted, strict=True))


def test_the_filmstrip_shows_twelve_moments_at_even_distances(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", frames=48, options={"crf": "8"})

    made = finished(source, out)

    assert (made["filmstrip"].width, made["filmstrip"].height) == (1920, 90)
    with Image.open(made["filmstrip"].path) as strip:
        for number in range(12):
            shown = pixel(strip, number * 160 + 40, 45)[0]
            assert shown == pytest.approx(brightness_of(4 * number + 2, 48), abs=6)


def test_a_clip_of_few_frames_has_a_full_filmstrip(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", rate=5, frames=3)

    made = finished(source, out)

    assert made["filmstrip"].width == 1920
    assert made["master"].duration_seconds == pytest.approx(0.6)


def test_the_poster_stands_a_third_into_the_clip(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", frames=101, options={"crf": "8"})

    made = finished(source, out)

    with Image.open(made["poster"].path) as poster:
        shown = at(poster, 0.25, 0.5)[0]
    assert shown == pytest.approx(brightness_of(35, 101), abs=8)


def test_nobody_waits_for_a_poster_far_from_its_key_frame(
    tmp_path, out, monkeypatch: pytest.MonkeyPatch
):
    """A frame on the way there is taken, the first that shows something."""
    source = write_clip(tmp_path / "clip.mp4", frames=96, black_frames=12, options={"g": "96"})
    monkeypatch.setattr(pictures, "LONG_WAY", 1)
    posters: list[Rendered] = []

    make_renditions(source, out, {}, on_poster=posters.append)

    with Image.open(out / "poster.webp") as poster:
        shown = at(poster, 0.25, 0.5)[0]
        assert close(at(poster, 0.75, 0.25), ORANGE)
    assert brightness_of(12, 96) - 5 <= shown <= brightness_of(20, 96)
    assert len(posters) == 1


def test_a_poster_is_at_most_1280_pixels_wide(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", size=(1920, 1080), frames=13)

    made = finished(source, out)

    assert (made["poster"].width, made["poster"].height) == (1280, 720)


def test_a_render_above_1080p_is_scaled_down_where_it_is_encoded_anew(tmp_path, out):
    quick = {"preset": "ultrafast"}
    source = write_clip(
        tmp_path / "render.mp4", size=(2560, 1440), rate=5, frames=3, codec="libx265", options=quick
    )

    made = finished(source, out)

    assert (made["master"].width, made["master"].height) == (1920, 1080)
    with opened(made["master"]) as file:
        assert (file.streams.video[0].width, file.streams.video[0].height) == (1920, 1080)


def test_the_poster_is_made_before_anything_else(sound_clip, out):
    seen: list[tuple[str, list[str]]] = []

    def look(poster: Rendered) -> None:
        seen.append((poster.kind, [path.name for path in out.iterdir()]))

    make_renditions(sound_clip, out, {}, on_poster=look)

    assert seen == [("poster", ["poster.webp"])]


def test_whoever_waits_is_given_the_poster_that_there_is_in_the_end(sound_clip, out):
    seen: list[Made] = []

    made = {one.kind: one for one in finish(sound_clip, out, on_poster=seen.append)}

    assert seen == [made["poster"]]


def test_a_poster_of_an_empty_beginning_is_looked_for_further_on(tmp_path, out):
    """A clip that fades in from black late has a poster that shows something."""
    source = write_clip(tmp_path / "render.mp4", frames=48, black_frames=20)

    made = finished(source, out)

    with Image.open(made["poster"].path) as poster:
        assert close(at(poster, 0.75, 0.25), ORANGE)


def test_the_placeholder_is_the_poster_from_far_away(sound_clip, out):
    made = finished(sound_clip, out)

    assert {one.kind for one in made.values() if one.placeholder} == {"poster"}
    colours = bytes.fromhex(made["poster"].placeholder)
    cells = [tuple(colours[start : start + 3]) for start in range(0, len(colours), 3)]
    assert len(cells) == 16
    assert all(close(cell, ORANGE) for cell in (cells[2], cells[3], cells[6], cells[7]))
    assert all(close(cell, BLUE) for cell in (cells[10], cells[11], cells[14], cells[15]))


def test_a_clip_without_sound_has_no_waveform(tmp_path, out):
    made = finished(write_clip(tmp_path / "render.mp4"), out)

    assert list(made) == ["poster", "master", "proxy", "filmstrip"]


def test_an_odd_sized_render_is_made_even_where_it_is_encoded(tmp_path, out):
    source = write_clip(tmp_path / "render.mp4", size=(191, 109), pixel_format="yuv444p")

    made = finished(source, out)

    with opened(made["master"]) as file:
        video = file.streams.video[0]
        assert (video.width % 2, video.height % 2) == (0, 0)
        assert (made["master"].width, made["master"].height) == (video.width, video.height)


def test_the_same_render_makes_the_same_files(sound_clip, tmp_path):
    hashes = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        hashes.append([made.sha256 for made in finish(sound_clip, folder)])

    assert hashes[0] == hashes[1]
