"""A worker killed with SIGKILL at each boundary of a generation's way: before and after every
commit and every call to the provider (I3 to I6)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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
from tests.emulators.openai_videos import KEY, Emulator, small_clip
from tests.emulators.served import served

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6  # of the schedule, after which everything has ended
MADE = (Status.READY, Reservation.State.SETTLED, 1)
OPEN = (Status.UNKNOWN, Reservation.State.HELD, 0)


class Quick(Emulator):
    """A provider whose jobs are done as soon as they are made; it counts them by their prompt."""

    def _create(self, request: httpx.Request) -> httpx.Response:
        answer = super()._create(request)
        self.finish_all()
        return answer

    def jobs_of(self, prompt: str) -> int:
        return sum(job["prompt"] == prompt for job in self.jobs.values())


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


def end_of(generation: Generation, emulator: Quick) -> tuple[str, str, int]:
    generation = Generation.objects.select_related("reservation").get(pk=generation.pk)
    jobs = emulator.jobs_of(generation.prompt)
    return generation.status, generation.reservation.state, jobs


def test_killed_at_every_boundary_no_generation_is_lost_or_paid_twice(
    make_generation: Callable[..., Generation],
    artist: Artist,
    emulator: Quick,
    dying: Callable[[int], dict[str, Any]],
) -> None:
    """I3, I4, I5, I6"""
    grant(Limit.objects.get(artist=artist), amount=100_000)
    Cohort.objects.update(running_cap=50)  # an unknown outcome keeps its slot
    VideoModel.objects.update(concurrency=50)
    ways = []
    for number in range(2):
        make_generation(f"The way itself, {number}")
        ways.append(dying(0)["passed"])
    passed = min(ways, key=len)  # a slow one renews a lease on its way: a boundary more
    assert len(passed) > 30, passed

    never_sent = range(
        passed.index('after UPDATE "generations_attempt" SET'),
        passed.index("before POST /v1/videos"),
    )

    wrong = []
    for number, boundary in enumerate(passed):
        generation = make_generation(f"Killed at {number}: {boundary}")
        way = dying(number + 1)
        assert way["died"], (number, way)

        recover()

        end = end_of(generation, emulator)
        # The note that the call leaves is written, and the call did not leave: nobody can know, so
        # nothing is sent again, and the deadline ends it with a refund.
        is_open = number in [*never_sent, never_sent.stop]
        if end != (OPEN if is_open else MADE):
            wrong.append((number, boundary, end))

    assert wrong == []
    assert list(check_ledger()) == []
    assert emulator.creates_sent == emulator.accepted
