"""Clips that look like something, and what becomes of clips on the way through the world."""

import hashlib
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from django.core.files import File
from numpy.typing import NDArray

from generations.models import Generation, Rendition

SIZE = (640, 360)
FRAMES, RATE = 30, 15


def write_look(path: Path, seed: int) -> Path:
    """Write two seconds of soft shapes that drift; another seed is another picture."""
    rng = np.random.default_rng(seed)
    field = cv2.resize(
        rng.random((9, 20, 3), np.float32), (1000, 420), interpolation=cv2.INTER_CUBIC
    )
    ground = np.clip(field * 255, 0, 255).astype(np.uint8)
    width, height = SIZE
    frames = [ground[30 : 30 + height, 4 * n : 4 * n + width] for n in range(FRAMES)]
    return _write(path, frames)


def coded_anew(source: Path, to: Path, *, crop: float = 0.0, scale: float = 1.0) -> Path:
    """Write a clip again: cropped by a part of its width and height, scaled, and coded badly."""
    frames = []
    with av.open(str(source)) as file:
        for frame in file.decode(video=0):
            picture = frame.to_ndarray(format="rgb24")
            height, width = picture.shape[:2]
            top, left = round(height * crop * 0.3), round(width * crop * 0.6)
            kept = picture[
                top : top + round(height * (1 - crop)), left : left + round(width * (1 - crop))
            ]
            size = (round(kept.shape[1] * scale) // 2 * 2, round(kept.shape[0] * scale) // 2 * 2)
            frames.append(cv2.resize(kept, size, interpolation=cv2.INTER_AREA))
    return _write(to, frames, crf=33)


def without_credentials(source: Path, to: Path) -> Path:
    """Copy the coded pictures into a file of their own, as many sites do."""
    with av.open(str(source)) as file, av.open(str(to), "w", format="mp4") as out:
        stream = out.add_stream_from_template(file.streams.video[0])
        for packet in file.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return to


def beside(first: Path, second: Path, to: Path) -> Path:
    """Put two clips into one file, each as a video stream: one is shown, and one hidden."""
    with (
        av.open(str(first)) as one,
        av.open(str(second)) as other,
        av.open(str(to), "w", format="mp4") as out,
    ):
        sources = [one, other]
        streams = [out.add_stream_from_template(clip.streams.video[0]) for clip in sources]
        for clip, stream in zip(sources, streams, strict=True):
            for packet in clip.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    return to


def put_clip(work: Generation, path: Path) -> Rendition:
    """Make a file the share master of a work."""
    master = work.renditions.get(kind=Rendition.Kind.MASTER)
    with path.open("rb") as file:
        master.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        master.file.save(f"{path.stem}-{work.pk}.mp4", File(file), save=False)
    master.size_bytes = path.stat().st_size
    master.save()
    return master


def _write(path: Path, frames: list[NDArray[Any]], *, crf: int = 20) -> Path:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        stream = file.add_stream("libx264", rate=RATE, options={"crf": str(crf)})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path
