"""What the process that decodes an untrusted file can still do, tried from inside."""

import json
import os
import platform
import socket
import subprocess
import sys
from typing import Any

import pytest

from generations.media import syscalls
from generations.media.limits import NICENESS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")

ATTEMPTS = """
import json, os, signal, socket, subprocess, sys, threading
from generations.media.limits import Limits, confine

parent, port = int(sys.argv[1]), int(sys.argv[2])
before = socket.socket()  # one that is open already must not connect either
confine(Limits(), parent_pid=parent)

def tried(act):
    try:
        act()
    except OSError as error:
        return error.errno
    return "done"

def by_thread():
    thread = threading.Thread(target=said.append, args=["from a thread"])
    thread.start()
    thread.join()

said = []
attempts = {
    "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "local socket": lambda: socket.socket(socket.AF_UNIX),
    "pair": socket.socketpair,
    "connect": lambda: before.connect(("127.0.0.1", port)),
    "send": lambda: before.sendto(b"x", ("127.0.0.1", port)),
    "program": lambda: subprocess.run(["/bin/true"]),
    "process": os.fork,
    "kill the worker": lambda: os.kill(parent, signal.SIGKILL),
    "its own thread": by_thread,
    "its own file": lambda: open("/dev/null", "wb").close(),
    "many files": lambda: [os.open("/dev/null", os.O_RDONLY) for _ in range(200)],
}
print(json.dumps({name: tried(act) for name, act in attempts.items()} | {"said": said}))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        arguments = [str(os.getpid()), str(server.getsockname()[1])]
        child = subprocess.run(
            [sys.executable, "-c", ATTEMPTS, *arguments], capture_output=True, text=True, check=True
        )
        with pytest.raises(BlockingIOError):
            server.accept()
    answer = json.loads(child.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("attempt", ["socket", "local socket", "pair", "connect", "send"])
def test_no_network_is_there(found, attempt):
    assert found[attempt] == 1  # EPERM


@pytest.mark.parametrize("attempt", ["program", "process", "kill the worker"])
def test_no_program_is_started_and_no_process_is_touched(found, attempt):
    assert found[attempt] == 1


def test_threads_and_files_are_left(found):
    assert found["its own thread"] == found["its own file"] == "done"
    assert found["said"] == ["from a thread"]
    assert found["many files"] == 24  # EMFILE


LOOK = """
import json, os, sys
from dataclasses import asdict
from generations.media.inspection.child import main
from generations.media.limits import Limits

main("/dev/null", ".", sys.argv[1], json.dumps(asdict(Limits())), "")
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def test_what_anybody_sends_is_looked_at_behind_web():
    child = subprocess.run(
        [sys.executable, "-c", LOOK, str(os.getpid())], capture_output=True, text=True, check=True
    )

    answer, niceness = child.stdout.splitlines()
    assert json.loads(answer)["bad"]["kind"] == "not_a_video"
    assert int(niceness) == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS


def test_a_machine_whose_calls_are_not_known_decodes_nothing(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(OSError, match="riscv64"):
        syscalls.give_up_the_world()
