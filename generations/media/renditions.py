"""From one render to its renditions, in one pass of decoding. Runs in the finishing child alone."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from av.container import InputContainer
from av.video.frame import VideoFrame

from generations.media.decoding import Decoder
from generations.media.kinds import FILE_NAMES
from generations.media.pictures import Filmstrip, Poster
from generations.media.probe import Clip, open_clip, probe
from generations.media.tracks import MASTER_QUALITY, PROXY_QUALITY, Mp4

PROXY_SHORT_SIDE = 480


@dataclass(frozen=True)
class Rendered:
    """One file made. Width and height in pixels, as shown.

    `frame_rate` is a fraction as text, 24000/1001, of a clip whose frames can be counted by it.
    """

    kind: str
    width: int
    height: int
    duration_seconds: float | None = None
    frame_rate: str | None = None


def make_renditions(source: Path, out: Path) -> list[Rendered]:
    """Make the share master, the proxy, the poster and the filmstrip of a clip in a folder.

    Raises BadMedia when the clip is not sound from its first byte to its last.
    """
    clip = probe(source)
    poster, filmstrip = Poster(clip), Filmstrip(clip)
    with open_clip(source) as container:
        proxy = _start_proxy(out / FILE_NAMES["proxy"], container, clip)
        files = [proxy]
        if not clip.is_browser_safe:
            files.append(_start_master(out / FILE_NAMES["master"], container, clip))
        decoder = Decoder(container, clip)
        for packet, source_index, frames in decoder.run():
            for frame in frames:
                if isinstance(frame, VideoFrame):
                    poster.take(frame, at_seconds=decoder.seconds_into(frame))
                    filmstrip.take(frame, at_seconds=decoder.seconds_into(frame))
            for file in files:
                file.take(packet, frames, source_index=source_index)
        for file in files:
            file.close()
    if clip.is_browser_safe:
        shutil.copyfile(source, out / FILE_NAMES["master"])
    seconds = round(decoder.seconds, 3)
    rate = str(decoder.steady_rate) if decoder.steady_rate else None
    return [
        Rendered("master", *clip.shown(*master_size(clip)), seconds, rate),
        Rendered("proxy", *clip.shown(*proxy_size(clip)), seconds, rate),
        Rendered("poster", *poster.save(out / FILE_NAMES["poster"])),
        Rendered("filmstrip", *filmstrip.save(out / FILE_NAMES["filmstrip"])),
    ]


def _start_proxy(path: Path, container: InputContainer, clip: Clip) -> Mp4:
    proxy = Mp4(path)
    proxy.encode_video(clip, size=proxy_size(clip), quality=PROXY_QUALITY)
    for audio in container.streams.audio:
        proxy.add_audio(audio, clip)
    return proxy


def _start_master(path: Path, container: InputContainer, clip: Clip) -> Mp4:
    """Begin a master whose tracks are encoded anew only where a browser could not play them."""
    master = Mp4(path)
    if clip.has_browser_video:
        master.copy(container.streams.video[0])
    else:
        master.encode_video(clip, size=master_size(clip), quality=MASTER_QUALITY)
    for audio in container.streams.audio:
        master.add_audio(audio, clip)
    return master


def master_size(clip: Clip) -> tuple[int, int]:
    """Return the coded size of the master: the render's own."""
    if clip.has_browser_video:
        return clip.width, clip.height
    return even(clip.width), even(clip.height)


def proxy_size(clip: Clip) -> tuple[int, int]:
    """Return the coded size of the proxy: 480 pixels on the short side, never more than it has."""
    scale = min(1.0, PROXY_SHORT_SIDE / min(clip.width, clip.height))
    return even(clip.width * scale), even(clip.height * scale)


def even(pixels: float) -> int:
    """Return the nearest even number: 4:2:0 video has one colour to two pixels a side."""
    return 2 * max(1, round(pixels / 2))
