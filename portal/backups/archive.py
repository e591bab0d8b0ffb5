"""The archive of a backup: a plain tar that ends with the SHA-256 of every file in it.

`SHA256SUMS` is what `sha256sum --check` reads once the archive is unpacked. It comes last, so an
archive without it was cut off. Nothing here is ever held whole in memory.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from portal.backups.errors import BackupRefused

BLOCK_BYTES = 1024 * 1024
TAR_BLOCK_BYTES = 64 * 1024  # with larger ones small files are copied too often
SUMS = "SHA256SUMS"


class Measured(io.RawIOBase):
    """A file that is read once from front to back, and hashed on the way."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._source.read(len(buffer))
        buffer[: len(block)] = block
        self._digest.update(block)
        self.size_bytes += len(block)
        return len(block)

    def read_whole(self) -> str:
        """Read on to the end, and return the hash of the whole."""
        while self.read(BLOCK_BYTES):
            pass
        return self._digest.hexdigest()


class Member(io.RawIOBase):
    """A file in an archive; where the archive is cut off in it, its name is told."""

    def __init__(self, path: Path, name: str, content: IO[bytes]) -> None:
        self._path, self._name, self._content = path, name, content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._content.read(len(buffer))
        except (tarfile.TarError, EOFError) as error:
            raise BackupRefused(f"{self._path.name} is broken at {self._name}: {error}.") from error
        buffer[: len(block)] = block
        return len(block)


class Writer:
    """Writes an archive; `sums` is a file of text for the hashes meanwhile."""

    def __init__(self, tar: tarfile.TarFile, sums: IO[str]) -> None:
        self._tar, self._sums = tar, sums

    def add(self, name: str, source: IO[bytes], *, size_bytes: int) -> str:
        """Put a file of a known size in, and return its hash. Raises OSError where it is short."""
        measured = Measured(source)
        self._put(name, measured, size_bytes)
        sha256 = measured.read_whole()
        self._sums.write(line(sha256, name))
        return sha256

    def finish(self) -> None:
        self._sums.flush()
        with Path(self._sums.name).open("rb") as sums:
            self._put(SUMS, sums, Path(self._sums.name).stat().st_size)

    def _put(self, name: str, source: Any, size_bytes: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size_bytes, 0o600
        self._tar.addfile(member, source)
        forget(self._tar)


@contextmanager
def writing(path: Path, sums: Path) -> Iterator[Writer]:
    """Write an archive to a new file, of which nobody else may read a byte."""
    path.touch(mode=0o600, exist_ok=False)
    with (
        path.open("wb") as raw,
        sums.open("w", encoding="utf-8") as text,
        tarfile.open(
            fileobj=raw, mode="w|", format=tarfile.PAX_FORMAT, bufsize=TAR_BLOCK_BYTES
        ) as tar,
    ):
        yield Writer(tar, text)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of every file in an archive, each to be read before the next.

    Raises BackupRefused, which names the file that is broken or that came before the break.
    """
    last = "its beginning"
    try:
        with (
            path.open("rb") as raw,
            tarfile.open(fileobj=raw, mode="r|", bufsize=TAR_BLOCK_BYTES) as tar,
        ):
            while (member := tar.next()) is not None:
                forget(tar)
                last = member.name
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupRefused(f"{path.name} is no backup: {last} in it is not a file.")
                yield last, io.BufferedReader(Member(path, last, content))
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"{path.name} is broken at {last}: {error}.") from error
    if last != SUMS:
        raise BackupRefused(f"{path.name} is cut off or broken after {last}.")


def forget(tar: tarfile.TarFile) -> None:
    """Let go of what an open archive remembers of every file in it."""
    tar.members = []  # type: ignore[attr-defined]


def check(path: Path, name: str, wanted: str, found: str) -> None:
    """Raise BackupRefused where a file's line is not the one that the archive ends with."""
    if wanted != found:
        raise BackupRefused(f"{path.name} is broken: {name} in it is not what was backed up.")


def line(sha256: str, name: str) -> str:
    if "\n" in name or "\\" in name:
        raise BackupRefused(f"The name of a file cannot be written down: {name!r}.")
    return f"{sha256}  {name}\n"


def read_line(text: str) -> tuple[str, str]:
    """Return the hash and the name in a line of the sums."""
    sha256, _, name = text.removesuffix("\n").partition("  ")
    return sha256, name
