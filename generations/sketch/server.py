"""The server's process: `python -m generations.sketch.server`, started by `manage.py sketch`.

It loads no Django. The key comes in by the environment, never by an argument, which any process
on the machine could read.
"""

import argparse
import asyncio
import fcntl
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from granian.constants import Interfaces
from granian.server.embed import Server

from .api import build_api
from .callbacks import Callbacks
from .gate import Gate
from .jobs import JobStore
from .renders import RenderQueue

KEY_VARIABLE: Final = "GREENROOM_PROVIDER_SKETCH_KEY"
CALLBACKS_VARIABLE: Final = "GREENROOM_PROVIDER_SKETCH_WEBHOOK_SECRET"


class CannotStart(Exception):
    """Why the server does not start, in one sentence."""


def take_key() -> str:
    """The key, taken out of the environment so that no child inherits it."""
    key = os.environ.pop(KEY_VARIABLE, "")
    if not key:
        raise CannotStart(f"Set {KEY_VARIABLE} to the key that callers must send.")
    return key


def take_secret() -> str:
    """What callbacks are signed with, taken out of the environment; without it there are none."""
    return os.environ.pop(CALLBACKS_VARIABLE, "")


def check_port(host: str, port: int) -> None:
    """The server would share the port with another one that allows it; ask for it alone first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise CannotStart(f"Port {port} of {host} cannot be used: {exc.strerror}.") from exc


async def serve(
    *, host: str, port: int, home: Path, key: str, secret: str, portals: Sequence[str]
) -> None:
    """Serve until SIGTERM or SIGINT; running renders are stopped and stay queued."""
    store = JobStore(home)
    callbacks = Callbacks(store, secret=secret, portals=portals)
    queue = RenderQueue(store, callbacks)
    server = Server(
        Gate(build_api(store, queue, callbacks), key=key),
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    async with queue.running(), callbacks.running():
        await server.serve()


@contextmanager
def sole_owner(home: Path) -> Iterator[None]:
    """Hold the folder of jobs; a second server on it would render every job twice."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise CannotStart(f"Another sketch server works in {home}.") from exc
        yield


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Serve the embedded video model sketch-1.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--home", type=Path, required=True, help="the folder of its jobs")
    parser.add_argument(
        "--portal", action="append", default=[], help="an address whose /hooks/ may be called back"
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # an address it calls holds a secret
    try:
        key, secret = take_key(), take_secret()
        check_port(options.host, options.port)
        with sole_owner(options.home):
            asyncio.run(
                serve(
                    host=options.host,
                    port=options.port,
                    home=options.home,
                    key=key,
                    secret=secret,
                    portals=options.portal,
                )
            )
    except CannotStart as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
