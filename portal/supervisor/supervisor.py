"""Keep the parts of one portal running, and stop them together."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from portal.supervisor.console import Console
from portal.supervisor.parts import Part

TICK_SECONDS = 0.2
ALONE_SECONDS = 10  # for which the first part may keep the others waiting
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 1, 30
STEADY_SECONDS = 30  # a part that ran so long starts again with the first delay
STOP_SECONDS = 20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Kept:
    """One part with its restarts: after 1, 2, 4 … 30 seconds."""

    def __init__(self, part: Part, *, console: Console) -> None:
        self.part = part
        self._console = console
        self._delay = FIRST_DELAY_SECONDS
        self._started_at = 0.0
        self._due_at: float | None = None

    def start(self) -> None:
        self._due_at = None
        self._started_at = time.monotonic()
        self.part.start()

    def look_after(self) -> None:
        """Start the part again when it ended and its delay is over."""
        now = time.monotonic()
        if self._due_at is not None:
            if now >= self._due_at:
                self.start()
        elif not self.part.is_running():
            self.part.end()
            if now - self._started_at >= STEADY_SECONDS:
                self._delay = FIRST_DELAY_SECONDS
            self._console.say(
                f"{self.part.name} ended {self.part.how_it_ended()}; "
                f"it starts again in {self._delay} s."
            )
            self._due_at = now + self._delay
            self._delay = min(self._delay * 2, LONGEST_DELAY_SECONDS)


class Supervisor:
    """Runs in the main thread until SIGINT, SIGTERM or SIGHUP; a second signal hurries the end.

    The first part has the machine to itself until it is ready, for that is what people wait for;
    the others follow. `is_ready` is asked until it says yes; then `on_ready` is called, once, and
    may return a part that runs beside the others and is not started again.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        console: Console,
        is_ready: Callable[[], bool],
        on_ready: Callable[[], Part | None],
    ) -> None:
        self._waiting = [Kept(part, console=console) for part in parts]
        self._kept: list[Kept] = []
        self._console = console
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._passing: list[Part] = []
        self._signals = 0  # a number, not a lock: a handler may come in the middle of anything

    def run(self) -> None:
        with self._signals_caught():
            try:
                self._start(1)
                self._watch()
            finally:
                self._stop()

    def _watch(self) -> None:
        was_ready = False
        alone_until = time.monotonic() + ALONE_SECONDS
        while not self._signals:
            time.sleep(TICK_SECONDS)
            for kept in self._kept:
                kept.look_after()
            if not was_ready and self._is_ready():
                was_ready = True
                passing = self._on_ready()
                if passing is not None:
                    passing.start()
                    self._passing.append(passing)
            if was_ready or time.monotonic() > alone_until:
                self._start(len(self._waiting))

    def _start(self, count: int) -> None:
        for _ in range(count):
            kept = self._waiting.pop(0)
            self._kept.append(kept)
            kept.start()

    def _stop(self) -> None:
        self._console.say("Stopping …")
        parts = [*(kept.part for kept in self._kept), *self._passing]
        for part in parts:
            part.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        while any(part.is_running() for part in parts) and time.monotonic() < deadline:
            if self._signals > 1:
                break
            time.sleep(TICK_SECONDS / 4)
        for part in parts:
            part.end()

    @contextmanager
    def _signals_caught(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._note) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
