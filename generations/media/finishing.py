"""Making the renditions of a render, with the untrusted file kept at arm's length."""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.confined import run_child
from generations.media.kinds import CONTENT_TYPES, FILE_NAMES
from generations.media.limits import Limits

__all__ = ["BadMedia", "Limits", "Made", "finish"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """One rendition on disk. Width and height in pixels, as shown."""

    kind: str
    path: Path
    content_type: str
    width: int
    height: int
    duration_seconds: float | None
    size_bytes: int
    sha256: str


def finish(source: Path, out: Path, *, limits: Limits | None = None) -> list[Made]:
    """Make the share master, proxy, poster and filmstrip of a clip in a private, empty folder.

    The clip is opened in a child process that is bound by `limits` and has none of our
    environment. Raises BadMedia when the clip is not sound, and when the child crashes, hangs or
    wants more than it may have; OSError when the machine is at fault, so that another try may
    succeed.
    """
    answer = run_child("generations.media.finish_child", source, out, limits or Limits())
    try:
        return _understand(answer, out)
    except (ValueError, KeyError, TypeError, OSError) as error:
        logger.exception("the decoder of %s said what it never should: %r", source, answer)
        raise BadMedia("decoder_failed", "The video cannot be decoded.") from error


def _understand(answer: bytes, out: Path) -> list[Made]:
    """Read the child's answer as one that a hostile clip may have forged."""
    said = json.loads(answer)
    if "bad" in said:
        raise BadMedia(said["bad"]["kind"], said["bad"]["message"])
    made = [_measure(rendered, out) for rendered in said["made"]]
    if [one.kind for one in made] != list(FILE_NAMES):
        raise ValueError("not every rendition was made")
    return made


def _measure(rendered: dict[str, Any], out: Path) -> Made:
    path = out / FILE_NAMES[rendered["kind"]]
    if path.is_symlink():
        raise ValueError(f"{path.name} is a link")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(
        kind=rendered["kind"],
        path=path,
        content_type=CONTENT_TYPES[path.suffix],
        width=int(rendered["width"]),
        height=int(rendered["height"]),
        duration_seconds=rendered["duration_seconds"],
        size_bytes=path.stat().st_size,
        sha256=digest,
    )
