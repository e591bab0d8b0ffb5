"""A machine of web and one of workers that share the database, the broker and a bucket alone."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.emulators.served import served
from tests.machines.brokers import found
from tests.machines.example import Example, bin_folder
from tests.machines.programme import Api, tokens
from tests.machines.site import WORKERS
from tests.machines.studio import OWN_KEY, Studio
from tests.services import servers
from tests.services.packages import POSTGRES, REDIS
from tests.services.portal import ENVIRONMENT, MANAGE, ROOT
from tests.services.s3 import BUCKET, S3, s3_server

SECONDS = 120
PICTURE = ROOT / "docs/home.png"


@dataclass
class Site:
    web: Example
    workers: Example
    s3: S3
    studio: Studio
    api: Api
    stranger: Api

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, self.web.logs() + self.workers.logs()
            time.sleep(0.2)

    def wait_for(self, video_id: str) -> str:
        self.wait_until(lambda: self.api.has_ended(video_id))
        return str(self.api.video(video_id)["status"])

    def kept(self) -> set[str]:
        """The keys of what the bucket has."""
        pages = self.s3.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {entry["Key"] for page in pages for entry in page.get("Contents", ())}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    studio = Studio()
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgres(found(POSTGRES)))
        redis = stack.enter_context(servers.redis_server(found(REDIS)))
        s3 = stack.enter_context(s3_server())
        port = servers.free_port()
        shared = {
            **ENVIRONMENT,
            **s3.settings("programme"),
            "GREENROOM_SECRET_KEY": "shared by both machines",
            "GREENROOM_PORT": str(port),
            "GREENROOM_DATABASE_URL": servers.create_database(database, "site"),
            "GREENROOM_BROKER_URL": f"{redis}/0",
            "GREENROOM_CACHE_URL": f"{redis}/1",
            "GREENROOM_LEASE_SECONDS": "3",
            "GREENROOM_PROVIDER_SKETCH_URL": stack.enter_context(served(studio)),
            "GREENROOM_PROVIDER_SKETCH_KEY": OWN_KEY,
        }
        stack.callback(studio.give_all)
        web, workers = (
            machine(tmp_path_factory.mktemp(name), shared, port) for name in ("web", "workers")
        )
        for one in (web, workers):
            stack.callback(one.stop)
        web.run("greenroom-migrate.service")
        web.start("greenroom-web@.service", str(port))
        for name in WORKERS:
            workers.start(f"greenroom-{name}.service")
        workers.start("greenroom-beat.service")
        url = f"http://127.0.0.1:{port}"
        made = tokens({**os.environ, **web.environment})
        running = Site(web, workers, s3, studio, *(Api(url, token) for token in made))
        running.wait_until(lambda: answers(url))
        yield running


def machine(folder: Path, shared: dict[str, str], port: int) -> Example:
    """A machine of its own: nothing in its folder is in the other's."""
    places = {"/opt/greenroom/.venv/bin": bin_folder(), "/opt/greenroom": str(ROOT)}
    return Example(folder, places, {**shared, "GREENROOM_HOME": str(folder / "home")})


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_a_clip_lives_its_whole_life_on_machines_that_share_no_folder(site: Site) -> None:
    """I3 to I7, with a first image that web takes and a worker sends."""
    prompt = "A paper boat from one machine to another"
    fields = {"prompt": prompt, "seconds": "4", "size": "1280x720"}
    with PICTURE.open("rb") as picture:
        answer = site.api.http.post(
            "/v1/videos", data=fields, files={"input_reference": ("home.png", picture)}
        )
    answer.raise_for_status()
    video_id = str(answer.json()["id"])
    site.wait_until(lambda: site.studio.has(prompt))
    site.studio.render(prompt, 100)
    site.studio.give(prompt)

    assert site.wait_for(video_id) == "completed"

    whole = site.api.content(video_id)
    part = site.api.content(video_id, {"Range": "bytes=100-199"})
    known = site.api.content(video_id, {"If-None-Match": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert (known.status_code, known.content) == (304, b"")
    assert site.stranger.content(video_id).status_code == 404
    folders = {"first_images", "renders", "renditions", "signed"}
    assert {key.split("/")[1] for key in site.kept()} == folders
    for home in (site.web.folder / "home", site.workers.folder / "home"):
        assert not (home / "media").exists()
        assert not any((home / "scratch").glob("*/*"))

    site.api.http.delete(f"/v1/videos/{video_id}").raise_for_status()

    assert site.kept() == set()
    assert site.api.content(video_id).status_code == 404
    assert site.studio.accepted == 1
    environment = {**os.environ, **site.web.environment}
    subprocess.run([*MANAGE, "ledger", "check"], env=environment, check=True)


def test_nothing_that_was_written_down_holds_the_buckets_credential(site: Site) -> None:
    """I2"""
    secret = site.s3.settings()["GREENROOM_S3_SECRET_KEY"].encode()
    written = [
        path
        for folder in (site.web.folder, site.workers.folder)
        for path in folder.rglob("*")
        if path.is_file()
    ]

    assert len(written) > 5
    assert [path for path in written if secret in path.read_bytes()] == []


def test_a_bucket_that_answers_is_part_of_being_ready(site: Site) -> None:
    ready: dict[str, str] = {}

    def is_ready() -> bool:
        ready.update(site.api.http.get("/readyz").json())
        return set(ready.values()) == {"ok"}

    site.wait_until(is_ready)
    assert ready["files"] == "ok"


def test_files_stay_where_a_worker_is_killed_as_it_brings_one_home(site: Site) -> None:
    """I5, I6: another worker takes it up."""
    prompt = "Being fetched when its worker was killed"
    video_id = site.api.create(prompt)
    site.wait_until(lambda: site.studio.has(prompt))
    site.studio.render(prompt, 100)
    site.wait_until(lambda: site.studio.asked[prompt] == 1)

    site.workers.kill(site.workers.running[1])
    site.studio.give(prompt)
    site.workers.start("greenroom-files.service")

    assert site.wait_for(video_id) == "completed"
    assert site.api.content(video_id).status_code == 200
    assert sum(job["prompt"] == prompt for job in site.studio.jobs.values()) == 1
