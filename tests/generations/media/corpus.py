"""Files that are not what they say, or not whole: each is a way to fool or hurt a reader."""

import io
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from tests.generations.media.clips import write_clip

SECRET = "the content of another file"


def hostile_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Write and yield each file with the kind of refusal that it deserves."""
    good = write_clip(folder / "good.mp4", frames=48, sound="aac").read_bytes()
    (folder / "secret.txt").write_text(SECRET)

    def written(name: str, content: bytes) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    yield "not_a_video", written("empty.mp4", b"")
    yield "not_a_video", written("page.mp4", b"<!doctype html><title>502</title>" * 100)
    yield "not_a_video", written("list.mp4", playlist(folder))
    yield "not_a_video", written("concat.mp4", b"ffconcat version 1.0\nfile good.mp4\n")
    yield "truncated", written("list_behind_ftyp.mp4", ftyp_of(good) + playlist(folder))
    yield "not_a_video", written("list_in_a_box.mp4", ftyp_of(good) + boxed(playlist(folder)))
    yield "not_a_video", write_clip(folder / "matroska.mp4", container="matroska", movflags="")
    yield "not_a_video", written("zeros.mp4", bytes(100_000))
    yield "not_a_video", written("header_alone.mp4", ftyp_of(good))
    for percent in (3, 25, 50, 75, 99):
        yield "truncated", written(f"cut_{percent}.mp4", good[: len(good) * percent // 100])
    yield "truncated", written("last_byte_cut.mp4", good[:-1])
    yield "corrupt", written("hole.mp4", with_hole(good, at=0.5, size=600))
    yield "truncated", written("sound_left_out.mp4", without_places_of_sound(good))
    yield "unsupported", write_clip(folder / "two_videos.mp4", video_tracks=2)
    yield "unsupported", write_clip(folder / "two_sounds.mp4", sound="aac", sound_tracks=2)
    yield "unsupported", write_clip(folder / "mpeg4.mp4", codec="mpeg4")
    yield "unsupported", write_clip(folder / "ac3.mp4", sound="ac3")
    yield "unsupported", sound_alone(folder / "sound_alone.mp4")
    yield "unsupported", resized_on_the_way(folder / "resized.mp4")
    yield "unsupported", written("hidden_frames.mp4", with_hidden_frames(good))
    yield "unsupported", bomb(folder / "bomb.mp4")
    yield "out_of_bounds", write_clip(folder / "wide.mp4", size=(4128, 128), frames=13)
    yield "out_of_bounds", write_clip(folder / "tiny.mp4", size=(48, 48))
    yield "out_of_bounds", write_clip(folder / "short.mp4", frames=6)
    yield "out_of_bounds", write_clip(folder / "slow.mp4", rate=2, frames=4)
    yield "out_of_bounds", write_clip(folder / "fast.mp4", rate=240, frames=240)
    yield "out_of_bounds", write_clip(folder / "long.mp4", size=(64, 64), rate=5, frames=650)


def ftyp_of(content: bytes) -> bytes:
    return content[: struct.unpack(">I", content[:4])[0]]


def boxed(content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, b"mdat") + content


def playlist(folder: Path) -> bytes:
    """An HLS list that would read another file of this machine."""
    secret = (folder / "secret.txt").as_uri()
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{secret}\n#EXT-X-ENDLIST\n".encode()


def with_hole(content: bytes, *, at: float, size: int) -> bytes:
    """Zeros in the frames: `at` tells where, between 0 (their beginning) and 1."""
    start = content.index(b"mdat") + 4
    hole = start + int((len(content) - start) * at)
    return content[:hole] + bytes(size) + content[hole + size :]


def sound_alone(path: Path) -> Path:
    with av.open(str(path), "w") as file:
        audio = file.add_stream("aac", rate=48_000, layout="mono")
        frame = av.AudioFrame(format="fltp", layout="mono", samples=48_000)
        frame.sample_rate = 48_000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return path


def resized_on_the_way(path: Path) -> Path:
    """One track whose second half was coded at another size, with its own parameter sets."""
    halves = [
        write_clip(path.with_suffix(f".{number}.mp4"), size=size, options=IN_BAND)
        for number, size in enumerate([(192, 108), (320, 180)])
    ]
    with av.open(str(path), "w") as file, av.open(str(halves[0])) as first:
        track = file.add_stream_from_template(first.streams.video[0], opaque=True)
        offset = 0
        for half in halves:
            with av.open(str(half)) as source:
                for packet in source.demux(video=0):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = track
                    file.mux(packet)
                offset += source.streams.video[0].duration or 0
    return path


IN_BAND = {"x264-params": "repeat-headers=1:bframes=0"}


def bomb(path: Path) -> Path:
    """16,000 by 16,000 pixels in a few kilobytes a frame."""
    encoded = io.BytesIO()
    Image.new("L", (16_000, 16_000)).save(encoded, "JPEG", quality=10)
    with av.open(str(path), "w") as file:
        video = file.add_mux_stream("mjpeg", rate=24, width=16_000, height=16_000)
        video.time_base = Fraction(1, 24)
        for number in range(24):
            packet = av.Packet(encoded.getvalue())
            packet.stream = video
            packet.time_base = Fraction(1, 24)
            packet.pts = packet.dts = number
            file.mux(packet)
    return path


def with_hidden_frames(content: bytes) -> bytes:
    """The file whose edit list begins twelve frames later: players skip them, or do not."""
    place = content.index(b"elst") + 16
    (begin,) = struct.unpack_from(">I", content, place)
    later = struct.pack(">I", begin + 12 * 512)  # in units of which 24 frames have 12,288
    return content[:place] + later + content[place + 4 :]


def without_places_of_sound(content: bytes) -> bytes:
    """The file whose index lists the samples of its sound, and no place where they stand."""
    count = content.rindex(b"stco") + 8  # of the last track
    return content[:count] + bytes(4) + content[count + 4 :]
