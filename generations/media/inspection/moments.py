"""Moments of an untrusted clip, and the hash of its coded pictures. Runs in the child alone."""

import hashlib
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

from generations.media.bad_media import BadMedia
from generations.media.inspection.prints import MOMENTS, Grey, Hashes, hash_windows, pack
from generations.media.probe import (
    DURATION_SECONDS,
    FRAMES_PER_SECOND,
    MAX_FRAMES,
    OPEN_OPTIONS,
    SIDE_PIXELS,
    THREADS,
    VIDEO_CODECS,
)

FORMATS = {b"ftyp": "mov", b"\x1aE\xdf\xa3": "matroska"}  # and WebM
WIDTH = 320  # to which pictures are scaled before they are hashed


def read_moments(path: Path) -> tuple[str, bytes]:
    """Return the hash of the coded pictures, and the prints of the clip; raises BadMedia.

    The first holds through a change of the container, the second through one of the coding. Of a
    file with several video streams nobody knows which one a player shows, so it is not known.
    """
    digest, moments = hashlib.sha256(), _Moments()
    try:
        with _open(path) as container:
            video = _only_video(container)
            _ensure_within_bounds(video)
            moments.spread(_seconds(container, video))
            video.thread_type = "AUTO"
            video.codec_context.thread_count = THREADS
            for packet in container.demux(video):
                digest.update(bytes(packet))
                for frame in packet.decode():
                    moments.take(frame)
    except av.error.MemoryError:
        raise
    except av.error.FFmpegError as error:
        raise BadMedia("not_a_video", "The file cannot be read as a video.") from error
    return digest.hexdigest(), moments.prints()


class _Moments:
    """Keeps the frames that stand at even distances through the clip."""

    def __init__(self) -> None:
        self._due: list[float] = []
        self._hashes: list[Hashes] = []
        self._before: Grey | None = None
        self._first: float | None = None
        self._frames = 0

    def spread(self, seconds: float) -> None:
        self._due = [(number + 0.5) * seconds / MOMENTS for number in range(MOMENTS)]

    def take(self, frame: VideoFrame) -> None:
        self._frames += 1
        if self._frames > MAX_FRAMES:
            raise BadMedia("out_of_bounds", "The video is longer than what is looked at.")
        if frame.time is None:
            return
        if self._first is None:
            self._first = frame.time
            self._before = _grey(frame)
        if self._due and frame.time - self._first >= self._due[0]:
            self._before = _grey(frame)
            while self._due and frame.time - self._first >= self._due[0]:
                self._due.pop(0)
                self._hashes.append(hash_windows(self._before))

    def prints(self) -> bytes:
        if self._before is None:
            raise BadMedia("corrupt", "The video has no frame that can be read.")
        missing = [hash_windows(self._before)] * len(self._due)  # its last frame came early
        return pack([*self._hashes, *missing])


def _open(path: Path) -> Any:
    with path.open("rb") as file:
        beginning = file.read(12)
    for mark, name in FORMATS.items():
        if mark in (beginning[4:8], beginning[:4]):
            return av.open(str(path), "r", format=name, options=OPEN_OPTIONS)
    raise BadMedia("not_a_video", "The file is no MP4, MOV or WebM video.")


def _only_video(container: Any) -> Any:
    streams = container.streams.video
    if len(streams) != 1:
        raise BadMedia("unsupported", "The file has no video stream, or several.")
    return streams[0]


def _ensure_within_bounds(video: Any) -> None:
    least, most = SIDE_PIXELS
    if video.codec.canonical_name not in VIDEO_CODECS:
        raise BadMedia("unsupported", "The video is coded in a way that is not looked at.")
    if not (least // 2 <= video.width <= most and least // 2 <= video.height <= most):
        raise BadMedia("out_of_bounds", "The video's pictures are too large or too small.")
    if video.average_rate and video.average_rate > FRAMES_PER_SECOND[1]:
        raise BadMedia("out_of_bounds", "The video has too many frames a second.")


def _seconds(container: Any, video: Any) -> float:
    if video.duration and video.time_base:
        seconds = float(video.duration * video.time_base)
    else:
        seconds = (container.duration or 0) / av.time_base
    if not 0 < seconds <= DURATION_SECONDS[1]:
        raise BadMedia("out_of_bounds", "The video is longer than what is looked at.")
    return seconds


def _grey(frame: VideoFrame) -> Grey:
    """Return a frame in grey as people see it, upright."""
    height = max(1, round(frame.height * WIDTH / frame.width))
    grey = frame.reformat(width=WIDTH, height=height, format="gray").to_ndarray()
    turns = round(frame.rotation / 90) % 4
    turned: Grey = np.ascontiguousarray(np.rot90(grey, turns))
    return turned
