"""A private RabbitMQ: a node of its own, with its own epmd, on free ports of this machine."""

import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError

from tests.services.servers import (
    ServerFailed,
    free_port,
    private_folder,
    running,
    unprivileged_account,
)


@contextmanager
def rabbitmq(program: Path) -> Iterator["Node"]:
    """Run one until the block ends; its data goes with it."""
    with private_folder() as folder:
        node = Node(program, folder)
        with node.epmd(), node:
            yield node


class Node:
    """One broker, which may be stopped and started again on what it keeps."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.port, self._dist_port, self._epmd_port = free_port(), free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self.port}//"  # guest comes from loopback alone
        self._account = unprivileged_account()
        plugins = folder / "plugins"
        plugins.write_text("[].")
        cookie = folder / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        if self._account:
            for path in (folder, plugins, cookie):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def __enter__(self) -> "Node":
        self.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def start(self) -> None:
        self._running = running(
            [str(self._program)],
            folder=self._folder,
            answers=self.answers,
            account=self._account,
            environment=self._environment(),
            stop_signal=signal.SIGTERM,
        )
        self.process = self._running.__enter__()

    def stop(self) -> None:
        self._running.__exit__(None, None, None)

    def answers(self) -> bool:
        with Connection(self.url, connect_timeout=2) as connection:
            try:
                connection.ensure_connection(max_retries=0, timeout=2)
            except OperationalError:
                return False
        return True

    @contextmanager
    def epmd(self) -> Iterator[None]:
        """Run Erlang's port mapper, so that the node starts none that outlives it."""
        program = shutil.which("epmd")
        if program is None:
            raise ServerFailed("epmd of Erlang is not installed")
        folder = self._folder / "epmd"
        folder.mkdir()
        with running(
            [program, "-port", str(self._epmd_port), "-address", "127.0.0.1"],
            folder=folder,
            answers=lambda: True,
            stop_signal=signal.SIGTERM,
        ):
            yield

    def _environment(self) -> dict[str, str]:
        folder = self._folder
        return {
            "HOME": str(folder),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_NODENAME": f"greenroom{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        }
