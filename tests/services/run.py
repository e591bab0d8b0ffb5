"""Run every test: `python -m tests.services.run`, which is what `make test` does after its checks.

The tests run in legs: most of them on SQLite and, beside it, those that meet a database on
PostgreSQL and Redis; then whole portals on each broker and behind nginx, with the browser beside
them; then the browser on PostgreSQL. A leg that this machine cannot run is a gap: the last lines
name it with its reason, and with CI=true a gap fails the run.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
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
WITHOUT_DATABASE = (  # what would be the same on any
    "--ignore=tests/emulators",
    "--ignore=tests/generations/providers",
    "--ignore=tests/generations/sketch",
    "--ignore=tests/generations/media/test_finishing.py",
    "--ignore=tests/generations/media/test_hostile_clips.py",
)
SERVERS = Leg("PostgreSQL and Redis", (*MOST, *WITHOUT_DATABASE), (POSTGRES, REDIS), True)
MACHINES = Leg("many machines", ("tests/machines",), (POSTGRES, REDIS, RABBITMQ, NGINX, OPENSSL))
BROWSER = Leg("browser", ("tests/e2e",), (CHROMIUM,))
BROWSER_ON_SERVERS = Leg(
    "browser on PostgreSQL and Redis",
    ("tests/e2e", "-m", "main_job"),
    (CHROMIUM, POSTGRES, REDIS),
    is_on_servers=True,
)
STAGES = (
    (SQLITE, SERVERS),
    (MACHINES, BROWSER),
    (BROWSER_ON_SERVERS,),
)  # a stage's legs run together


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
    keeps its output until it is awaited.
    """

    def __init__(self, leg: Leg, settings: dict[str, str], *, is_silent: bool) -> None:
        self.leg = leg
        self._output = tempfile.TemporaryFile("w+b") if is_silent else None  # noqa: SIM115
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # a portal of many tests compiles only once
        if not is_silent:
            print(f"\n=== {leg.name} ===", flush=True)
        self._tests = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *leg.selection],
            cwd=ROOT,
            env=inherited | settings,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT if self._output else None,
            process_group=0,
        )

    def wait(self) -> int:
        """Return pytest's exit code."""
        exit_code = self._tests.wait()
        if self._output:
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
        run_stages(report, missing=packages.install_missing())
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    finally:
        print("", *report.outcomes, *report.gaps, sep="\n", flush=True)
    return report.exit_code(may_have_gaps=os.environ.get("CI") != "true")


def run_stages(report: Report, *, missing: dict[Program, str]) -> None:
    with ExitStack() as stack:
        running = None
        if missing.keys().isdisjoint({POSTGRES, REDIS}):
            try:
                running = stack.enter_context(running_servers())
            except servers.ServerFailed as reason:
                missing = missing | {POSTGRES: str(reason)}
        for number, stage in enumerate(STAGES):
            planned: list[tuple[Leg, dict[str, str]]] = []
            for leg in stage:
                lacking = next((program for program in leg.needs if program in missing), None)
                if lacking:
                    report.add_gap(leg, f"{lacking.package}: {missing[lacking]}")
                else:
                    settings = running.settings(number) if running and leg.is_on_servers else {}
                    planned.append((leg, settings))
            run_together(planned, report)


def run_together(planned: Sequence[tuple[Leg, dict[str, str]]], report: Report) -> None:
    """Run legs at the same time; one shows its progress, the others what they said at the end."""
    runs = [
        Run(leg, settings, is_silent=place > 0) for place, (leg, settings) in enumerate(planned)
    ]
    try:
        for run in runs:
            report.add(run.leg, exit_code=run.wait())
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
