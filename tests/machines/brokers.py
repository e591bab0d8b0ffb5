"""The brokers that a portal may run on: each is started, stopped and emptied for real."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import redis
from kombu import Connection

from portal.queues import QUEUES, declarations
from tests.services import servers
from tests.services.packages import RABBITMQ, REDIS, Program
from tests.services.rabbitmq import Node, rabbitmq


class Broker(Protocol):
    settings: dict[str, str]

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def empty(self) -> None:
        """Lose every message."""


class Folder:
    """The embedded one; it lives in the portal's home and cannot be stopped."""

    def __init__(self, home: Path) -> None:
        self.settings: dict[str, str] = {}
        self._folder = home / "broker"

    def start(self) -> None:
        raise NotImplementedError

    stop = start

    def empty(self) -> None:
        for path in self._folder.iterdir():
            shutil.rmtree(path)


class Redis:
    """It keeps the cache too, as on many a site."""

    def __init__(self, program: Path) -> None:
        self._program, self._port = program, servers.free_port()
        self._url = f"redis://127.0.0.1:{self._port}"
        self._running = ExitStack()
        self.settings = {
            "GREENROOM_BROKER_URL": f"{self._url}/0",
            "GREENROOM_CACHE_URL": f"{self._url}/1",
        }

    def start(self) -> None:
        self._running.enter_context(servers.redis_server(self._program, port=self._port))

    def stop(self) -> None:
        self._running.close()

    def empty(self) -> None:
        with redis.Redis.from_url(f"{self._url}/0") as client:
            client.flushdb()


class RabbitMQ:
    def __init__(self, node: Node) -> None:
        self._node = node
        self.settings = {"GREENROOM_BROKER_URL": node.url}
        self.start, self.stop = node.start, node.stop

    def empty(self) -> None:
        with Connection(self._node.url) as connection:
            for queue in QUEUES:
                connection.default_channel.queue_purge(queue)

    def assert_queues_are_kept_by_a_majority(self) -> None:
        """To declare a queue again with other properties than it has is an error."""
        with Connection(self._node.url) as connection:
            for queue in declarations(on_rabbitmq=True):
                arguments: dict[str, object] = vars(queue)["queue_arguments"]
                assert arguments["x-queue-type"] == "quorum"
                queue(connection.default_channel).declare()


@contextmanager
def broker(kind: str, *, home: Path) -> Iterator[Broker]:
    """Run a broker of this kind until the block ends."""
    match kind:
        case "folder":
            yield Folder(home)
        case "redis":
            running = Redis(found(REDIS))
            running.start()
            try:
                yield running
            finally:
                running.stop()
        case "rabbitmq":
            with rabbitmq(found(RABBITMQ)) as node:
                yield RabbitMQ(node)


def found(program: Program) -> Path:
    path = program.find()
    assert path is not None, f"install {program.package}"
    return path
