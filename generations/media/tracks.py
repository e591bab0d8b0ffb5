"""Writing MP4 files: tracks that are copied, and tracks that are encoded."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from generations.media.marks import Mark
from generations.media.probe import BROWSER_PIXEL_FORMATS, THREADS, Clip
from generations.media.stamps import Stamp, pixels_of

AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
AAC_BITS_PER_SECOND = 160_000


@dataclass(frozen=True)
class Quality:
    """How a video track is encoded: x264's preset and constant rate factor (lower is better)."""

    preset: str
    crf: int
    seconds_between_keyframes: int


MASTER_QUALITY = Quality(preset="veryfast", crf=20, seconds_between_keyframes=2)
PROXY_QUALITY = Quality(preset="veryfast", crf=25, seconds_between_keyframes=1)


class EncodedVideo:
    """An H.264 track of a clip: its frame rate, times, colours and shape, in the size given."""

    def __init__(
        self,
        file: OutputContainer,
        clip: Clip,
        *,
        size: tuple[int, int],
        quality: Quality,
        mark: Mark | None = None,
    ) -> None:
        self._file, self._size = file, size
        self._stamp = Stamp(mark, clip, size=size) if mark else None
        self._pixel_format = (
            clip.pixel_format if clip.pixel_format in BROWSER_PIXEL_FORMATS else "yuv420p"
        )
        stream = file.add_stream("libx264", rate=clip.rate)
        stream.width, stream.height = size
        stream.pix_fmt = self._pixel_format
        stream.time_base = clip.time_base
        stream.options = {"preset": quality.preset, "crf": str(quality.crf)}
        context = stream.codec_context
        context.time_base = clip.time_base
        context.thread_count = THREADS
        context.gop_size = max(1, round(clip.rate * quality.seconds_between_keyframes))
        context.sample_aspect_ratio = clip.pixel_shape
        context.color_primaries = clip.colours.primaries
        context.color_trc = clip.colours.transfer
        context.colorspace = clip.colours.matrix
        context.color_range = clip.colours.range
        if clip.rotation:
            stream.set_display_rotation(clip.rotation)
        self._stream = stream

    def take(self, frame: VideoFrame) -> None:
        """Encode one frame: the one place that every frame passes on its way to an encoder."""
        width, height = self._size
        fitted = frame.reformat(width=width, height=height, format=self._pixel_format)
        if self._stamp:
            fitted = _copied(fitted) if fitted is frame else fitted
        fitted.pts, fitted.time_base = frame.pts, frame.time_base
        fitted.pict_type = 0  # the encoder chooses anew
        if self._stamp:
            self._stamp.draw(fitted)
        self._file.mux(self._stream.encode(fitted))

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))


def _copied(frame: VideoFrame) -> VideoFrame:
    """Return a frame of one's own: the decoder still looks at the other to make the next ones."""
    copy = VideoFrame(frame.width, frame.height, frame.format.name)
    for own, other in zip(copy.planes, frame.planes, strict=True):
        pixels_of(own)[:] = pixels_of(other)
    return copy


class EncodedAudio:
    """An AAC track, in mono or stereo, at a rate that AAC knows."""

    def __init__(self, file: OutputContainer, source: AudioStream) -> None:
        rate = source.rate if source.rate in AAC_RATES else 48_000
        layout = "mono" if source.channels == 1 else "stereo"
        self._file = file
        self._stream = file.add_stream("aac", rate=rate, layout=layout)
        self._stream.bit_rate = AAC_BITS_PER_SECOND

    def take(self, frame: AudioFrame) -> None:
        self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        self._file.mux(self._stream.encode(None))


class Mp4:
    """One MP4 file under way, its index first when it is done."""

    def __init__(self, path: Path) -> None:
        self._file = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        self._copied: dict[int, Stream] = {}
        self._video: EncodedVideo | None = None
        self._audio: EncodedAudio | None = None

    def copy(self, source: VideoStream | AudioStream) -> None:
        """Take a track over as it is coded."""
        self._copied[source.index] = self._file.add_stream_from_template(source, opaque=True)

    def encode_video(
        self, clip: Clip, *, size: tuple[int, int], quality: Quality, mark: Mark | None = None
    ) -> None:
        self._video = EncodedVideo(self._file, clip, size=size, quality=quality, mark=mark)

    def add_audio(self, source: AudioStream, clip: Clip) -> None:
        """Take over AAC as it is, and encode any other sound."""
        if clip.audio_codec == "aac":
            self.copy(source)
        else:
            self._audio = EncodedAudio(self._file, source)

    def take(
        self, packet: Packet, frames: Iterable[VideoFrame | AudioFrame], *, source_index: int
    ) -> None:
        """Pass on what came out of a track of the source: a packet, and its decoded frames.

        The packet is marked as one of this file when it is copied, so the index that it had in
        the source is given apart.
        """
        for frame in frames:
            if isinstance(frame, VideoFrame):
                if self._video:
                    self._video.take(frame)
            elif self._audio:
                self._audio.take(frame)
        if packet.dts is not None and source_index in self._copied:
            packet.stream = self._copied[source_index]
            self._file.mux(packet)

    def close(self) -> None:
        for track in (self._video, self._audio):
            if track:
                track.close()
        self._file.close()
