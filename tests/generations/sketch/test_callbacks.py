"""The sketch server tells its portal that a job has ended, and tells nobody else anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from generations.providers.base import Account
from generations.providers.openai_videos import OpenAIVideos
from tests.emulators.served import served
from tests.emulators.webhooks import SECRET

from .conftest import KEY, SketchServer, until


class Portal:
    """Who is called back; it answers with what is in `answers`, then with 204."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.heard: list[httpx.Request] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 204)

    def believed(self) -> list[tuple[str, str | None]]:
        """Every callback's id and job, as our own client verifies them."""
        account = Account(name="sketch", url="http://x/v1", key=KEY, webhook_secret=SECRET)
        provider = OpenAIVideos(account)
        read = [
            provider.read_callback(one.headers, one.content, model="sketch-1") for one in self.heard
        ]
        return [(one.delivery_id, one.job_id) for one in read]


@pytest.fixture
def portal() -> Iterator[Portal]:
    running = Portal()
    with served(running, base="") as running.url:
        yield running


@pytest.fixture
def sketch(tmp_path: Path, portal: Portal) -> Iterator[SketchServer]:
    server = SketchServer(tmp_path / "sketch", portal=portal.url, secret=SECRET)
    yield server
    server.stop()


def test_the_end_of_a_job_is_told_once_it_has_ended(sketch: SketchServer, portal: Portal) -> None:
    hook = f"{portal.url}/hooks/sketch/0190-a/secret_1"
    by_json = sketch.create(callback_url=hook)
    fields = {"prompt": "hills", "callback_url": hook}
    by_form = sketch.http.post("/videos", files={k: (None, v) for k, v in fields.items()}).json()
    silent = sketch.create()

    ended = [sketch.finished(video["id"]) for video in (by_json, by_form, silent)]
    until(lambda: len(portal.heard) >= 2)

    assert [video["status"] for video in ended] == ["completed"] * 3
    assert {job_id for _, job_id in portal.believed()} == {by_json["id"], by_form["id"]}
    assert {str(one.url) for one in portal.heard} == {hook}
    assert all("authorization" not in one.headers for one in portal.heard)


def test_a_callback_is_tried_again_with_the_same_id(sketch: SketchServer, portal: Portal) -> None:
    portal.answers = [503, 302]
    video = sketch.create(callback_url=f"{portal.url}/hooks/a")

    until(lambda: len(portal.heard) == 3)

    assert len(set(portal.believed())) == 1
    assert portal.believed()[0][1] == video["id"]


def test_a_failed_job_is_told_too(sketch: SketchServer, portal: Portal) -> None:
    video = sketch.create(callback_url=f"{portal.url}/hooks/a")
    until(lambda: sketch.video(video["id"])["progress"] > 0)

    for child in sketch.children():
        child.kill()

    until(lambda: bool(portal.heard))
    assert b'"video.failed"' in portal.heard[0].content


def test_what_was_not_told_before_a_power_cut_is_told_after_it(
    sketch: SketchServer, portal: Portal
) -> None:
    portal.answers = [503] * 3
    video = sketch.create(callback_url=f"{portal.url}/hooks/a")
    until(lambda: len(portal.heard) == 1)
    sketch.kill()
    portal.heard.clear()
    portal.answers.clear()

    sketch.start()

    until(lambda: bool(portal.heard))
    assert portal.believed()[0][1] == video["id"]
    until(lambda: "/hooks/a" not in (sketch.home / video["id"] / "job.json").read_text())
    sketch.kill()
    portal.heard.clear()
    sketch.start()
    until(lambda: sketch.video(video["id"])["status"] == "completed")
    assert portal.heard == []


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/hooks/a",
        "http://localhost:5432/hooks/a",
        "{portal}.evil.test/hooks/a",
        "{portal}@evil.test/hooks/a",
        "{portal}/admin/",
        "{portal}/hooks/../admin/",
        "{portal}/hooks/%2e%2e/admin/",
        "{portal}/hooks/a?next=b",
        "{portal}/hooks/a#b",
        "{portal}/hooks/a\r\nX-Odd: 1",
        "{portal}",
        "file:///hooks/a",
        7,
        ["{portal}/hooks/a"],
    ],
)
def test_no_other_address_is_taken(idle: SketchServer, address: Any) -> None:
    """It would make requests in its caller's place, from inside."""
    portal = "http://127.0.0.1:9"
    url = address.format(portal=portal) if isinstance(address, str) else address

    refused = idle.http.post("/videos", json={"prompt": "hills", "callback_url": url})

    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (400, "invalid_value")
    assert error["param"] == "callback_url"
    assert not list(idle.home.glob("video_*"))


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SketchServer]:
    home = tmp_path_factory.mktemp("sketch")
    server = SketchServer(home, portal="http://127.0.0.1:9", secret=SECRET)
    yield server
    server.stop()


def test_without_a_secret_nobody_is_called(tmp_path: Path, portal: Portal) -> None:
    server = SketchServer(tmp_path / "sketch", portal=portal.url)
    try:
        video = server.create(callback_url="http://169.254.169.254/hooks/a")
        mine = server.create(callback_url=f"{portal.url}/hooks/a")

        for one in (video, mine):
            assert server.finished(one["id"])["status"] == "completed"
        assert portal.heard == []
        assert 'callback_url": null' in (server.home / mine["id"] / "job.json").read_text()
    finally:
        server.stop()


def test_the_secret_reaches_no_render_and_no_log(sketch: SketchServer, portal: Portal) -> None:
    """I2; the address holds a secret of the portal's, so it is in no log either."""
    portal.answers = [503]
    sketch.create(callback_url=f"{portal.url}/hooks/sketch/0190-a/secret_1")
    until(lambda: bool(sketch.children()))
    environments = [child.environ() for child in sketch.children()]
    until(lambda: len(portal.heard) == 2)
    sketch.process.terminate()
    sketch.process.wait()

    assert not [name for one in environments for name in one if name.startswith("GREENROOM_")]
    said = sketch.log.read_text()
    assert "secret_1" not in said
    assert SECRET not in said
