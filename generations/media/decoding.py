"""Decoding every frame of an untrusted clip, and refusing one that is damaged or cut short.

Runs in the finishing child alone.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from generations.media.bad_media import BadMedia
from generations.media.nal_units import unit_check
from generations.media.probe import (
    MAX_FRAMES,
    THREADS,
    Clip,
    ensure_not_too_long,
    ensure_not_too_short,
)

STEADY_FRAMES = 0.25  # how far, in frames, a steady clip's frames may stand beside their places


class Decoded(NamedTuple):
    packet: Packet
    source_index: int
    frames: Sequence[VideoFrame | AudioFrame]


class Decoder:
    """One strict pass over a clip. `seconds` is how long its video was found to last."""

    def __init__(self, container: InputContainer, clip: Clip) -> None:
        self._container, self._clip = container, clip
        self._packets = self._frames = self._corrupt = 0
        video = container.streams.video[0]
        self._is_well_formed = unit_check(clip.video_codec, video.codec_context.extradata)
        self._sound_packets = self._sound_frames = 0
        self._first_time = self._last_time = 0.0
        self._start_time = (container.start_time or 0) / av.time_base
        self._is_steady = True
        self._last_pts: int | None = None
        self._video_index = video.index

    @property
    def seconds(self) -> float:
        return self._last_time - self._first_time + float(1 / self._clip.rate)

    @property
    def steady_rate(self) -> Fraction | None:
        """Frames a second, where the first frame begins the clip and each stands in its place.

        Then frame `n` is the one shown at `n / rate` seconds; None for any other clip.
        """
        return self._clip.rate if self._is_steady else None

    def seconds_into(self, frame: VideoFrame) -> float:
        return frame.time - self._first_time

    def run(self) -> Iterator[Decoded]:
        """Yield every packet with its frames; raises BadMedia, at the latest when all are read."""
        video = self._container.streams.video[0]
        video.thread_type = "AUTO"
        video.codec_context.thread_count = THREADS
        wanted = [video, *self._container.streams.audio]
        try:
            for packet in self._container.demux(*wanted):
                yield Decoded(packet, packet.stream_index, self._decode(packet))
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError as error:
            raise BadMedia(
                "corrupt", f"The file is damaged: reading stops after {self._frames} frames."
            ) from error
        self._ensure_whole()

    def _decode(self, packet: Packet) -> Sequence[VideoFrame | AudioFrame]:
        frames: Sequence[VideoFrame | AudioFrame] = packet.decode()
        is_video = packet.stream_index == self._video_index
        if is_video and packet.dts is not None:
            self._packets += 1
            if not self._is_well_formed(bytes(packet)):
                raise BadMedia("corrupt", f"The video is damaged after {self._frames} frames.")
            if packet.is_discard:  # by an edit list, which not every player follows
                raise BadMedia("unsupported", "The file hides frames that others may see.")
        elif packet.size:
            self._sound_packets += 1
        for frame in frames:
            if isinstance(frame, VideoFrame):
                self._count(frame)
            elif frame.is_corrupt:
                raise BadMedia("corrupt", "The sound is damaged.")
            else:
                self._sound_frames += 1
        return frames

    def _count(self, frame: VideoFrame) -> None:
        self._frames += 1
        self._corrupt += frame.is_corrupt
        if (frame.width, frame.height) != (self._clip.width, self._clip.height):
            raise BadMedia("unsupported", "The video changes its size on the way.")
        if frame.pts is None or (self._last_pts is not None and frame.pts <= self._last_pts):
            raise BadMedia("corrupt", "The video is damaged: its frames are out of order.")
        if self._last_pts is None:
            self._first_time = frame.time
        self._last_pts, self._last_time = frame.pts, frame.time
        place = (frame.time - self._start_time) * self._clip.rate
        self._is_steady &= abs(place - (self._frames - 1)) <= STEADY_FRAMES
        if self._frames > MAX_FRAMES:
            raise BadMedia("out_of_bounds", f"The video has more than {MAX_FRAMES:,} frames.")
        ensure_not_too_long(self.seconds, "video")

    def _ensure_whole(self) -> None:
        expected = max(self._clip.frames, self._packets)
        if self._frames < expected:
            raise BadMedia(
                "truncated",
                f"The video is cut short: {self._frames} of {expected} frames are there.",
            )
        if self._corrupt:
            raise BadMedia(
                "corrupt", f"The video is damaged in {self._corrupt} of {self._frames} frames."
            )
        ensure_not_too_short(self.seconds)
        self._ensure_sound_is_whole()

    def _ensure_sound_is_whole(self) -> None:
        for audio in self._container.streams.audio:
            # A packet of PCM holds many of the samples that the index counts.
            is_counted = not self._clip.audio_codec.startswith("pcm")
            if self._sound_frames == 0 or (is_counted and self._sound_packets < audio.frames):
                raise BadMedia("truncated", "The sound is cut short: a part of it is missing.")
