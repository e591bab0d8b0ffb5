"""The embedded broker: a folder."""

import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

import portal.broker
from portal.queues import declarations


@pytest.fixture
def connect(tmp_path: Path) -> Callable[[], Connection]:
    def open_one() -> Connection:
        options = {
            "data_folder_in": str(tmp_path),
            "data_folder_out": str(tmp_path),
        }
        return Connection("folder://", transport_options=options)

    return open_one


def put(connection: Connection, name: str, *bodies: Any) -> None:
    queue = next(one for one in declarations(on_rabbitmq=False) if one.name == name)
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(body, exchange="", routing_key=name, declare=[queue])


def take_all(connection: Connection, queue: str) -> list[Any]:
    channel = connection.default_channel
    taken: list[Any] = []
    while True:
        try:
            payload = channel._get(queue)
        except Empty:
            return taken
        taken.append(channel.Message(payload, channel=channel).decode())


def test_a_queue_gives_its_own_messages_in_order(connect: Callable[[], Connection]) -> None:
    with connect() as connection:
        put(connection, "fetch", 1, 2, 3)
        put(connection, "poll", "a")

        assert take_all(connection, "poll") == ["a"]
        assert take_all(connection, "fetch") == [1, 2, 3]


def test_each_message_is_taken_once_by_many(connect: Callable[[], Connection]) -> None:
    with connect() as connection:
        put(connection, "fetch", *range(300))

    def take(_: int) -> list[int]:
        with connect() as own:
            return take_all(own, "fetch")

    with ThreadPoolExecutor(4) as workers:
        taken = [number for share in workers.map(take, range(4)) for number in share]

    assert Counter(taken) == Counter(range(300))


def test_who_takes_never_sees_half_a_message(connect: Callable[[], Connection]) -> None:
    bodies = ["x" * 200_000] * 60

    def write(_: int) -> None:
        with connect() as own:
            put(own, "fetch", *bodies[:30])

    taken: list[str] = []
    with ThreadPoolExecutor(2) as writers, connect() as reader:
        writing = [writers.submit(write, number) for number in range(2)]
        while len(taken) < len(bodies) and not any(
            one.exception(0.0) for one in writing if one.done()
        ):
            taken += take_all(reader, "fetch")

    assert taken == bodies


def test_a_flooded_queue_is_not_listed_for_another(
    connect: Callable[[], Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    listdir = portal.broker.os.listdir

    def note(folder: Path) -> list[str]:
        names = listdir(folder)
        listed.extend(names)
        return names

    with connect() as connection:
        put(connection, "fetch", *range(500))
        put(connection, "poll", "a")
        monkeypatch.setattr(portal.broker.os, "listdir", note)

        assert take_all(connection, "poll") == ["a"]

    assert len(listed) < 5


def test_a_folder_that_was_emptied_takes_messages_again(
    connect: Callable[[], Connection], tmp_path: Path
) -> None:
    with connect() as connection:
        put(connection, "fetch", 1)
        for path in tmp_path.iterdir():
            shutil.rmtree(path)

        put(connection, "fetch", 2)

        assert take_all(connection, "fetch") == [2]


def test_messages_are_counted_and_thrown_away(connect: Callable[[], Connection]) -> None:
    with connect() as connection:
        put(connection, "fetch", 1, 2)
        channel = connection.default_channel

        assert channel._size("fetch") == 2
        assert channel.queue_purge("fetch") == 2
        assert take_all(connection, "fetch") == []
