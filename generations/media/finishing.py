"""Making the renditions of a render, with the untrusted file kept at arm's length."""

import hashlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from generations.media.bad_media import BadMedia
from generations.media.kinds import CONTENT_TYPES, FILE_NAMES
from generations.media.limits import Limits

__all__ = ["BadMedia", "Limits", "Made", "finish"]

ROOT = Path(__file__).resolve().parents[2]
ANSWER_MAX_BYTES = 10_000
FRAME_RATE = re.compile(r"[1-9]\d{0,9}(/[1-9]\d{0,9})?", re.ASCII)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """One rendition on disk. Width and height in pixels, as shown; see Rendered."""

    kind: str
    path: Path
    content_type: str
    width: int
    height: int
    duration_seconds: float | None
    frame_rate: str | None
    size_bytes: int
    sha256: str


def finish(source: Path, out: Path, *, limits: Limits | None = None) -> list[Made]:
    """Make the share master, proxy, poster and filmstrip of a clip in a private, empty folder.

    The clip is opened in a child process that is bound by `limits` and has none of our
    environment. Raises BadMedia when the clip is not sound, and when the child crashes, hangs or
    wants more than it may have; OSError when the machine is at fault, so that another try may
    succeed.
    """
    limits = limits or Limits()
    with tempfile.TemporaryFile(dir=out) as said, tempfile.TemporaryFile(dir=out) as complaints:
        code = _run_child(source, out, limits, said=said, complaints=complaints)
        if code != os.EX_OK:
            raise _reason(code, source, complaints)
        answer = _read(said)
    try:
        return _understand(answer, out)
    except (ValueError, KeyError, TypeError, OSError) as error:
        logger.exception("the decoder of %s said what it never should: %r", source, answer)
        raise BadMedia("decoder_failed", "The video cannot be decoded.") from error


def _run_child(
    source: Path, out: Path, limits: Limits, *, said: IO[bytes], complaints: IO[bytes]
) -> int:
    """Run the child to its end, and return its exit code; a signal's number is negative."""
    command = [sys.executable, "-m", "generations.media.finish_child"]
    command += [str(source.resolve()), str(out.resolve()), str(os.getpid())]
    command += [json.dumps(asdict(limits))]
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1",  # nothing is imported from the folder it works in
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # arenas count against the limit of addresses
    }
    with subprocess.Popen(  # noqa: S603  (a command of our own, without a shell)
        command,
        cwd=out,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=complaints,
        start_new_session=True,
    ) as child:
        try:
            return child.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired as error:
            raise BadMedia("too_heavy", "Decoding it takes too long.") from error
        finally:
            child.kill()


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
        size_bytes=path.stat().st_size,
        sha256=digest,
    )
