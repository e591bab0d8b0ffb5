"""The outermost structure of an MP4 or MOV file: a row of boxes (ISO/IEC 14496-12, section 4.2)."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from generations.media.bad_media import BadMedia

HEADER_BYTES = 8
LARGE_HEADER_BYTES = 16
MAX_BOXES = 100_000  # a fragment a frame in the longest clip makes 28,800


class Box(NamedTuple):
    kind: bytes
    brand: bytes  # the first four bytes of what it holds; a brand in an `ftyp`


def begins_as_video(head: bytes) -> bool:
    """Tell by its first HEADER_BYTES whether a file may be an MP4 or MOV video."""
    return head[4:HEADER_BYTES] == b"ftyp"


def read_boxes(path: Path) -> list[Box]:
    """Return the outermost boxes of a file that begins with `ftyp` and is whole.

    Raises BadMedia for a file that begins otherwise, and for one that ends within a box.
    """
    boxes: list[Box] = []
    size = path.stat().st_size
    if size == 0:
        raise BadMedia("not_a_video", "The file is empty.")
    with path.open("rb") as file:
        start = 0
        while start < size:
            file.seek(start)
            box, length = _parse(file.read(LARGE_HEADER_BYTES + 4), rest=size - start)
            if not boxes and box.kind != b"ftyp":
                raise BadMedia("not_a_video", "The file is not an MP4 or MOV video.")
            if start + length > size:
                raise BadMedia("truncated", "The file is cut short: its end is missing.")
            if len(boxes) == MAX_BOXES:
                raise BadMedia("out_of_bounds", f"The file has more than {MAX_BOXES:,} parts.")
            boxes.append(box)
            start += length
    return boxes


def _parse(header: bytes, *, rest: int) -> tuple[Box, int]:
    if len(header) < HEADER_BYTES:
        raise BadMedia("truncated", "The file is cut short: its end is missing.")
    length, kind = struct.unpack(">I4s", header[:HEADER_BYTES])
    content = HEADER_BYTES
    if length == 1 and len(header) >= LARGE_HEADER_BYTES:
        (length,) = struct.unpack(">Q", header[HEADER_BYTES:LARGE_HEADER_BYTES])
        content = LARGE_HEADER_BYTES
    elif length == 0:  # to the end of the file
        length = rest
    if length < content:
        raise BadMedia("corrupt", "The file's structure is damaged.")
    return Box(kind, header[content : content + 4]), length


def has_index_first(boxes: Sequence[Box]) -> bool:
    """Say whether a player finds the index before the frames, so that it starts at once."""
    kinds = [box.kind for box in boxes]
    return b"moov" in kinds and b"mdat" in kinds and kinds.index(b"moov") < kinds.index(b"mdat")


def is_fragmented(boxes: Sequence[Box]) -> bool:
    return any(box.kind == b"moof" for box in boxes)
