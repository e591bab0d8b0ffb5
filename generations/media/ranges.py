"""Byte ranges of HTTP (RFC 9110, section 14)."""

import re
from typing import NamedTuple

SINGLE_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The range begins past the end."""


class Span(NamedTuple):
    """Bytes from `start` up to, not including, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


def parse_range(header: str, *, size_bytes: int) -> Span | None:
    """Return the one range that a header asks for; None where the whole file is the answer.

    That is so, by the RFC, for no range, several ranges, and anything that is not a range.
    Raises Unsatisfiable.
    """
    match = SINGLE_RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size_bytes)
        if length == 0:
            raise Unsatisfiable
        return Span(size_bytes - length, size_bytes)
    start = int(first)
    stop = min(int(last) + 1, size_bytes) if last else size_bytes
    if last and int(last) < start:
        return None
    if start >= size_bytes:
        raise Unsatisfiable
    return Span(start, stop)
