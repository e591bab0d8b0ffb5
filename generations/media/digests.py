"""The hash of a stored file, computed once for as long as the file stays as it is."""

import hashlib
import os

from django.core.files import File

MAX_REMEMBERED = 4096

_Identity = tuple[int, int, int, int, int]
_digests: dict[_Identity, str] = {}


def digest_of(file: File) -> str:
    """Return the SHA-256 of an open file on disk, and leave the file at its beginning.

    Remembered, in this process, by device, inode, size and the times of the last change; the
    latter of content and of the inode cannot both be set back.
    """
    found = os.fstat(file.fileno())
    identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    if identity not in _digests:
        if len(_digests) >= MAX_REMEMBERED:
            _digests.clear()
        _digests[identity] = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
    return _digests[identity]
