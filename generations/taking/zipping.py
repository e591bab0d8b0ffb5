"""A zip archive as a stream: written once from front to back, never held whole."""

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

MODE = stat.S_IFREG | 0o644


class Entry(NamedTuple):
    """One file that goes in. `size_bytes` is what is known of its size beforehand."""

    path: str
    blocks: Iterable[bytes]
    size_bytes: int = 0


def zipped(entries: Iterable[Entry], *, at: datetime) -> Iterator[bytes]:
    """Yield the bytes of an archive with these files, uncompressed; zip64 where it is needed.

    An entry is asked for once the one before it is written whole.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.path, timezone.localtime(at).timetuple()[:6])
            info.external_attr = MODE << 16
            info.file_size = entry.size_bytes  # tells whether it needs zip64
            with archive.open(info, "w") as file:
                for block in entry.blocks:
                    file.write(block)
                    yield outlet.take()
            yield outlet.take()
    yield outlet.take()


class Source(io.RawIOBase):
    """Blocks of bytes as a file that is read once, for a storage to store."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            try:
                self._rest = next(self._blocks)
            except StopIteration:
                return 0
        length = min(len(buffer), len(self._rest))
        buffer[:length], self._rest = self._rest[:length], self._rest[length:]
        return length


class _Outlet(io.RawIOBase):
    """Where the archive writes to: it cannot be sought in, and is emptied after each block."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, block: bytes) -> int:  # type: ignore[override]
        self._written.append(bytes(block))
        return len(block)

    def take(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken
