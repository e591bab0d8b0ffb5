"""Private PostgreSQL and Redis servers for one run of the tests, on free ports of this machine.

Each lives in a folder of its own under the temporary folder and ends with the `with` block. They
run in process groups of their own, so that Ctrl-C leaves them to the runner, which stops them
after the tests that use them.
"""

import ctypes
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

START_SECONDS = 30
STOP_SECONDS = 20
PR_SET_PDEATHSIG = 1  # of Linux's prctl(2)

Account = pwd.struct_passwd | None


class ServerFailed(Exception):
    """A server did not start; the message says why."""


@contextmanager
def postgres(program: Path) -> Iterator[str]:
    """Run a PostgreSQL server and give the address of its maintenance database."""
    with prepared_postgres(program) as server, server.running():
        yield server.url


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server that can be stopped and started again on its data."""

    url: str
    command: list[str]
    folder: Path
    account: Account

    def running(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        return running(
            self.command,
            folder=self.folder,
            answers=lambda: answers_sql(self.url),
            account=self.account,
        )


@contextmanager
def prepared_postgres(program: Path) -> Iterator[Postgres]:
    """Make the data of a PostgreSQL server of one's own.

    Durability is off: what a crash of the machine would lose is a test's data.
    """
    with private_folder() as folder:
        data, password = folder / "data", secrets.token_urlsafe(16)
        (folder / "password").write_text(password)
        account = unprivileged_account()
        if account:
            for path in (folder, folder / "password"):
                os.chown(path, account.pw_uid, account.pw_gid)
        initialise(program.with_name("initdb"), data, folder / "password", account=account)
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        command = [str(program), "-D", str(data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        url = f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        yield Postgres(url, command, folder, account)


@contextmanager
def redis_server(program: Path, *, port: int | None = None) -> Iterator[str]:
    """Run a Redis server that writes nothing to disk, and give its address without a number."""
    with private_folder() as folder:
        port = port or free_port()
        command = [str(program), "--port", str(port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        url = f"redis://127.0.0.1:{port}"
        with running(command, folder=folder, answers=lambda: answers_redis(url)):
            yield url


def create_database(url: str, name: str) -> str:
    """Create an empty database beside the one of `url`, and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
        )
    return f"{url.rpartition('/')[0]}/{name}"


def initialise(program: Path, data: Path, password: Path, *, account: Account) -> None:
    command = [str(program), "--pgdata", str(data), "--username=postgres", "--encoding=UTF8"]
    command += ["--locale=C.UTF-8", "--auth=scram-sha-256", "--pwfile", str(password), "--no-sync"]
    done = subprocess.run(
        command,
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode != 0:
        raise ServerFailed(f"initdb: {last_line(done.stderr)}")


@contextmanager
def running(
    command: list[str],
    *,
    folder: Path,
    answers: Callable[[], bool],
    account: Account = None,
    environment: Mapping[str, str] | None = None,
    stop_signal: int = signal.SIGINT,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, whichever way it ends.

    SIGINT is PostgreSQL's fast shutdown; Redis ends by it too.
    """
    log = folder / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=end_with_parent,
            env={**os.environ, **(environment or {})},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
    try:
        wait_until(answers, server=server, log=log)
        yield server
    finally:
        server.send_signal(stop_signal)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_until(answers: Callable[[], bool], *, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if server.poll() is not None:
            raise ServerFailed(last_line(log.read_text(errors="replace")))
        if time.monotonic() > deadline:
            raise ServerFailed(f"no answer within {START_SECONDS} s")
        time.sleep(0.05)


def answers_sql(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def answers_redis(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False


def end_with_parent() -> None:
    """Let the kernel end this process with its parent, even one that was killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def unprivileged_account() -> Account:
    """Return whom root runs PostgreSQL as, for it refuses to run as root; None when not root."""
    if os.geteuid() != 0:
        return None
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    return accounts.get("postgres", accounts["nobody"])


@contextmanager
def private_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="greenroom-servers-") as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"
