"""A real sketch server on a free port, with a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.services.servers import free_port

ROOT = Path(__file__).resolve().parents[3]
KEY = "a-key-of-the-tests"
DEADLINE_SECONDS = 120


class SketchServer:
    """The server's process, and a client that holds its key."""

    def __init__(self, home: Path, *, portal: str = "", secret: str = "") -> None:
        self.home = home
        self.log = home.with_suffix(".log")
        self._portal = ["--portal", portal] if portal else []
        self._secret = secret
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(
            base_url=f"{self.url}/v1", headers={"Authorization": f"Bearer {KEY}"}, timeout=30
        )
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "generations.sketch.server"),
                    *("--port", str(self.port), "--home", str(self.home), *self._portal),
                ],
                cwd=ROOT,
                env={
                    **os.environ,
                    "GREENROOM_PROVIDER_SKETCH_KEY": KEY,
                    "GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET": self._secret,
                },
                stderr=log,
            )
        until(self._answers)

    def kill(self) -> None:
        """End it as a power cut would, and wait for its children to be gone too."""
        children = self.children()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        until(lambda: not any(_is_alive(child) for child in children))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.http.close()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def create(self, **fields: Any) -> dict[str, Any]:
        answer = self.http.post("/videos", json={"prompt": "hills", "seconds": 4, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def video(self, video_id: str) -> dict[str, Any]:
        return self.http.get(f"/videos/{video_id}").json()

    def finished(self, video_id: str) -> dict[str, Any]:
        """The video once it has ended."""
        until(lambda: self.video(video_id)["status"] in ("completed", "failed"))
        return self.video(video_id)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


def until(condition: Callable[[], bool]) -> None:
    """Wait until it holds; fail when it does not within the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def sketch_server(tmp_path: Path) -> Iterator[SketchServer]:
    server = SketchServer(tmp_path / "sketch")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def idle_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SketchServer]:
    """One server for the tests that only ask and are refused."""
    server = SketchServer(tmp_path_factory.mktemp("sketch"))
    yield server
    server.stop()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
