"""Making the renditions of a render, with the untrusted file kept at arm's length."""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.confined import run_child
from generations.media.kinds import CONTENT_TYPES, FILE_NAMES, MAYBE
from generations.media.limits import Limits
from generations.media.marks import Mark

__all__ = ["BadMedia", "Limits", "Made", "Mark", "finish"]

FRAME_RATE = re.compile(r"[1-9]\d{0,9}(/[1-9]\d{0,9})?", re.ASCII)
PLACEHOLDER = re.compile("([0-9a-f]{96})?", re.ASCII)
UNDERSTOOD_NOT = (ValueError, KeyError, TypeError, OSError)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """One rendition on disk. Width and height in pixels, as shown.

    `placeholder` is of the poster, the `mark` of what has one: see Rendition and Generation.
    `frame_rate`: see Rendered.
    """

    kind: str
    path: Path
    content_type: str
    width: int
    height: int
    duration_seconds: float | None
    frame_rate: str | None
    placeholder: str
    mark: str
    size_bytes: int
    sha256: str


def finish(
    source: Path,
    out: Path,
    *,
    limits: Limits | None = None,
    marks: Mapping[str, Mark] | None = None,
    on_poster: Callable[[Made], None] | None = None,
) -> list[Made]:
    """Make the renditions of a clip in a private, empty folder, with marks in the kinds named.

    The clip is opened in a child process that is bound by `limits` and has none of our
    environment. `on_poster` is given the poster while the rest is being made: a clip that is not
    sound may have one too. Raises BadMedia when the clip is not sound, and when the child crashes,
    hangs or wants more than it may have; OSError when the machine is at fault, so that another try
    may succeed.
    """
    marks, answer = marks or {}, b""
    styles = json.dumps({kind: asdict(mark) for kind, mark in marks.items()})
    child = run_child("generations.media.finish_child", source, out, limits or Limits(), styles)
    with closing(child) as lines:
        for answer in lines:
            if on_poster and (poster := _understand_poster(answer, out)):
                on_poster(poster)
    try:
        return _understand(answer, out, marks)
    except UNDERSTOOD_NOT as error:
        raise _forged(answer) from error


def _understand_poster(line: bytes, out: Path) -> Made | None:
    """Read a line of the child's as one that a hostile clip may have forged; None for the last."""
    try:
        said = json.loads(line)
        return _measure(said["poster"], out, {}) if "poster" in said else None
    except UNDERSTOOD_NOT as error:
        raise _forged(line) from error


def _understand(answer: bytes, out: Path, marks: Mapping[str, Mark]) -> list[Made]:
    """Read the child's last line, no more trusted."""
    said = json.loads(answer)
    if "bad" in said:
        raise BadMedia(said["bad"]["kind"], said["bad"]["message"])
    made = [_measure(rendered, out, marks) for rendered in said["made"]]
    kinds = [one.kind for one in made]
    if [kind for kind in FILE_NAMES if kind in kinds or kind not in MAYBE] != kinds:
        raise ValueError("not every rendition was made")
    return made


def _forged(answer: bytes) -> BadMedia:
    logger.exception("a decoder said what it never should: %r", answer)
    return BadMedia("decoder_failed", "The video cannot be decoded.")


def _measure(rendered: dict[str, Any], out: Path, marks: Mapping[str, Mark]) -> Made:
    if not PLACEHOLDER.fullmatch(rendered["placeholder"]):
        raise ValueError("what should be colours is not")
    mark = marks.get(rendered["kind"])
    path = out / FILE_NAMES[rendered["kind"]]
    if path.is_symlink():
        raise ValueError(f"{path.name} is a link")
    rate = rendered["frame_rate"]
    if rate is not None and not FRAME_RATE.fullmatch(rate):
        raise ValueError(f"{rate!r} is no frame rate")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(
        kind=rendered["kind"],
        path=path,
        content_type=CONTENT_TYPES[path.suffix],
        width=int(rendered["width"]),
        height=int(rendered["height"]),
        duration_seconds=rendered["duration_seconds"],
        frame_rate=rate,
        placeholder=rendered["placeholder"],
        mark=mark.style if mark else "",
        size_bytes=path.stat().st_size,
        sha256=digest,
    )
