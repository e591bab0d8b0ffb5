"""What the supervisor and its parts say, line by line on one terminal."""

import threading
from contextlib import suppress
from typing import Protocol


class Stream(Protocol):
    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


class Console:
    """Writes whole lines, from any thread, each after the name of who says it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, line: str, *, speaker: str = "") -> None:
        """Write one line; a terminal that has gone away must not keep anybody from stopping."""
        prefix = f"{speaker:<6} | " if speaker else ""
        with self._lock, suppress(OSError):
            self._stream.write(f"{prefix}{line}\n")
            self._stream.flush()
