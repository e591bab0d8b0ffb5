"""`manage.py up`: the real parts, started, killed and stopped."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal.queues import WORKERS
from portal.supervisor import hidden
from tests.services.portal import MANAGE, PROGRAMS, Portal

pytestmark = pytest.mark.servers

ONE_CLIP = """
import time
from generations.demo.programme import fill_in
from generations.models import Callback, VideoModel
from generations.prompts.services import submit_prompt

generation = submit_prompt(
    artist=fill_in()["ines"],
    video_model=VideoModel.objects.get(name="sketch-1"),
    prompt="A paper boat",
    size="1280x720",
    duration_seconds=4,
)
for _ in range(240):
    jobs = generation.attempts.filter(state="accepted").values_list("provider_job_id", flat=True)
    events = [f"evt_{job_id.removeprefix('video_')}" for job_id in jobs]
    if Callback.objects.filter(provider="sketch", delivery_id__in=events).exists():
        print("heard")
        break
    time.sleep(0.5)
else:
    generation.refresh_from_db()
    print(generation.status, *generation.attempts.values("state", "provider_job_id"))
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o755)
    running = Portal(home, starts_from_nothing=True)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def fresh_portal(tmp_path: Path) -> Iterator[Portal]:
    running = Portal(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def are_gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


@pytest.mark.parametrize("part", PROGRAMS)
def test_a_part_that_was_killed_is_started_again(portal: Portal, part: str):
    portal.wait_until(lambda: portal.child(PROGRAMS[part]) is not None)
    killed = portal.child(PROGRAMS[part])
    assert killed is not None
    left_behind = killed.children(recursive=True)

    killed.kill()

    portal.wait_until(lambda: portal.child(PROGRAMS[part]) not in (None, killed))
    portal.wait_until(portal.answers)
    assert are_gone(left_behind)
    assert f"{part} ended by SIGKILL; it starts again in" in portal.log.read_text()


def test_what_it_writes_is_for_its_owner_alone(portal: Portal):
    states = [Path(f"/proc/{one.pid}/status").read_text() for one in portal.processes()]
    masks = {state.partition("Umask:")[2].split()[0] for state in states}

    assert masks == {"0077"}
    assert portal.home.stat().st_mode & 0o077 == 0


def test_web_and_workers_run_out_of_sight(portal: Portal):
    """I2: tests/portal/test_hidden.py says what that means."""
    for part in ("web", *(worker.name for worker in WORKERS)):
        portal.wait_until(lambda part=part: portal.child(PROGRAMS[part]) is not None)  # type: ignore[misc]
        process = portal.child(PROGRAMS[part])
        assert process is not None
        assert hidden.__file__ in process.cmdline()


def test_the_embedded_video_model_says_that_a_clip_is_made(portal: Portal):
    """Both sides have the same secret, and nobody had to set one."""
    made = subprocess.run(
        [*MANAGE, "shell", "-c", ONE_CLIP],
        env=portal.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (made.stdout.splitlines()[-1:], made.stderr) == (["heard"], "")


def test_a_second_supervisor_on_the_same_data_says_that_one_runs(portal: Portal):
    second = subprocess.run(
        [*MANAGE, "up"], env=portal.environment, capture_output=True, text=True, check=False
    )

    assert second.returncode == 1
    assert f"already runs on {portal.home}" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert portal.answers()


def test_sigterm_stops_everything(fresh_portal: Portal):
    fresh_portal.start()
    processes = fresh_portal.processes()

    exit_code = fresh_portal.stop(signal.SIGTERM)

    assert exit_code == 0
    assert are_gone(processes)
    assert not fresh_portal.is_listening()
    assert "Traceback" not in fresh_portal.log.read_text()


def test_parts_end_with_a_killed_supervisor_and_the_next_one_ends_on_ctrl_c(fresh_portal: Portal):
    fresh_portal.start()
    first = fresh_portal.processes()

    fresh_portal.stop(signal.SIGKILL)
    fresh_portal.start()
    second = fresh_portal.processes()
    fresh_portal.wait_until(lambda: are_gone(first))
    exit_code = fresh_portal.stop(signal.SIGINT)

    assert exit_code == 0
    assert are_gone(second)
    assert not fresh_portal.is_listening()


def test_a_port_in_use_is_told_in_one_sentence(fresh_portal: Portal):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused = subprocess.run(
            [*MANAGE, "up"],
            env={**fresh_portal.environment, "GREENROOM_PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert refused.returncode == 1
    assert refused.stderr == (
        f"greenroom: port {port} of 127.0.0.1 is in use; "
        "stop what listens there, or set GREENROOM_PORT to another port.\n"
    )
