"""Stills of a clip: a poster with its placeholder, and a filmstrip to scrub by."""

from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image, ImageStat

from generations.media.bad_media import BadMedia
from generations.media.probe import BT709, THREADS, UNSPECIFIED, Clip

POSTER_WIDTH = 1280
POSTER_QUALITY = 82
POSTER_EFFORT = 2  # of 6: a third of the time of 4, which is usual, for 3 % more bytes
POSTER_AT = (0.35, 0.5, 0.65, 0.2, 0.8, 0.05)  # of the clip: where to look, in this order
STILLS_AT = (0.1, 0.37, 0.63, 0.9)  # of the clip: what a check of its pictures looks at
PLACEHOLDER_GRID = (4, 4)
PLAIN_CONTRAST = 12.0  # standard deviation of brightness (0 to 255) under which a frame looks empty
LONG_WAY = 4_000_000  # coded bytes to decode: a quarter of a CPU second
COST_OF_A_PIXEL = 0.08  # to decode a pixel takes as long as to read so many coded bytes
STRIP_FRAMES = 12
STRIP_FRAME_WIDTH = 160
STRIP_QUALITY = 75
HD_HEIGHT = 720
ROUNDING_SECONDS = 1e-4
NO_FRAME = BadMedia("corrupt", "The video has no frame that can be read.")


def find_poster(container: InputContainer, clip: Clip) -> Image.Image:
    """Return the first frame in POSTER_AT that shows something, else the one that shows most.

    It is found by seeking, before the clip is decoded whole. People wait for it: where a place is
    far from its key frame, a frame on the way that shows something will do. Raises BadMedia.
    """
    video = container.streams.video[0]
    video.thread_type = "AUTO"
    video.codec_context.thread_count = THREADS
    best: tuple[float, Image.Image] | None = None
    for place in POSTER_AT:
        for frame in _frames_towards(place * clip.duration_seconds, container):
            image = upright_image(frame, clip, width=POSTER_WIDTH)
            contrast = ImageStat.Stat(image.convert("L")).stddev[0]
            if contrast >= PLAIN_CONTRAST:
                return image
            if best is None or contrast > best[0]:
                best = contrast, image
    if best is None:
        raise NO_FRAME
    return best[1]


def _frames_towards(seconds: float, container: InputContainer) -> Iterator[VideoFrame]:
    """Yield the frame shown so many seconds into the video, or nothing where none can be read.

    Where the way there from the last key frame is long, frames on the way are yielded before it.
    """
    video = container.streams.video[0]
    wanted = seconds + float((video.start_time or 0) * (video.time_base or 0))
    frame_cost = video.width * video.height * COST_OF_A_PIXEL
    last, cost = None, 0.0
    try:
        container.seek(int(wanted * av.time_base))
        for packet in container.demux(video):
            cost += packet.size + frame_cost
            for frame in packet.decode():
                if frame.time is not None and frame.time > wanted + ROUNDING_SECONDS:
                    yield last or frame
                    return
                last = frame
            if last is not None and cost > LONG_WAY:
                yield last
                cost = 0.0
    except av.error.MemoryError:
        raise
    except av.error.FFmpegError:  # the pass over the whole clip says what is wrong
        return
    if last is not None:
        yield last


def find_stills(container: InputContainer, clip: Clip, *, width: int) -> list[Image.Image]:
    """Return a frame at or on the way to each of STILLS_AT, no wider than so many pixels.

    Raises BadMedia.
    """
    places = [place * clip.duration_seconds for place in STILLS_AT]
    frames = [next(_frames_towards(place, container), None) for place in places]
    found = [upright_image(frame, clip, width=width) for frame in frames if frame is not None]
    if not found:
        raise NO_FRAME
    return found


def save_poster(image: Image.Image, path: Path) -> tuple[int, int]:
    """Write the poster as WebP and return its width and height."""
    image.save(path, "WEBP", quality=POSTER_QUALITY, method=POSTER_EFFORT)
    return image.size


def blurred(image: Image.Image) -> str:
    """Return the colours of an image seen from far away: a grid, row by row, six hex digits each.

    See generations.models.generation.Generation.placeholder.
    """
    return image.resize(PLACEHOLDER_GRID, Image.Resampling.BOX).tobytes().hex()


class Filmstrip:
    """Collects frames at even distances and lays them in one row."""

    def __init__(self, clip: Clip) -> None:
        self._clip = clip
        step = clip.duration_seconds / STRIP_FRAMES
        self._due_at = [(number + 0.5) * step for number in range(STRIP_FRAMES)]
        self._images: list[Image.Image] = []
        self._before: VideoFrame | None = None

    def take(self, frame: VideoFrame, *, at_seconds: float) -> None:
        """Offer each frame in turn; one that stands at a due time is kept."""
        while self._due_at and at_seconds > self._due_at[0] + ROUNDING_SECONDS:
            self._keep(self._before or frame)
        self._before = frame

    def _keep(self, frame: VideoFrame) -> None:
        self._due_at.pop(0)
        self._images.append(upright_image(frame, self._clip, width=STRIP_FRAME_WIDTH))

    def save(self, path: Path) -> tuple[int, int]:
        """Write the strip as WebP and return its width and height."""
        if self._before is None:
            raise NO_FRAME
        while self._due_at:
            self._keep(self._before)
        width, height = self._images[0].size
        strip = Image.new("RGB", (width * STRIP_FRAMES, height))
        for number, image in enumerate(self._images):
            strip.paste(image, (number * width, 0))
        strip.save(path, "WEBP", quality=STRIP_QUALITY)
        return strip.size


def upright_image(frame: VideoFrame, clip: Clip, *, width: int) -> Image.Image:
    """Return a frame as people see it, in RGB, scaled down to a width in pixels."""
    shown_width, shown_height = clip.shown(clip.width, clip.height)
    scale = min(1.0, width / shown_width)
    size = (max(1, round(shown_width * scale)), max(1, round(shown_height * scale)))
    coded = size[::-1] if clip.is_sideways else size
    matrix = BT709 if _is_untagged_hd(frame) else None
    image: Image.Image = frame.to_image(width=coded[0], height=coded[1], src_colorspace=matrix)
    return image.rotate(clip.rotation, expand=True) if clip.rotation else image


def _is_untagged_hd(frame: VideoFrame) -> bool:
    """Say whether the matrix is to be guessed; browsers take BT.709 for high definition."""
    return frame.colorspace == UNSPECIFIED and min(frame.width, frame.height) >= HD_HEIGHT
