"""`manage.py sketch` becomes the server, and leaves behind what the server need not know."""

import os
import subprocess
from pathlib import Path

import httpx
import psutil

from tests.generations.sketch.conftest import until
from tests.services.portal import MANAGE, ROOT
from tests.services.servers import free_port


def test_the_server_is_told_its_own_secrets_and_no_other(tmp_path: Path) -> None:
    """I2: a first image is read in the server, and its reader may have a hole."""
    port = free_port()
    secrets = {
        "GREENROOM_SECRET_KEY": "known to the tests alone",
        "GREENROOM_DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "GREENROOM_EMAIL_URL": "filemail://",
        "GREENROOM_PROVIDERS": "sketch,lab",
        "GREENROOM_PROVIDER_LAB_URL": "https://lab.example/v1",
        "GREENROOM_PROVIDER_LAB_KEY": "of-the-lab",
        "LAB_TOKEN": "of-somebody-else",
    }
    started = subprocess.Popen(
        [*MANAGE, "sketch", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **secrets, "GREENROOM_HOME": str(tmp_path)},
    )
    try:
        until(lambda: answers(port))
        known = psutil.Process(started.pid).environ()
    finally:
        started.terminate()
        started.wait()

    assert {name for name in known if "GREENROOM" in name} == {
        "GREENROOM_PROVIDER_SKETCH_KEY",
        "GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET",
    }
    assert not set(known.values()) & set(secrets.values())
    assert known["PATH"] == os.environ["PATH"]


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False
