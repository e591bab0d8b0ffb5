"""Stills of a clip as JPEG, with the decoder at arm's length."""

import json
import logging
import re
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.confined import run_child
from generations.media.limits import Limits

STILL_MAX_BYTES = 1_000_000
LIMITS = Limits(
    memory_bytes=2_000_000_000, cpu_seconds=40, wall_seconds=90, file_bytes=STILL_MAX_BYTES
)
NAME = re.compile(r"still-\d\.jpg", re.ASCII)
MOST = 10

logger = logging.getLogger(__name__)


def take_stills(source: Path, work: Path) -> list[bytes]:
    """Take a few stills at even distances, in a private folder to work in.

    Raises BadMedia where the clip cannot be decoded, and OSError where the machine is at fault.
    """
    answer = b"".join(run_child("generations.media.stills_child", source, work, LIMITS))
    try:
        return [_read(work / name) for name in _names(json.loads(answer))]
    except (ValueError, KeyError, TypeError) as error:
        logger.exception("what took stills of %s said what it never should: %r", source, answer)
        raise BadMedia("decoder_failed", "The video cannot be decoded.") from error


def _names(said: Any) -> list[str]:
    if "bad" in said:
        raise BadMedia(str(said["bad"]["kind"]), str(said["bad"]["message"]))
    names = said["stills"]
    if not isinstance(names, list) or not 0 < len(names) <= MOST:
        raise ValueError("not the shape of an answer")
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in names):
        raise ValueError("not the name of a still")
    return names


def _read(path: Path) -> bytes:
    if path.is_symlink() or path.stat().st_size > STILL_MAX_BYTES:
        raise ValueError(f"{path.name} is not a still")
    return path.read_bytes()
