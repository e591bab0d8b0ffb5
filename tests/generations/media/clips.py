"""Clips made for the tests, small and of a known look."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

BT709 = 1
LIMITED = 1
SAMPLE_RATE = 48_000


def write_clip(
    path: Path,
    *,
    size: tuple[int, int] = (192, 108),
    rate: Fraction | int = 24,
    frames: int = 24,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    sound: str = "",
    movflags: str = "+faststart",
    container: str = "mp4",
    rotation: int = 0,
    pixel_shape: Fraction | None = None,
    video_tracks: int = 1,
    sound_tracks: int = 1,
    options: dict[str, str] | None = None,
    late: dict[int, float] | None = None,
    numbered: bool = False,
    black_frames: int = 0,
    grain: bool = False,
) -> Path:
    """Write a clip of BT.709 colours whose left half brightens frame by frame.

    The right half is orange above and blue below. `late` says by how many frames some frames
    come after their time. With `numbered` each frame has its number burnt in, for read_number;
    the first `black_frames` are black; `grain` gives the coder something to do.
    """
    ticks = 1000 if late else 1  # to a frame
    muxer_options = {"movflags": movflags} if movflags else {}
    with av.open(str(path), "w", format=container, options=muxer_options) as file:
        videos = [_add_video(file, codec, rate) for _ in range(video_tracks)]
        for video in videos:
            video.width, video.height = size
            video.pix_fmt = pixel_format
            video.options = {**(options or {})}
            context = video.codec_context
            context.time_base = 1 / (ticks * Fraction(rate))
            context.color_primaries = context.color_trc = context.colorspace = BT709
            context.color_range = LIMITED
            if pixel_shape:
                context.sample_aspect_ratio = pixel_shape
            if rotation:
                video.set_display_rotation(rotation)
        sounds = [_add_audio(file, sound) for _ in range(sound_tracks if sound else 0)]
        for number in range(frames):
            for video in videos:
                pixels = _pixels(number, frames, size)
                if number < black_frames:
                    pixels[:] = 0
                if grain:
                    pixels += np.random.default_rng(number).integers(0, 12, pixels.shape, np.uint8)
                if numbered:
                    _burn(pixels, number)
                frame = _frame(pixels, number, pixel_format, rate)
                frame.time_base = 1 / (ticks * Fraction(rate))
                frame.pts = round(ticks * (number + (late or {}).get(number, 0)))
                file.mux(video.encode(frame))
        for video in videos:
            file.mux(video.encode(None))
        for audio in sounds:
            file.mux(audio.encode(_tone(float(frames / Fraction(rate)))))
            file.mux(audio.encode(None))
    return path


def _add_video(file: OutputContainer, codec: str, rate: Fraction | int) -> VideoStream:
    stream = file.add_stream(codec, rate=rate)
    assert isinstance(stream, VideoStream)
    return stream


def _add_audio(file: OutputContainer, codec: str) -> AudioStream:
    stream = file.add_stream(codec, rate=SAMPLE_RATE, layout="stereo")
    assert isinstance(stream, AudioStream)
    return stream


def _pixels(number: int, frames: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    width, height = size
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = brightness_of(number, frames)
    pixels[: height // 2, width // 2 :] = ORANGE
    pixels[height // 2 :, width // 2 :] = BLUE
    return pixels


NUMBER_BITS = 8


def _burn(pixels: NDArray[np.uint8], number: int) -> None:
    """Draw a number across the top: a field for each bit, white for one and black for nought."""
    fields = np.array_split(np.arange(pixels.shape[1]), NUMBER_BITS)
    for bit, columns in enumerate(fields):
        pixels[: pixels.shape[0] // 4, columns] = 255 if number >> bit & 1 else 0


def read_number(frame: VideoFrame) -> int:
    """Read the number that is burnt into a frame."""
    bright = frame.to_ndarray(format="gray")
    fields = np.array_split(bright[: bright.shape[0] // 5], NUMBER_BITS, axis=1)
    return sum(int(field.mean() > 128) << bit for bit, field in enumerate(fields))


def _frame(
    pixels: NDArray[np.uint8], number: int, pixel_format: str, rate: Fraction | int
) -> VideoFrame:
    frame = VideoFrame.from_ndarray(pixels, "rgb24")
    frame = frame.reformat(format=pixel_format, dst_colorspace=BT709, dst_color_range=LIMITED)
    frame.pts, frame.time_base = number, 1 / Fraction(rate)
    return frame


ORANGE = (230, 120, 20)
BLUE = (20, 60, 200)


def brightness_of(number: int, frames: int) -> int:
    """How bright the left half is, of 255, in one frame of so many."""
    return round(20 + 200 * number / max(1, frames - 1))


def _tone(seconds: float) -> av.AudioFrame:
    samples = np.sin(np.arange(int(SAMPLE_RATE * seconds)) * 0.06) * 8000
    frame = av.AudioFrame.from_ndarray(
        np.repeat(samples.astype(np.int16), 2)[None], "s16", "stereo"
    )
    frame.sample_rate = SAMPLE_RATE
    frame.pts = 0
    return frame
