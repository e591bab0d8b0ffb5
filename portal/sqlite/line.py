"""Who writes stands in line: first come, first served."""

import os
import threading
import weakref
from collections import deque
from functools import cache


class Line:
    """A lock of one process that goes to whoever has waited for it the longest.

    A lock of `threading` goes to whoever asks at the right moment, and SQLite's own is asked for
    again after ever longer sleeps: of many who write, a few then wait for seconds.
    """

    def __init__(self) -> None:
        self.clear()
        _lines.add(self)

    def clear(self) -> None:
        self._mutex = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, *, seconds: float) -> bool:
        """Wait for one's turn, so long at most; False says that it did not come."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=seconds):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it came at the last moment

    def leave(self) -> None:
        """Let the next one in."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_lines: "weakref.WeakSet[Line]" = weakref.WeakSet()


@cache
def line_of(database: str) -> Line:
    """The line of this process before one database, by its name."""
    return Line()


def _clear_all() -> None:
    """Forget who stood in line in the parent of a forked process: none of them is here."""
    for line in _lines:
        line.clear()


os.register_at_fork(after_in_child=_clear_all)
