"""A whole portal under `manage.py up`, on free ports and with a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import psutil

from portal.queues import WORKERS
from tests.services.prepared import copy_home
from tests.services.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
MANAGE = (sys.executable, str(ROOT / "manage.py"))
START_SECONDS = 120  # on a machine that has much else to do
STOP_SECONDS = 30
PROGRAMS = {  # in a command line
    "web": "granian",
    **{worker.name: f"--queues {','.join(worker.queues)}" for worker in WORKERS},
    "sketch": "sketch",
}
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "portal.settings", "GREENROOM_DEMO": "1"}


class Portal:
    """One portal; `home` keeps its data, so that another may go on where it ended.

    An empty home is given what a first start would make, unless the test is of that.
    """

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, str] | None = None,
        *,
        starts_from_nothing: bool = False,
    ) -> None:
        self.home = home
        self._starts_from_nothing = starts_from_nothing
        self.ports = (free_port(), free_port())
        self.url = f"http://localhost:{self.ports[0]}"
        self.environment = {
            **os.environ,
            **ENVIRONMENT,
            "GREENROOM_HOME": str(home),
            "GREENROOM_PORT": str(self.ports[0]),
            "GREENROOM_SKETCH_PORT": str(self.ports[1]),
            **(settings or {}),
        }
        self.process: psutil.Popen | None = None

    def start(self, *arguments: str) -> "Portal":
        """Start it and return once its web server answers and its workers are started."""
        self.home.mkdir(parents=True, exist_ok=True)
        if not self._starts_from_nothing:
            copy_home(self.home, with_database="GREENROOM_DATABASE_URL" not in self.environment)
        with self.log.open("ab") as output:
            self.process = psutil.Popen(
                [*MANAGE, "up", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.wait_until(self.answers, seconds=START_SECONDS)
        self.wait_until(lambda: all(self.child(PROGRAMS[one.name]) for one in WORKERS))
        return self

    @property
    def log(self) -> Path:
        return self.home / "up.log"

    def answers(self) -> bool:
        try:
            httpx.get(self.url, timeout=2)
        except httpx.TransportError:
            return False
        return True

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and everything that it started."""
        assert self.process is not None
        return [psutil.Process(self.process.pid), *self.process.children(recursive=True)]

    def child(self, program: str) -> psutil.Process | None:
        """Return the child of the supervisor whose command line holds `program`."""
        assert self.process is not None
        for child in self.process.children():
            try:
                if program in " ".join(child.cmdline()):
                    return child
            except psutil.NoSuchProcess:
                continue
        return None

    def kill(self, part: str) -> psutil.Process:
        """Kill one part and return it, once the supervisor has started another in its place."""
        program = PROGRAMS[part]
        self.wait_until(lambda: self.child(program) is not None)
        killed = self.child(program)
        assert killed is not None
        killed.kill()
        self.wait_until(lambda: self.child(program) not in (None, killed))
        return killed

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit code."""
        if self.process is None:
            return 0
        if self.process.is_running():
            self.process.send_signal(number)
        return int(self.process.wait(STOP_SECONDS))

    def is_listening(self) -> bool:
        """Tell whether anybody still listens on one of its ports."""
        for port in self.ports:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return True
        return False

    def wait_until(self, holds: Callable[[], bool], *, seconds: float = START_SECONDS) -> None:
        """Return once it holds; past the deadline, or when the portal ended, fail with its log."""
        assert self.process is not None
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not come within {seconds} s:\n{self.log.read_text()}")
            time.sleep(0.1)
