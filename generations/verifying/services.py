"""Saying of a file what can be known of it: its credential, and the public clip that it shows."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generations.media.bad_media import BadMedia
from generations.media.credentials.errors import BadIdentity
from generations.media.credentials.identity import holders, roots_pem
from generations.media.inspection.inspecting import Credential, look, read_credential
from generations.media.scratch import scratch_folder
from generations.models import SignedCopy
from generations.verifying.errors import CannotCheck, TooManyAtOnce
from generations.verifying.matching import find_alike, find_exact

AT_ONCE = 2  # files looked at in one process of web
TURN_SECONDS = 30  # for which a file that is here waits for its turn
_turns = threading.BoundedSemaphore(AT_ONCE)


class Finding(StrEnum):
    """How a file stands to us."""

    INTACT = "intact"  # signed by us, and as it was signed
    CHANGED = "changed"  # signed by us, and changed since
    SAME = "same"  # not signed, but the very pictures of a public clip
    ALIKE = "alike"  # looks like a public clip
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"  # no video, or none that can be decoded here


@dataclass(frozen=True)
class Verdict:
    """`copy` is the public clip that was found; `foreign` a credential of somebody else's."""

    finding: Finding
    copy: SignedCopy | None = None
    foreign: Credential | None = None


@contextmanager
def one_of_few() -> Iterator[None]:
    """Let few files be looked at together, each once it is here. Raises TooManyAtOnce."""
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _turns.release()


def check(file: Path) -> Verdict:
    """Say what a file is. It is opened in confined processes alone, and nothing of it is kept.

    Only public clips are compared, so neither the answer nor its time tells of any other.
    """
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    with scratch_folder() as work:
        credential = _credential(file, work)
        seen = look(file, work)
    exact = find_exact(sha256=sha256, look=seen)
    if credential and credential.is_whole:
        return Verdict(Finding.INTACT, exact)
    if credential and credential.is_ours:
        return Verdict(Finding.CHANGED, exact or find_alike(seen))
    if exact:
        return Verdict(Finding.SAME, exact, credential)
    if alike := find_alike(seen):
        return Verdict(Finding.ALIKE, alike, credential)
    finding = Finding.UNKNOWN if seen.video_sha256 else Finding.UNREADABLE
    return Verdict(finding, foreign=credential)


def public_roots() -> str:
    """Return the roots under which the programme signs, in PEM. Raises CannotCheck."""
    try:
        return roots_pem()
    except BadIdentity as exc:
        raise CannotCheck from exc


def _credential(file: Path, work: Path) -> Credential | None:
    try:
        return read_credential(file, work, roots=roots_pem(), holders=holders())
    except BadIdentity as exc:
        raise CannotCheck from exc
    except BadMedia:
        return None
