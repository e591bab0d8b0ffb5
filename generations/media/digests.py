"""The hash of a stored file, computed once for as long as the file stays as it is."""

import hashlib
import os
from io import UnsupportedOperation
from threading import Lock
from weakref import WeakValueDictionary

from django.core.files import File

MAX_REMEMBERED = 4096

_Identity = tuple[object, ...]
_digests: dict[_Identity, str] = {}
_turns: WeakValueDictionary[_Identity, Lock] = WeakValueDictionary()
_turns_lock = Lock()


def digest_of(file: File) -> str:
    """Return the SHA-256 of an open file, and leave the file at its beginning.

    It is remembered, in this process, by the file's identity: on disk by device, inode, size and
    the times of the last change, of which those of content and inode cannot both be set back; in
    a bucket by name, tag, size and time. Of many threads that ask for the same file at once, one
    reads it and the others wait for what it finds.
    """
    identity = _identity_of(file)
    if identity is None:
        return _read(file)
    with _turn(identity):
        if known := _digests.get(identity):
            return known
        digest = _read(file)
        if len(_digests) >= MAX_REMEMBERED:
            _digests.clear()
        _digests[identity] = digest
        return digest


def _identity_of(file: File) -> _Identity | None:
    """Return what changes whenever the content does; None for a storage that does not tell."""
    if identity := getattr(file.file, "identity", None):
        return tuple(identity)
    try:
        found = os.fstat(file.fileno())
    except (AttributeError, UnsupportedOperation):
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _read(file: File) -> str:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _turn(identity: _Identity) -> Lock:
    """Return the lock of one file, which lives as long as somebody holds it or waits for it."""
    with _turns_lock:
        return _turns.setdefault(identity, Lock())
