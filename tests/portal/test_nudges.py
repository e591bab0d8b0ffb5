"""A message that follows a stored row: a hint, which costs nobody much when it cannot be sent."""

import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

import portal.celery

pytestmark = pytest.mark.django_db


@pytest.fixture
def mute_broker() -> Iterator[str]:
    """A broker that takes connections and says nothing: worse than one that refuses them."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as mute:
        yield f"amqp://127.0.0.1:{mute.getsockname()[1]}//"


@pytest.fixture
def task(mute_broker: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(portal.celery, "_away_until", 0.0)
    monkeypatch.setattr(portal.celery, "_free_at", {})
    monkeypatch.setattr(portal.celery, "PACE_SECONDS", 0)  # each is sent by whoever asks
    app = Celery(
        "of this test", broker=mute_broker, task_cls=portal.celery.Task, set_as_current=False
    )
    app.conf.update(broker_connection_timeout=0.5, task_publish_retry_policy={"max_retries": 1})

    @app.task(shared=False)
    def nothing() -> None:
        """Never run."""

    return nothing


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A task of which `counted.sent()` says how many messages there are."""
    monkeypatch.setattr(portal.celery, "_free_at", {})
    monkeypatch.setattr(portal.celery, "PACE_SECONDS", 0.5)
    app = Celery(
        "of this test", broker="memory://", task_cls=portal.celery.Task, set_as_current=False
    )
    queue = f"counted-{uuid.uuid4()}"
    app.conf.update(task_default_queue=queue)

    @app.task(shared=False)
    def nothing(*args: int) -> None:
        """Never run."""

    def sent() -> int:
        with app.connection_for_read() as connection:
            return int(connection.default_channel._size(queue))

    nothing.sent = sent
    return nothing


def nudge(task: Any, commit: Any, *args: int) -> None:
    with commit(execute=True):
        task.delay_on_commit(*args)


def test_of_many_that_say_the_same_the_first_is_sent_at_once_and_one_for_all_others(
    counted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    nudge(counted, django_capture_on_commit_callbacks)
    assert counted.sent() == 1

    for _ in range(20):
        nudge(counted, django_capture_on_commit_callbacks)

    assert counted.sent() == 1
    time.sleep(1.5)
    assert counted.sent() == 2


def test_who_comes_after_a_pause_is_sent_at_once_again(
    counted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    nudge(counted, django_capture_on_commit_callbacks)
    time.sleep(0.6)

    nudge(counted, django_capture_on_commit_callbacks)

    assert counted.sent() == 2


def test_those_that_name_a_row_are_all_sent(
    counted: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(5):
        nudge(counted, django_capture_on_commit_callbacks, number)

    assert counted.sent() == 5


def test_of_all_who_meet_a_broker_that_is_away_the_first_waits(
    task: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    took = []
    for _ in range(20):
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True):
            task.delay_on_commit()
        took.append(time.monotonic() - began)

    assert 0.5 <= took[0] < 5
    assert max(took[1:]) < 0.4
    assert caplog.text.count("the broker is away") == 1


def test_after_a_while_it_is_tried_again(
    task: Any,
    django_capture_on_commit_callbacks: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portal.celery, "REST_SECONDS", 0)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            task.delay_on_commit()

    assert caplog.text.count("the broker is away") == 2
