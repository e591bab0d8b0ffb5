"""Whether the site is alive, and whether all of it is in order."""

import pytest
from django.core.cache import cache
from django.test import Client

from portal import health, pulses
from portal.celery import app
from portal.queues import QUEUES
from portal.tasks import pulse
from tests.services.s3 import Files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_findings", health.Findings())


def test_a_site_with_a_worker_for_each_queue_is_ready(client: Client) -> None:
    for queue in QUEUES:
        pulse.apply(args=[queue])

    answer = client.get("/readyz")

    assert answer.status_code == 200
    parts = ["database", "cache", "broker", "files", *(f"worker:{queue}" for queue in QUEUES)]
    assert answer.json() == dict.fromkeys(parts, "ok")
    assert "no-store" in answer["Cache-Control"]


def test_a_queue_that_nobody_serves_is_told(client: Client) -> None:
    for queue in QUEUES:
        if queue != "media":
            pulses.note(queue)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert [part for part, said in answer.json().items() if said != "ok"] == ["worker:media"]
    assert client.get("/healthz").status_code == 200  # the pages work all the same


def test_a_pulse_is_felt_for_a_minute(client: Client) -> None:
    pulses.note("media")
    cache.touch("pulse:media", -1)

    assert client.get("/readyz").json()["worker:media"] == "away"


def test_each_queue_has_a_pulse_in_the_schedule() -> None:
    sent = [
        (entry["options"]["queue"], *entry["args"])
        for entry in app.conf.beat_schedule.values()
        if entry["task"] == pulse.name
    ]

    assert sorted(sent) == sorted((queue, queue) for queue in QUEUES)


def test_a_broker_that_is_away_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "connection_for_write", lambda: gone)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"]) == (503, "away")


def test_a_bucket_that_is_away_is_told(client: Client, files: Files) -> None:
    with files.away():
        answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["files"]) == (503, "away")


def test_however_many_ask_the_parts_are_asked_once(client: Client) -> None:
    before = client.get("/readyz").json()
    for queue in QUEUES:
        pulses.note(queue)

    assert client.get("/readyz").json() == before
