"""What the tests need beyond Python packages, found on this machine or installed from Debian."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A program of the system: its Debian package, and the names it goes by."""

    package: str
    names: tuple[str, ...]
    folders: tuple[str, ...] = ()

    def find(self) -> Path | None:
        """Return the path of the program, the newest where several are installed."""
        for name in self.names:
            found = shutil.which(name)
            if found:
                return Path(found)
        inside = [path for pattern in self.folders for path in Path("/").glob(pattern)]
        return max(inside, key=lambda path: version(path.parent.parent.name), default=None)


def version(folder: str) -> int:
    return int(folder) if folder.isdecimal() else 0


POSTGRES = Program("postgresql", ("postgres",), ("usr/lib/postgresql/*/bin/postgres",))
REDIS = Program("redis-server", ("redis-server", "valkey-server"))
# The script itself: Debian's wrapper in the path runs it as a certain user, on certain folders.
RABBITMQ = Program("rabbitmq-server", (), ("usr/lib/rabbitmq/bin/rabbitmq-server",))
NGINX = Program("nginx", ("nginx",), ("usr/sbin/nginx",))
OPENSSL = Program("openssl", ("openssl",))
CHROMIUM = Program("chromium", ("chromium", "chromium-browser", "google-chrome"))
FFMPEG = Program("ffmpeg", ("ffmpeg",))
WRK = Program("wrk", ("wrk",))  # of the benchmarks alone
PROGRAMS = (POSTGRES, REDIS, RABBITMQ, NGINX, OPENSSL, CHROMIUM, FFMPEG)


def install_missing(programs: Iterable[Program] = PROGRAMS) -> dict[Program, str]:
    """Install what is missing where apt-get can, and return why each of the others is not here."""
    missing = [program for program in programs if program.find() is None]
    if not missing:
        return {}
    reason = install([program.package for program in missing])
    return {program: reason for program in missing if program.find() is None}


def install(packages: list[str]) -> str:
    """Install Debian packages in silence; return the reason when it cannot be done, else ''."""
    if shutil.which("apt-get") is None:
        return "it is not installed, and this is neither Debian nor Ubuntu"
    if os.geteuid() != 0:
        return f"it is not installed; as root: apt-get install {' '.join(packages)}"
    print(f"Installing {', '.join(packages)} with apt-get …", flush=True)
    quietly = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for command in (
        [*quietly, "update"],
        [*quietly, "install", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command,
            # Nothing begins to serve the world where scripts of init decide (a runlevel of one).
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            lines = done.stdout.splitlines() or ["no reason given"]
            return f"apt-get could not install it: {lines[-1].strip()}"
    return "apt-get installed it, yet it is not there"
