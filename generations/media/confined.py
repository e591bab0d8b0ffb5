"""Running a child process that opens untrusted media, at arm's length."""

import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, cast

from generations.media.bad_media import BadMedia
from generations.media.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
ANSWER_MAX_BYTES = 20_000

logger = logging.getLogger(__name__)


def run_child(
    module: str, source: Path, work: Path, limits: Limits, *arguments: str
) -> Generator[bytes, None, None]:
    """Run `python -m module source work parent-pid limits …`, and yield each line that it says.

    It is bound by the limits (which it takes on itself), works in the private folder `work`, and
    has none of our environment; it ends with the iteration at the latest. Raises BadMedia when it
    crashes, hangs or wants more than it may have, and OSError when the machine is at fault, so
    that another try may succeed.
    """
    command = [sys.executable, "-m", module, str(source.resolve()), str(work.resolve())]
    command += [str(os.getpid()), json.dumps(asdict(limits)), *arguments]
    with tempfile.TemporaryFile(dir=work) as complaints:
        with _started(command, work, complaints) as child:
            try:
                yield from _lines(child, seconds=limits.wall_seconds)
            finally:
                child.kill()
        if child.returncode != os.EX_OK:
            raise _reason(child.returncode, source, complaints)


def _started(command: list[str], work: Path, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONSAFEPATH": "1",  # nothing is imported from the folder it works in
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # arenas and the buffers of threads count against the limit of
        "OPENBLAS_NUM_THREADS": "1",  # addresses, and grow with the machine
    }
    return subprocess.Popen(  # noqa: S603  (a command of our own, without a shell)
        command,
        cwd=work,
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
        return OSError(f"{source.name} could not be opened: {said}")
    if code == -signal.SIGXCPU:
        return BadMedia("too_heavy", "Decoding it takes too much computing time.")
    logger.error("the decoder of %s ended with %d: %s", source, code, said[-2000:])
    return BadMedia("decoder_failed", "The video cannot be decoded.")


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(ANSWER_MAX_BYTES)
