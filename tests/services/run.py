"""Run every test: `python -m tests.services.run`, which is what `make test` does after its checks.

The tests run in legs: all but the browser's on SQLite, the same on PostgreSQL and Redis, then the
browser on each. A leg that this machine cannot run is a gap: the last lines name it with its
reason, and with CI=true a gap fails the run.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services import packages, servers
from tests.services.packages import CHROMIUM, POSTGRES, REDIS, Program

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 60  # for pytest's own tear-down after an interruption


@dataclass(frozen=True)
class Leg:
    """One pytest run: what it selects, which programs it needs, whether it uses the servers."""

    name: str
    selection: tuple[str, ...]
    needs: tuple[Program, ...] = ()

    @property
    def is_on_servers(self) -> bool:
        return POSTGRES in self.needs


ALL_BUT_THE_BROWSER = ("tests", "--ignore=tests/e2e")
LEGS = (
    Leg("SQLite", ALL_BUT_THE_BROWSER),
    Leg("PostgreSQL and Redis", ALL_BUT_THE_BROWSER, (POSTGRES, REDIS)),
    Leg("browser", ("tests/e2e",), (CHROMIUM,)),
    Leg(
        "browser on PostgreSQL and Redis",
        ("tests/e2e", "-m", "main_job"),
        (CHROMIUM, POSTGRES, REDIS),
    ),
)


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


@dataclass
class Report:
    """What ran and how it ended, and what did not run and why."""

    outcomes: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    has_failures: bool = False

    def add(self, leg: Leg, *, exit_code: int, seconds: float) -> None:
        outcome = "passed" if exit_code == 0 else f"FAILED (pytest ended with {exit_code})"
        self.outcomes.append(f"{leg.name}: {outcome} in {seconds:.0f} s")
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
        running: Servers | None = None
        for number, leg in enumerate(LEGS):
            lacking = next((program for program in leg.needs if program in missing), None)
            if lacking:
                report.add_gap(leg, f"{lacking.package}: {missing[lacking]}")
                continue
            try:
                if leg.is_on_servers and running is None:
                    running = stack.enter_context(running_servers())
            except servers.ServerFailed as reason:
                report.add_gap(leg, str(reason))
                continue
            settings = running.settings(number) if leg.is_on_servers and running else {}
            started = time.monotonic()
            exit_code = run_leg(leg, settings)
            report.add(leg, exit_code=exit_code, seconds=time.monotonic() - started)


@contextmanager
def running_servers() -> Iterator[Servers]:
    postgres, redis = POSTGRES.find(), REDIS.find()
    if postgres is None or redis is None:
        raise servers.ServerFailed("PostgreSQL or Redis is not installed")
    with servers.postgres(postgres) as database_url, servers.redis_server(redis) as redis_url:
        yield Servers(database_url, redis_url)


def run_leg(leg: Leg, settings: dict[str, str]) -> int:
    """Run one leg's tests with no other settings of Greenroom, and return pytest's exit code.

    pytest has a process group of its own: an interruption reaches it once, from here.
    """
    print(f"\n=== {leg.name} ===", flush=True)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GREENROOM_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # a portal of many tests compiles only once
    tests = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", *leg.selection],
        cwd=ROOT,
        env=inherited | settings,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        return tests.wait()
    except BaseException:
        tests.send_signal(signal.SIGINT)
        try:
            tests.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(tests.pid, signal.SIGKILL)
        raise


if __name__ == "__main__":
    sys.exit(main())
