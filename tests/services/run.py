"""Run every test: `python -m tests.services.run`, which is what `make test` does after its checks.

The tests run in legs, two at a time: most of them on SQLite; those that meet a database on
PostgreSQL and Redis; whole portals on each broker and behind nginx; the browser; and its main job
on PostgreSQL. A leg that this machine cannot run is a gap: the last lines name it with its reason,
and with CI=true a gap fails the run.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import packages, servers
from tests.services.packages import CHROMIUM, NGINX, OPENSSL, POSTGRES, RABBITMQ, REDIS, Program

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 60  # for pytest's own tear-down after an interruption


@dataclass(frozen=True)
class Leg:
    """One pytest run: what it selects, which programs it needs, whether it uses the servers."""

    name: str
    selection: tuple[str, ...]
    needs: tuple[Program, ...] = ()
    is_on_servers: bool = False


MOST = ("tests", "--ignore=tests/e2e", "--ignore=tests/machines")
SQLITE = Leg("SQLite", MOST)
SERVERS = Leg("PostgreSQL and Redis", (*MOST, "--on-servers"), (POSTGRES, REDIS), True)
MACHINES = Leg("many machines", ("tests/machines",), (POSTGRES, REDIS, RABBITMQ, NGINX, OPENSSL))
BROWSER = Leg("browser", ("tests/e2e",), (CHROMIUM,))
BROWSER_ON_SERVERS = Leg(
    "browser on PostgreSQL and Redis",
    ("tests/e2e", "-m", "main_job"),
    (CHROMIUM, POSTGRES, REDIS),
    is_on_servers=True,
)
LEGS = (SERVERS, SQLITE, BROWSER, MACHINES, BROWSER_ON_SERVERS)  # the longest first
AT_ONCE = 2
LOOK_SECONDS = 0.2
SLOWEST = ("--durations=20", "--durations-min=3")  # seconds


@dataclass(frozen=True)
class Servers:
    """The addresses of the private servers."""

    database_url: str
    redis_url: str

    def settings(self, number: int) -> dict[str, str]:
        """Return the settings that name a part of them which nobody has used before."""
        return {
            "GREENROOM_DATABASE_URL": servers.create_database(self.database_url, f"leg_{number}"),
            "GREENROOM_BROKER_URL": f"{self.redis_url}/{2 * number}",
            "GREENROOM_CACHE_URL": f"{self.redis_url}/{2 * number + 1}",
        }


class Run:
    """One leg's pytest, with no other settings of Greenroom than those given.

    It has a process group of its own: an interruption reaches it once, from here. A silent run
    keeps its output until it has ended.
    """

    def __init__(self, leg: Leg, settings: dict[str, str], *, is_silent: bool) -> None:
        self.leg = leg
        self.is_silent = is_silent
        self._output = tempfile.TemporaryFile("w+b") if is_silent else None  # noqa: SIM115
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # a portal of many tests compiles only once
        if not is_silent:
            print(f"\n=== {leg.name} ===", flush=True)
        self._tests = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *SLOWEST, *leg.selection],
            cwd=ROOT,
            env=inherited | settings,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT if self._output else None,
            process_group=0,
        )

    def ended(self) -> int | None:
        """Return pytest's exit code, None while it goes on."""
        exit_code = self._tests.poll()
        if exit_code is not None and self._output:
            self._output.seek(0)
            print(
                f"\n=== {self.leg.name} ===\n{self._output.read().decode(errors='replace')}",
                flush=True,
            )
        return exit_code

    def interrupt(self) -> None:
        """End it, with time for its tests to clean up behind them."""
        if self._tests.poll() is None:
            self._tests.send_signal(signal.SIGINT)
        try:
            self._tests.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._tests.pid, signal.SIGKILL)


@dataclass
class Report:
    """What ran and how it ended, and what did not run and why."""

    outcomes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    has_failures: bool = False

    def add(self, leg: Leg, *, exit_code: int) -> None:
        outcome = "passed" if exit_code == 0 else f"FAILED (pytest ended with {exit_code})"
        self.outcomes.append(f"{leg.name}: {outcome}")
        self.has_failures = self.has_failures or exit_code != 0

    def add_gap(self, leg: Leg, reason: str) -> None:
        self.gaps.append(f"NOT RUN: {leg.name}: {reason}")

    def exit_code(self, *, may_have_gaps: bool) -> int:
        return int(self.has_failures or (bool(self.gaps) and not may_have_gaps))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    report = Report()
    try:
        run_legs(report, missing=packages.install_missing())
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        print("", *report.outcomes, *report.gaps, sep="\n", flush=True)
    return report.exit_code(may_have_gaps=os.environ.get("CI") != "true")


def run_legs(report: Report, *, missing: dict[Program, str]) -> None:
    with ExitStack() as stack:
        running = None
        if missing.keys().isdisjoint({POSTGRES, REDIS}):
            try:
                running = stack.enter_context(running_servers())
            except servers.ServerFailed as reason:
                missing = missing | {POSTGRES: str(reason)}
        planned: list[tuple[Leg, dict[str, str]]] = []
        for number, leg in enumerate(LEGS):
            lacking = next((program for program in leg.needs if program in missing), None)
            if lacking:
                report.add_gap(leg, f"{lacking.package}: {missing[lacking]}")
            else:
                settings = running.settings(number) if running and leg.is_on_servers else {}
                planned.append((leg, settings))
        run_planned(planned, report)


def run_planned(planned: Iterable[tuple[Leg, dict[str, str]]], report: Report) -> None:
    """Run AT_ONCE legs at a time; one shows its progress, another what it said once it ended."""
    waiting, runs = list(planned), list[Run]()
    try:
        while waiting or runs:
            while waiting and len(runs) < AT_ONCE:
                leg, settings = waiting.pop(0)
                is_silent = any(not run.is_silent for run in runs)
                runs.append(Run(leg, settings, is_silent=is_silent))
            time.sleep(LOOK_SECONDS)
            for run in list(runs):
                exit_code = run.ended()
                if exit_code is not None:
                    runs.remove(run)
                    report.add(run.leg, exit_code=exit_code)
    except BaseException:
        for run in runs:
            run.interrupt()
        raise


@contextmanager
def running_servers() -> Iterator[Servers]:
    postgres, redis = POSTGRES.find(), REDIS.find()
    if postgres is None or redis is None:
        raise servers.ServerFailed("PostgreSQL or Redis is not installed")
    with servers.postgres(postgres) as database_url, servers.redis_server(redis) as redis_url:
        yield Servers(database_url, redis_url)


if __name__ == "__main__":
    sys.exit(main())
