"""Opening an untrusted clip, and refusing what its header already gives away.

Runs in the finishing child alone: what is opened here may be hostile.
"""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from generations.media.bad_media import BadMedia
from generations.media.boxes import Box, has_index_first, is_fragmented, read_boxes

VIDEO_CODECS = ("h264", "hevc", "vp9", "av1")
AUDIO_CODECS = ("aac", "mp3", "opus", "flac", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le")
SIDE_PIXELS = (64, 4096)
PIXEL_SHAPES = (Fraction(1, 2), Fraction(2))
FRAMES_PER_SECOND = (5, 120)
DURATION_SECONDS = (0.5, 120.0)
MAX_FRAMES = 120 * 120
THREADS = min(4, len(os.sched_getaffinity(0)))  # memory grows with each one
BROWSER_PIXEL_FORMATS = ("yuv420p", "yuvj420p")
BROWSER_PROFILES = ("Constrained Baseline", "Baseline", "Main", "High")
QUICKTIME_BRAND = b"qt  "
UNSPECIFIED = 2  # of colour tags, in H.273
BT709 = 1
FULL_RANGE = 2  # of FFmpeg's AVColorRange: brightness from 0 to 255, not from 16 to 235

# The format is forced, so that a playlist in disguise is not followed, and nothing but the file
# itself is opened. `max_pixels` stops a decoder before it makes room for a bomb.
OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "enable_drefs": "0",
    "max_pixels": str(SIDE_PIXELS[1] ** 2),
}


@dataclass(frozen=True)
class Colours:
    """The colour tags of a stream, by the numbers of H.273."""

    primaries: int
    transfer: int
    matrix: int
    range: int


@dataclass(frozen=True)
class Clip:
    """What a clip says of itself, found sane. Sizes in pixels, as coded.

    `rotation` is in degrees counter-clockwise, a multiple of 90; `pixel_shape` is the width of a
    pixel by its height; `frames` is 0 where the header does not count them.
    """

    width: int
    height: int
    rotation: int
    pixel_shape: Fraction
    rate: Fraction
    time_base: Fraction
    frames: int
    duration_seconds: float
    video_codec: str
    video_profile: str
    pixel_format: str
    audio_codec: str
    colours: Colours
    stream_count: int
    boxes: tuple[Box, ...]

    @property
    def is_sideways(self) -> bool:
        return self.rotation % 180 != 0

    def shown(self, width: int, height: int) -> tuple[int, int]:
        """Return the size that people see, in square pixels, of so many coded ones."""
        wide = round(width * self.pixel_shape)
        return (height, wide) if self.is_sideways else (wide, height)

    @property
    def has_browser_video(self) -> bool:
        """Say whether every browser plays the video track, whatever the file around it."""
        return (
            self.video_codec == "h264"
            and self.video_profile in BROWSER_PROFILES
            and self.pixel_format in BROWSER_PIXEL_FORMATS
        )

    @property
    def is_browser_safe(self) -> bool:
        """Say whether every browser plays this file, at once, and seeks in it."""
        return (
            self.has_browser_video
            and self.audio_codec in ("", "aac")
            and self.stream_count == (2 if self.audio_codec else 1)
            and self.boxes[0].brand != QUICKTIME_BRAND
            and has_index_first(self.boxes)
            and not is_fragmented(self.boxes)
        )


def open_clip(path: Path) -> InputContainer:
    """Open an MP4 or MOV file and nothing else; raises BadMedia."""
    try:
        return av.open(
            str(path), "r", format="mov", options=OPEN_OPTIONS, metadata_errors="replace"
        )
    except av.error.FFmpegError as error:
        raise BadMedia("not_a_video", "The file cannot be read as an MP4 video.") from error


def probe(path: Path) -> Clip:
    """Return what a file's header says, once it is within bounds; raises BadMedia."""
    boxes = tuple(read_boxes(path))
    with open_clip(path) as container:
        video, audio = _pick_streams(container)
        _ensure_within_bounds(video, audio)
        return _describe(container, video, audio, boxes)


def _pick_streams(container: InputContainer) -> tuple[VideoStream, AudioStream | None]:
    videos, audios = container.streams.video, container.streams.audio
    if len(videos) != 1:
        count = len(videos) or "no"
        raise BadMedia("unsupported", f"The file has {count} video streams instead of one.")
    if len(audios) > 1:
        raise BadMedia("unsupported", f"The file has {len(audios)} sound tracks instead of one.")
    return videos[0], audios[0] if audios else None


def _ensure_within_bounds(video: VideoStream, audio: AudioStream | None) -> None:
    if (codec := _codec_of(video)) not in VIDEO_CODECS:
        raise BadMedia("unsupported", f"The video is coded as {codec}, which is not accepted.")
    if audio and (codec := _codec_of(audio)) not in AUDIO_CODECS:
        raise BadMedia("unsupported", f"The sound is coded as {codec}, which is not accepted.")
    least, most = SIDE_PIXELS
    if not (least <= video.width <= most and least <= video.height <= most):
        size = f"{video.width}x{video.height}"
        raise BadMedia(
            "out_of_bounds", f"The video is {size} pixels; {least} to {most} a side are accepted."
        )
    flattest, widest = PIXEL_SHAPES
    if not flattest <= (video.sample_aspect_ratio or 1) <= widest:
        raise BadMedia("out_of_bounds", "The video's pixels are far from square.")
    slowest, fastest = FRAMES_PER_SECOND
    if not video.average_rate or not slowest <= video.average_rate <= fastest:
        rate = float(video.average_rate or 0)
        raise BadMedia(
            "out_of_bounds",
            f"The video has {rate:g} frames a second; {slowest} to {fastest} are accepted.",
        )
    for stream in (video, audio):
        if stream is not None:
            ensure_not_too_long(_seconds(stream), stream.type)
    ensure_not_too_short(_seconds(video))
    if video.frames > MAX_FRAMES:
        raise BadMedia(
            "out_of_bounds", f"The video has {video.frames:,} frames, which is too many."
        )


def ensure_not_too_long(seconds: float, what: str) -> None:
    if seconds > DURATION_SECONDS[1]:
        most = f"{DURATION_SECONDS[1]:g} s"
        raise BadMedia("out_of_bounds", f"The {what} lasts longer than the {most} accepted.")


def ensure_not_too_short(seconds: float) -> None:
    if seconds < DURATION_SECONDS[0]:
        least = f"{DURATION_SECONDS[0]:g} s"
        raise BadMedia("out_of_bounds", f"The video lasts {seconds:.2f} s; {least} is the least.")


def _describe(
    container: InputContainer,
    video: VideoStream,
    audio: AudioStream | None,
    boxes: tuple[Box, ...],
) -> Clip:
    try:
        first = next(container.decode(video), None)
    except av.error.FFmpegError as error:
        raise BadMedia(
            "corrupt", "The video is damaged: its first frame cannot be read."
        ) from error
    if first is None or not video.average_rate or not video.time_base or not video.pix_fmt:
        raise BadMedia("corrupt", "The video has no frame that can be read.")
    return Clip(
        width=video.width,
        height=video.height,
        rotation=round(first.rotation / 90) * 90 % 360,
        pixel_shape=video.sample_aspect_ratio or Fraction(1),
        rate=video.average_rate,
        time_base=video.time_base,
        frames=video.frames,
        duration_seconds=_seconds(video),
        video_codec=_codec_of(video),
        video_profile=video.profile or "",
        pixel_format=video.pix_fmt,
        audio_codec=_codec_of(audio) if audio else "",
        colours=Colours(
            primaries=first.color_primaries,
            transfer=first.color_trc,
            matrix=first.colorspace,
            range=first.color_range,
        ),
        stream_count=len(container.streams),
        boxes=boxes,
    )


def _codec_of(stream: VideoStream | AudioStream) -> str:
    return stream.codec.canonical_name if stream.codec_context else "an unknown codec"


def _seconds(stream: VideoStream | AudioStream) -> float:
    return float((stream.duration or 0) * (stream.time_base or 0))
