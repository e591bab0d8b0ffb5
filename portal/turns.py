"""Requests of one web process take turns in Python.

A statement lets go of the interpreter's lock, another thread takes it at once, and the first has to
get it back: with many threads a request pays for a change of threads at each of its statements, and
on a server of databases others wait meanwhile for the rows that it has locked. One request after
the other, far more are answered in a second; what is waited for in the database is made up for by a
second process (docs/running.md; tests/bench/bench_api.py).

A turn is no lock, and nothing may rest on it: whoever holds one for long, or asks somebody outside
meanwhile, has others beside it.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from portal.lending import lending

HELD_SECONDS = 0.05  # a page of ours takes less; what takes longer waits for something

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turns:
    """First come, first served; who holds a turn for `seconds` has had it."""

    def __init__(self, *, seconds: float = HELD_SECONDS) -> None:
        self._seconds = seconds
        self._mutex = threading.Lock()
        self._line: deque[threading.Lock] = deque()  # the first holds the turn
        self._since = 0.0
        self._here = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others go on for as long as this thread waits for somebody outside."""
        if not self._is_in_one:
            yield
            return
        self._leave()
        try:
            yield
        finally:
            self._enter()

    @property
    def _is_in_one(self) -> bool:
        return getattr(self._here, "mine", None) is not None

    def _enter(self) -> None:
        mine = threading.Lock()
        mine.acquire()
        self._here.mine = mine
        with self._mutex:
            self._line.append(mine)
            if self._line[0] is mine:
                self._since = time.monotonic()
                return
        while not mine.acquire(timeout=self._seconds):
            if self._has_lapsed_for(mine):
                return

    def _leave(self) -> None:
        mine, self._here.mine = self._here.mine, None
        with self._mutex:
            if self._line and self._line[0] is mine:  # otherwise it had lapsed
                self._go_on()
                if self._line:
                    self._line[0].release()

    def _has_lapsed_for(self, mine: threading.Lock) -> bool:
        """Take over from whoever has held the turn for too long, if one is next."""
        with self._mutex:
            is_next = len(self._line) > 1 and self._line[1] is mine
            if is_next and time.monotonic() - self._since >= self._seconds:
                self._go_on()
                return True
        return False

    def _go_on(self) -> None:
        self._line.popleft()
        self._since = time.monotonic()


requests = Turns()


def in_turn(application: Application) -> Application:
    """The same WSGI application, one request after the other. What it streams is its own affair."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with requests.turn(), lending.lent():
            return application(environ, start_response)

    return answer
