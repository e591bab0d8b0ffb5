"""Web, worker and sketch server killed in the middle of a generation, on the real parts."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.services.portal import MANAGE, PROGRAMS, ROOT, Portal

pytestmark = pytest.mark.servers

SECONDS = 180
TOKEN = """
import django; django.setup()
from artists.access.services import create_token
from generations.demo.programme import fill_in
print(create_token(fill_in()["tomo"], "kills")[1])
"""


class Api:
    """A program of an artist, which tries again while the web server is away."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        done = subprocess.run(
            [sys.executable, "-c", TOKEN],
            cwd=ROOT,
            env=portal.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        self._headers = {"Authorization": f"Bearer {done.stdout.strip()}"}

    def create(self, prompt: str) -> str:
        fields = {"prompt": prompt, "seconds": "4", "size": "1280x720"}
        answer = httpx.post(
            f"{self._portal.url}/v1/videos", json=fields, headers=self._headers, timeout=10
        )
        answer.raise_for_status()
        return str(answer.json()["id"])

    def video(self, video_id: str) -> dict[str, Any]:
        url = f"{self._portal.url}/v1/videos/{video_id}"
        try:
            answer = httpx.get(url, headers=self._headers, timeout=10)
        except httpx.TransportError:
            return {"status": "away", "progress": -1}
        answer.raise_for_status()
        return dict(answer.json())


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    settings = {"GREENROOM_LEASE_SECONDS": "3", "GREENROOM_UNKNOWN_DEADLINE_SECONDS": "20"}
    running = Portal(tmp_path_factory.mktemp("kills"), settings)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture(scope="module")
def api(portal: Portal) -> Api:
    return Api(portal)


def jobs_of_the_sketch_server(portal: Portal, prompt: str) -> int:
    jobs = (portal.home / "sketch").glob("video_*/job.json")
    return sum(prompt in job.read_text() for job in jobs)


def assert_the_ledger_adds_up(portal: Portal) -> None:
    subprocess.run([*MANAGE, "ledger", "check"], env=portal.environment, check=True)


@pytest.mark.parametrize("part", PROGRAMS)
def test_a_part_killed_again_and_again_costs_no_generation_and_pays_none_twice(
    portal: Portal, api: Api, part: str
) -> None:
    """I4, I5, I6: killed when the prompt is in, while it renders, and when the file is there."""
    prompt = f"Mountains at dawn, with {part} away"
    video_id = api.create(prompt)
    portal.kill(part)
    portal.wait_until(
        lambda: api.video(video_id)["progress"] >= 10 or has_ended(api.video(video_id)),
        seconds=SECONDS,
    )
    portal.kill(part)
    portal.wait_until(
        lambda: api.video(video_id)["progress"] >= 99 or has_ended(api.video(video_id)),
        seconds=SECONDS,
    )
    portal.kill(part)

    portal.wait_until(lambda: has_ended(api.video(video_id)), seconds=SECONDS)

    video = api.video(video_id)
    assert_the_ledger_adds_up(portal)
    jobs = jobs_of_the_sketch_server(portal, prompt)
    assert (video["status"], jobs) == ("completed", 1) or (
        # killed between the note that the call leaves and the call: nothing is sent again
        (video["status"], jobs, video["error"]["code"]) == ("failed", 0, "unknown")
    )


def test_everything_killed_at_once_goes_on_after_the_next_start(portal: Portal, api: Api) -> None:
    """I6: the supervisor and all that it started."""
    video_id = api.create("A quiet harbour before everything went dark")
    portal.wait_until(lambda: api.video(video_id)["progress"] >= 10, seconds=SECONDS)
    assert portal.process is not None
    for process in reversed(portal.processes()):
        process.kill()
    portal.process.wait(30)

    portal.start()

    portal.wait_until(lambda: has_ended(api.video(video_id)), seconds=SECONDS)
    assert api.video(video_id)["status"] == "completed"
    assert_the_ledger_adds_up(portal)


def has_ended(video: dict[str, Any]) -> bool:
    return video["status"] in ("completed", "failed")
