"""The parts that a supervisor keeps running: processes, and the schedule as a thread."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from celery import Celery
from celery.beat import EmbeddedService
from django.conf import settings

from portal.supervisor.console import Console

TETHER = Path(__file__).with_name("tether.py")


class Part(Protocol):
    """Something that runs beside the supervisor and may end by itself."""

    name: str

    def start(self) -> None: ...

    def is_running(self) -> bool: ...

    def how_it_ended(self) -> str: ...

    def ask_to_stop(self) -> None: ...

    def end(self) -> None:
        """Leave nothing of it running."""


class Process:
    """A child process in a process group of its own, so that Ctrl-C reaches only the supervisor.

    Its lines appear on the console after the speaker's name. It ends with the supervisor, even
    with one that was killed. Start it from the main thread: the kernel ends it with the thread
    that started it.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, console: Console, speaker: str | None = None
    ) -> None:
        self.name = name
        self._speaker = name if speaker is None else speaker
        self._command = command
        self._console = console
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        tethered = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *self._command]
        self._process = subprocess.Popen(  # noqa: S603
            tethered,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
            errors="replace",
            process_group=0,
        )
        if self._process.stdout is not None:
            threading.Thread(target=self._relay, args=[self._process.stdout], daemon=True).start()

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def how_it_ended(self) -> str:
        code = self._process.returncode if self._process else 0
        return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Kill what is left of its process group: itself, or the children that it left behind."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _relay(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._console.say(line.rstrip("\n"), speaker=self._speaker)


class Beat:
    """Celery's schedule as a thread: one process less, and no orphan when this one is killed."""

    name = "beat"

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._thread = self._new_thread()

    def start(self) -> None:
        self._thread = self._new_thread()
        self._thread.start()

    def is_running(self) -> bool:
        return self._thread.is_alive()

    def how_it_ended(self) -> str:
        return "with an error"

    def ask_to_stop(self) -> None:
        self._thread.service.stop()

    def end(self) -> None:
        """Do nothing: its thread is a daemon and ends with the process."""

    def _new_thread(self) -> Any:
        return EmbeddedService(self._app, thread=True, scheduler_cls=self._app.conf.beat_scheduler)
