"""Works whose films say in the picture which frame is shown: in digits, and in blocks below."""

import hashlib
import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from django.core.files import File
from PIL import Image, ImageDraw

from generations.media.finishing import finish
from generations.models import Generation

BITS = 8
BLOCK = 24  # pixels a side

# In a page: the number that the blocks of a video show now.
READ = """
(video) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0);
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const x = bit * BLOCK + BLOCK / 2, y = canvas.height - BLOCK / 2;
    if (context.getImageData(x, y, 1, 1).data[0] > 128) number += 2 ** bit;
  }
  return number;
}
""".replace("BITS", str(BITS)).replace("BLOCK", str(BLOCK))


def give_film(
    work: Generation,
    folder: Path,
    *,
    rate: Fraction | int = 24,
    frames: int = 48,
    size: tuple[int, int] = (320, 180),
) -> Generation:
    """Make the renditions of a numbered film as a worker makes them, and put them in the work."""
    source, out = folder / "render.mp4", folder / "out"
    out.mkdir()
    _write(source, rate=rate, frames=frames, size=size)
    for made in finish(source, out):
        rendition = work.renditions.get(kind=made.kind)
        for name in ("width", "height", "duration_seconds", "frame_rate", "size_bytes", "sha256"):
            setattr(rendition, name, getattr(made, name))
        with made.path.open("rb") as file:
            assert hashlib.file_digest(file, "sha256").hexdigest() == made.sha256
            rendition.file.save(made.path.name, File(file), save=False)
        rendition.save()
    shutil.rmtree(out)
    return work


def _write(path: Path, *, rate: Fraction | int, frames: int, size: tuple[int, int]) -> None:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        stream = file.add_stream("libx264", rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = 1 / Fraction(rate)
        for number in range(frames):
            frame = VideoFrame.from_ndarray(np.asarray(_picture(number, size)), "rgb24")
            frame.pts, frame.time_base = number, 1 / Fraction(rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _picture(number: int, size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, (20, 60, 140))
    draw = ImageDraw.Draw(image)
    draw.text((12, 12), str(number), fill="white", font_size=60)
    top = size[1] - BLOCK
    for bit in range(BITS):
        colour = "white" if number >> bit & 1 else "black"
        draw.rectangle((bit * BLOCK, top, (bit + 1) * BLOCK - 1, size[1]), fill=colour)
    return image
