"""Looking at a file that anybody may have sent, with the file kept at arm's length."""

import json
import logging
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from generations.media.bad_media import BadMedia
from generations.media.confined import run_child
from generations.media.inspection.prints import PRINTS_BYTES
from generations.media.limits import Limits

# A minute of 1920x1080 takes 20 CPU seconds to decode; what takes longer is not known by its look.
LIMITS = Limits(memory_bytes=2_000_000_000, cpu_seconds=40, wall_seconds=90, file_bytes=1_000_000)

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Credential:
    """A manifest: signed by us or not, whole or changed, and by whom."""

    is_ours: bool
    is_whole: bool
    signer: str


@dataclass(frozen=True)
class Look:
    """By what a clip is known: the hash of its coded pictures, and its prints.

    Both are empty where it could not be decoded; prints also where it shows too little.
    """

    video_sha256: str = ""
    prints: bytes = b""


def read_credential(
    source: Path, work: Path, *, roots: str, holders: Collection[str]
) -> Credential | None:
    """Read the newest manifest of a file in a child process; None where there is none.

    Ours is one that was signed under one of the roots by a certificate of one of the holders.
    Raises BadMedia where the child crashes, hangs or wants too much, and OSError where the machine
    is at fault.
    """
    return _ask(source, work, roots, partial(_understand_credential, holders=holders))


def look(source: Path, work: Path) -> Look:
    """Decode a clip in a child process; raises OSError where the machine is at fault."""
    try:
        return _ask(source, work, "", _understand_look)
    except BadMedia:
        return Look()


def _ask(source: Path, work: Path, roots: str, understand: Callable[[Any], Answer]) -> Answer:
    """Run the child, and read its answer as one that a hostile file may have forged."""
    answer = b"".join(run_child("generations.media.inspection.child", source, work, LIMITS, roots))
    try:
        return understand(json.loads(answer))
    except (ValueError, KeyError, TypeError) as error:
        logger.exception("what looked at %s said what it never should: %r", source, answer)
        raise BadMedia("decoder_failed", "The video cannot be decoded.") from error


def _understand_credential(said: Any, *, holders: Collection[str]) -> Credential | None:
    found = said["credential"]
    if found is None:
        return None
    is_ours = found["is_trusted"] is True and found["holder"] in holders
    return Credential(
        is_ours=is_ours,
        is_whole=is_ours and found["is_whole"] is True,
        signer=str(found["signer"]),
    )


def _understand_look(said: Any) -> Look:
    if "bad" in said:
        return Look()
    found = Look(str(said["video_sha256"]), bytes.fromhex(said["prints"]))
    if not SHA256.fullmatch(found.video_sha256) or len(found.prints) not in (0, PRINTS_BYTES):
        raise ValueError("not the shape of an answer")
    return found
