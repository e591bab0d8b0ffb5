"""Running a child process that opens untrusted media, at arm's length."""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO

from generations.media.bad_media import BadMedia
from generations.media.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
ANSWER_MAX_BYTES = 20_000

logger = logging.getLogger(__name__)


def run_child(module: str, source: Path, work: Path, limits: Limits, *arguments: str) -> bytes:
    """Run `python -m module source work parent-pid limits …`, and return what it says.

    It is bound by the limits (which it takes on itself), works in the private folder `work`, and
    has none of our environment. Raises BadMedia when it crashes, hangs or wants more than it may
    have, and OSError when the machine is at fault, so that another try may succeed.
    """
    with tempfile.TemporaryFile(dir=work) as said, tempfile.TemporaryFile(dir=work) as complaints:
        command = [sys.executable, "-m", module, str(source.resolve()), str(work.resolve())]
        command += [str(os.getpid()), json.dumps(asdict(limits)), *arguments]
        code = _run(command, work, limits, said=said, complaints=complaints)
        if code != os.EX_OK:
            raise _reason(code, source, complaints)
        return _read(said)


def _run(
    command: list[str], work: Path, limits: Limits, *, said: IO[bytes], complaints: IO[bytes]
) -> int:
    """Run the child to its end, and return its exit code; a signal's number is negative."""
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
        cwd=work,
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
        return OSError(f"{source.name} could not be opened: {said}")
    if code == -signal.SIGXCPU:
        return BadMedia("too_heavy", "Decoding it takes too much computing time.")
    logger.error("the decoder of %s ended with %d: %s", source, code, said[-2000:])
    return BadMedia("decoder_failed", "The video cannot be decoded.")


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(ANSWER_MAX_BYTES)
