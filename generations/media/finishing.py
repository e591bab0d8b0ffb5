"""Making the renditions of a render, with the untrusted file kept at arm's length."""

import hashlib
import json
import logging
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from generations.media.bad_media import BadMedia
from generations.media.kinds import CONTENT_TYPES, FILE_NAMES, MAYBE
from generations.media.limits import Limits
from generations.media.marks import Mark

__all__ = ["BadMedia", "Limits", "Made", "Mark", "finish"]

ROOT = Path(__file__).resolve().parents[2]
ANSWER_MAX_BYTES = 10_000
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
    limits, marks = limits or Limits(), marks or {}
    answer = b""
    with tempfile.TemporaryFile(dir=out) as complaints:
        with _child(source, out, limits, marks, complaints) as child:
            try:
                for answer in _lines(child, seconds=limits.wall_seconds):
                    if on_poster and (poster := _understand_poster(answer, out)):
                        on_poster(poster)
            finally:
                child.kill()
        if child.returncode != os.EX_OK:
            raise _reason(child.returncode, source, complaints)
    try:
        return _understand(answer, out, marks)
    except UNDERSTOOD_NOT as error:
        raise _forged(answer) from error


def _child(
    source: Path, out: Path, limits: Limits, marks: Mapping[str, Mark], complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "generations.media.finish_child"]
    command += [str(source.resolve()), str(out.resolve()), str(os.getpid())]
    command += [json.dumps(asdict(limits))]
    command += [json.dumps({kind: asdict(mark) for kind, mark in marks.items()})]
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1",  # nothing is imported from the folder it works in
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # arenas count against the limit of addresses
    }
    return subprocess.Popen(  # noqa: S603  (a command of our own, without a shell)
        command,
        cwd=out,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=complaints,
        start_new_session=True,
    )


def _lines(child: subprocess.Popen[bytes], *, seconds: float) -> Iterator[bytes]:
    """Yield the lines that a child says until it has ended; one that says too much is ended.

    Raises BadMedia when that takes longer than so many seconds.
    """
    ends_at = time.monotonic() + seconds
    pipe = cast("IO[bytes]", child.stdout)
    said, total = b"", 0
    while select.select([pipe], [], [], max(0.0, ends_at - time.monotonic()))[0]:
        block = os.read(pipe.fileno(), ANSWER_MAX_BYTES)
        if not block:
            break
        *lines, said = (said + block).split(b"\n")
        yield from lines
        total += len(block)
        if total > ANSWER_MAX_BYTES:
            child.kill()
    try:
        child.wait(max(0.0, ends_at - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise BadMedia("too_heavy", "Decoding it takes too long.") from error


def _reason(code: int, source: Path, complaints: IO[bytes]) -> Exception:
    """Return what to raise for a child that ended badly."""
    said = _read(complaints).decode(errors="replace").strip()
    if code == os.EX_TEMPFAIL:
        return OSError(f"{source.name} could not be finished: {said}")
    if code == -signal.SIGXCPU:
        return BadMedia("too_heavy", "Decoding it takes too much computing time.")
    logger.error("the decoder of %s ended with %d: %s", source, code, said[-2000:])
    return BadMedia("decoder_failed", "The video cannot be decoded.")


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(ANSWER_MAX_BYTES)


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
