"""A worker killed with SIGKILL at each boundary of a generation's way, to a video or to a refund:
before and after every commit and every call to the provider (I3 to I6)."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from artists.models import Artist, Cohort, Limit, Reservation
from artists.quotas.ceilings import grant
from artists.quotas.checking import check_ledger
from generations import tasks
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from portal.celery import app as celery_app
from tests.emulators.openai_videos import KEY, Emulator, error, small_clip
from tests.emulators.served import served

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6  # of the schedule, after which everything has ended
OPEN = (Status.UNKNOWN, Reservation.State.HELD)


@dataclass(frozen=True)
class Way:
    """What a provider makes of each job, and how a generation ends by that."""

    end: tuple[str, str]
    fewest: int  # boundaries
    job: dict[str, Any] = field(default_factory=dict)


MADE = Way((Status.READY, Reservation.State.SETTLED), fewest=30)
FAILED = Way((Status.FAILED, Reservation.State.REFUNDED), 12, {"status": "failed"})
REFUSED = Way((Status.REFUSED, Reservation.State.REFUNDED), 8)
WAYS = [MADE, FAILED, REFUSED]


class Quick(Emulator):
    """A provider whose jobs have ended as soon as they are made; it counts creates by prompt."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        self.way = MADE
        self.creates: Counter[str] = Counter()

    def _create(self, request: httpx.Request) -> httpx.Response:
        self.creates[json.loads(request.content)["prompt"]] += 1
        if self.way is REFUSED:
            return error(400, "moderation_blocked")
        answer = super()._create(request)
        self.finish_all(**self.way.job)
        return answer


@pytest.fixture
def emulator() -> Quick:
    return Quick(clip=small_clip(seconds=0.5, width=160, height=90))


@pytest.fixture
def dying(emulator: Quick, settings: Any) -> Iterator[Callable[[int], dict[str, Any]]]:
    """Run a worker that dies at a boundary, and return what it passed and how it ended."""
    with served(emulator) as url:
        settings.PROVIDERS = {"sketch": {"api": "openai_videos", "url": url, "key": KEY}}
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.generations.rendering.dying"],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "GREENROOM_HOME": str(settings.HOME),
                "GREENROOM_DATABASE_URL": address_of_the_database(),
                "GREENROOM_PROVIDER_SKETCH_URL": url,
                "GREENROOM_PROVIDER_SKETCH_KEY": KEY,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

        def run(die_at: int) -> dict[str, Any]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{die_at}\n")
            process.stdin.flush()
            return dict(json.loads(process.stdout.readline()))

        try:
            yield run
        finally:
            process.communicate(timeout=30)


def address_of_the_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    given = urlsplit(django_settings.DATABASE_URL)
    return given._replace(path=f"/{name}").geturl()


def recover() -> None:
    """What the schedule does once the dead worker's claims have run out."""
    celery_app.conf.task_always_eager = True
    for _ in range(ROUNDS):
        unfinished = Generation.objects.active().exclude(status=Status.UNKNOWN, tries__gte=1)
        if not unfinished.exists():
            break
        Generation.objects.standing(*Status).update(lease_until=None)
        waiting = Generation.objects.standing(Status.RENDERING, Status.UNKNOWN)
        waiting.update(next_poll_at=timezone.now())
        tasks.sweep()
        tasks.look_for_unknown()
        tasks.dispatch()
        tasks.poll()
    celery_app.conf.task_always_eager = False


def end_of(generation: Generation) -> tuple[str, str]:
    generation = Generation.objects.select_related("reservation").get(pk=generation.pk)
    return generation.status, generation.reservation.state


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.end[0])
def test_killed_at_every_boundary_no_generation_is_lost_or_paid_twice(
    way: Way,
    make_generation: Callable[..., Generation],
    artist: Artist,
    emulator: Quick,
    dying: Callable[[int], dict[str, Any]],
) -> None:
    """I3, I4, I5, I6"""
    emulator.way = way
    grant(Limit.objects.get(artist=artist), amount=100_000)
    Cohort.objects.update(running_cap=50)  # an unknown outcome keeps its slot
    VideoModel.objects.update(concurrency=50)
    ways = []
    for number in range(2):
        make_generation(f"The way itself, {number}")
        ways.append(dying(0)["passed"])
    passed = min(ways, key=len)  # a slow one renews a lease on its way: a boundary more
    assert len(passed) > way.fewest, passed
    not_known = not_known_at(passed, way)

    wrong = []
    for number, boundary in enumerate(passed):
        VideoModel.objects.update(failures=0, rest_seconds=0, resting_until=None)
        generation = make_generation(f"Killed at {number}: {boundary}")
        died = dying(number + 1)
        assert died["died"], (number, died)

        recover()

        end = end_of(generation)
        if end != (OPEN if number in not_known else way.end):
            wrong.append((number, boundary, end))

    assert wrong == []
    assert list(check_ledger()) == []
    assert set(emulator.creates.values()) == {1}


def not_known_at(passed: list[str], way: Way) -> range:
    """Where nobody can know what became of the create call, so that nothing is sent again and the
    deadline ends it with a refund.

    The note that it leaves is written, and it did not leave; or a no to it was not kept.
    """
    noted = passed.index('after UPDATE "generations_attempt" SET')
    if way is MADE or way is FAILED:  # what was made is found in the list
        return range(noted, passed.index("before POST /v1/videos") + 1)
    return range(noted, passed.index("after commit", passed.index("after POST /v1/videos")))
