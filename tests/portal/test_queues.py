"""Every task has a queue, and every queue a worker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from portal.celery import app
from portal.queues import DEFAULT_QUEUE, QUEUES, WORKERS
from tests.services.portal import ROOT

LOOK = """
import django; django.setup()
from portal.celery import app
for queue in app.amqp.queues.values():
    print(queue.exchange.type, queue.queue_arguments)
"""


def queue_of(name: str) -> str:
    return str(app.amqp.router.route({}, name)["queue"].name)


def own_tasks() -> Iterator[str]:
    app.loader.import_default_modules()
    return (name for name in app.tasks if name.startswith(("artists.", "generations.", "portal.")))


def test_what_floods_shares_no_worker_with_what_must_go_on() -> None:
    worker_of = {queue: worker.name for worker in WORKERS for queue in worker.queues}
    serving = {
        name: worker_of[queue_of(f"generations.tasks.{name}")]
        for name in (
            "dispatch",
            "poll",
            "sweep",
            "submit",
            "stop",
            "fetch",
            "finish",
            "tell",
        )
    }

    assert serving["dispatch"] == serving["poll"] == serving["sweep"]
    assert serving["submit"] == serving["stop"]
    assert len({serving[name] for name in ("dispatch", "submit", "fetch", "finish")}) == 4
    assert serving["tell"] != serving["dispatch"]


def test_each_kind_of_work_has_a_queue_of_its_own() -> None:
    names = ("dispatch", "submit", "poll", "fetch", "finish", "tidy")

    assert len({queue_of(f"generations.tasks.{name}") for name in names}) == len(names)


def test_every_task_goes_to_a_queue_that_is_served() -> None:
    assert {queue_of(name) for name in own_tasks()} <= set(QUEUES)
    assert DEFAULT_QUEUE in QUEUES
    assert len(set(QUEUES)) == len(QUEUES)


def test_the_routes_and_the_schedule_name_tasks_that_are() -> None:
    """By its name alone a schedule sends a task; one that is none would be lost in silence."""
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled | set(settings.CELERY_TASK_ROUTES) <= set(own_tasks())


def test_a_queue_that_nobody_serves_is_refused() -> None:
    with pytest.raises(Exception, match="dispach"):
        app.send_task("generations.tasks.dispatch", queue="dispach")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("folder://", "direct None"),
        ("redis://127.0.0.1:1/0", "direct None"),
        ("amqp://127.0.0.1:1//", "topic {'x-queue-type': 'quorum', 'x-delivery-limit': 5}"),
    ],
)
def test_the_address_of_the_broker_chooses_the_kind_of_queue(
    tmp_path: Path, url: str, kind: str
) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
    site = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "GREENROOM_HOME": str(tmp_path),
        "GREENROOM_SECRET_KEY": "known to the tests alone",
        "GREENROOM_EMAIL_URL": "filemail://",
        "GREENROOM_BROKER_URL": url,
    }
    seen = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=ROOT,
        env=inherited | site,
        capture_output=True,
        text=True,
        check=True,
    )

    assert set(seen.stdout.splitlines()) == {kind}


@pytest.mark.parametrize("name", settings.CELERY_BEAT_SCHEDULE)
@time_machine.travel("2026-11-25T10:20:00Z", tick=False)
def test_a_worker_whose_clock_is_ahead_takes_what_the_schedule_sends(name: str) -> None:
    """A nudge says until when it is worth taking, by its sender's clock."""
    entry = settings.CELERY_BEAT_SCHEDULE[name]
    expires = entry["options"]["expires"]

    message = app.amqp.as_task_v2("1", entry["task"], expires=expires)

    until = datetime.fromisoformat(message.headers["expires"])
    assert until >= datetime.now(UTC) + timedelta(seconds=max(entry["schedule"], 15))
