"""From one render to its renditions, in one pass of decoding. Runs in the finishing child alone."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from av.container import InputContainer
from av.video.frame import VideoFrame

from generations.media.decoding import Decoder
from generations.media.kinds import FILE_NAMES
from generations.media.marks import Mark
from generations.media.pictures import Filmstrip, blurred, find_poster, save_poster
from generations.media.probe import Clip, open_clip, probe

if TYPE_CHECKING:
    from generations.media.tracks import Mp4

MASTER_SHORT_SIDE = 1080
PROXY_SHORT_SIDE = 480


@dataclass(frozen=True)
class Rendered:
    """One file made. Width and height in pixels, as shown.

    `placeholder` is of the poster. `frame_rate` is a fraction as text, 24000/1001, of a clip whose
    frames can be counted by it.
    """

    kind: str
    width: int
    height: int
    duration_seconds: float | None = None
    frame_rate: str | None = None
    placeholder: str = ""


def make_renditions(
    source: Path, out: Path, marks: Mapping[str, Mark], *, on_poster: Callable[[Rendered], None]
) -> list[Rendered]:
    """Make all renditions of a clip in a folder, with a mark in those kinds that have one.

    `on_poster` is told of the poster as soon as it is there, before the rest is begun. Raises
    BadMedia when the clip is not sound from its first byte to its last.
    """
    clip = probe(source)
    poster = _make_poster(source, out, clip)
    on_poster(poster)
    # Loaded after it, with all that computes pictures and sound: people wait for the poster.
    from generations.media.waveform import Waveform

    filmstrip, waveform = Filmstrip(clip), Waveform(clip)
    is_kept = clip.is_browser_safe and "master" not in marks
    with open_clip(source) as container:
        files = [_start_proxy(out / FILE_NAMES["proxy"], container, clip, marks.get("proxy"))]
        if not is_kept:
            master = out / FILE_NAMES["master"]
            files.append(_start_master(master, container, clip, marks.get("master")))
        decoder = Decoder(container, clip)
        for packet, source_index, frames in decoder.run():
            for frame in frames:
                if isinstance(frame, VideoFrame):
                    filmstrip.take(frame, at_seconds=decoder.seconds_into(frame))
                else:
                    waveform.take(frame)
            for file in files:
                file.take(packet, frames, source_index=source_index)
        for file in files:
            file.close()
    if is_kept:
        shutil.copyfile(source, out / FILE_NAMES["master"])
    seconds = round(decoder.seconds, 3)
    rate = str(decoder.steady_rate) if decoder.steady_rate else None
    size = master_size(clip, is_marked="master" in marks)
    made = [
        poster,
        Rendered("master", *clip.shown(*size), seconds, rate),
        Rendered("proxy", *clip.shown(*proxy_size(clip)), seconds, rate),
        Rendered("filmstrip", *filmstrip.save(out / FILE_NAMES["filmstrip"])),
    ]
    if clip.audio_codec:
        made.append(Rendered("waveform", *waveform.save(out / FILE_NAMES["waveform"])))
    return made


def _make_poster(source: Path, out: Path, clip: Clip) -> Rendered:
    with open_clip(source) as container:
        image = find_poster(container, clip)
    size = save_poster(image, out / FILE_NAMES["poster"])
    return Rendered("poster", *size, placeholder=blurred(image))


def _start_proxy(path: Path, container: InputContainer, clip: Clip, mark: Mark | None) -> "Mp4":
    from generations.media.tracks import PROXY_QUALITY, Mp4

    proxy = Mp4(path)
    proxy.encode_video(clip, size=proxy_size(clip), quality=PROXY_QUALITY, mark=mark)
    for audio in container.streams.audio:
        proxy.add_audio(audio, clip)
    return proxy


def _start_master(path: Path, container: InputContainer, clip: Clip, mark: Mark | None) -> "Mp4":
    """Begin a master whose tracks are encoded anew only where they must be.

    A video track must where a browser could not play it, or where a mark goes into it.
    """
    from generations.media.tracks import MASTER_QUALITY, Mp4

    master = Mp4(path)
    if clip.has_browser_video and mark is None:
        master.copy(container.streams.video[0])
    else:
        size = master_size(clip, is_marked=mark is not None)
        master.encode_video(clip, size=size, quality=MASTER_QUALITY, mark=mark)
    for audio in container.streams.audio:
        master.add_audio(audio, clip)
    return master


def master_size(clip: Clip, *, is_marked: bool) -> tuple[int, int]:
    """Return the coded size of the master: the render's own, or 1080p where it is encoded anew."""
    if clip.has_browser_video and not is_marked:
        return clip.width, clip.height
    return _fitted(clip, MASTER_SHORT_SIDE)


def proxy_size(clip: Clip) -> tuple[int, int]:
    return _fitted(clip, PROXY_SHORT_SIDE)


def _fitted(clip: Clip, short_side: int) -> tuple[int, int]:
    """Return a size with so many pixels on its short side, never more than the clip has."""
    scale = min(1.0, short_side / min(clip.width, clip.height))
    return even(clip.width * scale), even(clip.height * scale)


def even(pixels: float) -> int:
    """Return the nearest even number: 4:2:0 video has one colour to two pixels a side."""
    return 2 * max(1, round(pixels / 2))
