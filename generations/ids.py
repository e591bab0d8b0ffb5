"""How a generation is named in the API: `video_` and the 32 hexadecimal digits of its id."""

import re
from uuid import UUID

_VIDEO_ID = re.compile(r"video_([0-9a-f]{32})", re.ASCII)


def write_video_id(generation_id: UUID) -> str:
    return f"video_{generation_id.hex}"


def read_video_id(text: str) -> UUID | None:
    """Return the generation's id, or None for a text that names no generation."""
    match = _VIDEO_ID.fullmatch(text)
    return UUID(match[1]) if match else None
