"""The same portal on each broker: a folder, Redis, RabbitMQ."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from portal.queues import WORKERS
from tests.emulators.served import served
from tests.machines.brokers import Broker, Folder, RabbitMQ, broker
from tests.machines.programme import Api, tokens
from tests.machines.studio import OWN_KEY, Studio
from tests.services.portal import Portal

FETCHES_AT_ONCE, CREATES_AT_ONCE = (
    next(worker.threads or 0 for worker in WORKERS if queue in worker.queues)
    for queue in ("fetch", "submit")
)


@dataclass
class Site:
    portal: Portal
    broker: Broker
    studio: Studio
    api: Api

    def wait_for(self, video_id: str) -> str:
        self.portal.wait_until(lambda: self.api.has_ended(video_id))
        return str(self.api.video(video_id)["status"])

    def create_and_render(self, prompt: str) -> str:
        """Bring a prompt so far that its file can be fetched."""
        video_id = self.api.create(prompt)
        self.portal.wait_until(lambda: self.studio.has(prompt))
        self.studio.render(prompt, 100)
        return video_id

    def being_sent(self) -> int:
        """How many prompts dispatch has handed on whose create call has not been answered."""
        with sqlite3.connect(self.portal.home / "db.sqlite3") as database:
            asked = database.execute(
                "SELECT count(*) FROM generations_generation WHERE status = 'submitting'"
            )
            return int(asked.fetchone()[0])

    def readiness(self) -> dict[str, str]:
        return dict(httpx.get(f"{self.portal.url}/readyz", timeout=20).json())


@pytest.fixture(scope="module", params=["folder", "redis", "rabbitmq"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    home = tmp_path_factory.mktemp(request.param)
    studio = Studio()
    with broker(request.param, home=home) as running, served(studio) as url:
        settings = {
            "GREENROOM_PROVIDER_SKETCH_URL": url,
            "GREENROOM_PROVIDER_SKETCH_KEY": OWN_KEY,
            "GREENROOM_LEASE_SECONDS": "3",
        }
        portal = Portal(home, settings | running.settings)
        try:
            portal.start()
            yield Site(portal, running, studio, Api(portal.url, tokens(portal.environment)[0]))
        finally:
            studio.give_all()
            studio.answers_creates.set()
            portal.stop()


def test_a_prompt_becomes_a_clip_and_every_queue_is_served(site: Site) -> None:
    video_id = site.create_and_render("The first of all")
    site.studio.give("The first of all")

    assert site.wait_for(video_id) == "completed"
    assert site.api.content(video_id).headers["content-type"] == "video/mp4"
    site.portal.wait_until(lambda: set(site.readiness().values()) == {"ok"})
    if isinstance(site.broker, RabbitMQ):
        site.broker.assert_queues_are_kept_by_a_majority()


def test_a_flood_of_fetches_starves_nobody_and_a_broker_that_loses_them_no_prompt(
    site: Site,
) -> None:
    """I6: all the threads that fetch are held, and what still waits in the broker is lost."""
    flood = [f"Number {number} of a flood" for number in range(FETCHES_AT_ONCE + 2)]
    ids = [site.api.create(prompt) for prompt in flood]
    site.portal.wait_until(lambda: all(site.studio.has(prompt) for prompt in flood))
    for prompt in flood:
        site.studio.render(prompt, 100)
    site.portal.wait_until(lambda: len(held(site, flood)) == FETCHES_AT_ONCE)

    began = time.monotonic()
    later = site.api.create("One prompt beside the flood")
    site.portal.wait_until(lambda: site.studio.has("One prompt beside the flood"))
    site.studio.render("One prompt beside the flood", 40)
    site.portal.wait_until(lambda: site.api.video(later)["progress"] == 40)
    took = time.monotonic() - began
    assert len(held(site, flood)) == FETCHES_AT_ONCE
    assert took < 20  # a second or two where nothing else runs

    site.broker.empty()
    lost = next(prompt for prompt in flood if not site.studio.asked[prompt])
    for prompt in [*held(site, flood)[:2], lost]:
        site.studio.give(prompt)

    assert site.wait_for(ids[flood.index(lost)]) == "completed"
    site.studio.give_all()


def test_creates_that_hang_starve_neither_dispatch_nor_poll(site: Site) -> None:
    """As many as there are threads for creates; each hangs until the provider's time is over."""
    before = "Rendering before the creates hang"
    video_id = site.api.create(before)
    site.portal.wait_until(lambda: site.studio.has(before))
    site.studio.hangs = "A create that hangs"

    began = time.monotonic()
    for number in range(CREATES_AT_ONCE):
        site.api.create(f"A create that hangs, {number}")
    site.portal.wait_until(lambda: site.studio.hanging == CREATES_AT_ONCE)
    site.studio.render(before, 40)
    site.portal.wait_until(lambda: site.api.video(video_id)["progress"] == 40)
    later = [site.api.create(f"Dispatched meanwhile, {number}") for number in range(4)]
    site.portal.wait_until(lambda: site.being_sent() == CREATES_AT_ONCE + len(later))
    took = time.monotonic() - began

    assert site.studio.hanging == CREATES_AT_ONCE  # and they hang still
    assert took < 25  # the provider's time is thirty
    site.studio.hangs = ""
    site.studio.answers_creates.set()
    site.studio.render(before, 100)
    site.studio.give_all()
    site.studio.give(before)
    assert site.wait_for(video_id) == "completed"


def held(site: Site, prompts: list[str]) -> list[str]:
    return [prompt for prompt in prompts if site.studio.asked[prompt]]


def test_what_a_killed_worker_held_goes_on_and_is_paid_once(site: Site) -> None:
    """I5, I6: where the message comes again while the lease holds, there is nothing to claim."""
    prompt = "Held when its worker was killed"
    accepted = site.studio.accepted
    video_id = site.create_and_render(prompt)
    site.portal.wait_until(lambda: site.studio.asked[prompt] == 1)

    site.portal.kill("files")
    site.studio.give(prompt)

    assert site.wait_for(video_id) == "completed"
    assert site.studio.accepted == accepted + 1


def test_a_broker_that_is_away_delays_a_prompt_and_loses_none(site: Site) -> None:
    """I6: who creates a prompt meanwhile is answered at once, on Redis without its cache too."""
    if isinstance(site.broker, Folder):
        pytest.skip("a folder is never away")
    before, meanwhile = "Rendering when the broker went", "Created while the broker was away"
    first = site.create_and_render(before)
    site.portal.wait_until(lambda: site.studio.asked[before] == 1)

    site.broker.stop()
    took = []
    for number in range(3):
        began = time.monotonic()
        last = site.api.create(f"{meanwhile}, {number}")
        took.append(time.monotonic() - began)
    said = site.readiness()
    site.broker.start()

    assert max(took) < 5
    assert said["broker"] == "away"
    site.studio.give(before)
    assert site.wait_for(first) == "completed"
    site.portal.wait_until(lambda: site.studio.has(f"{meanwhile}, 2"))
    site.studio.render(f"{meanwhile}, 2", 100)
    site.studio.give(f"{meanwhile}, 2")
    assert site.wait_for(last) == "completed"
