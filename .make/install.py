"""Make `.venv` and install what one requirements file names, unless that is done already.

Uses only the standard library, and uv in place of pip where it is on PATH. A stamp in `.venv`
holds the digest of the requirements and of the Python version, so that a second call does nothing.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
INSTALL_BYTES = 1_500_000_000  # the test environment measures 1.0 GB, its downloads 0.3 GB

REASONS = [
    (r"No space left on device|Errno 28", "the disk is full"),
    (
        r"command '\S+' failed|Unknown compiler|CMAKE_C(XX)?_COMPILER|linker `cc` not found"
        r"|No such file or directory: '(gcc|cc)'|Could not build",
        "a package had to be built here and could not, mostly for want of a C compiler; "
        "on Debian or Ubuntu: apt-get install build-essential python3-dev",
    ),
    (
        r"name resolution|Name or service not known|NewConnectionError|ConnectTimeout|dns error"
        r"|error sending request|Network is unreachable|No matching distribution found",
        "the package index could not be reached or lacks a package; check the network or the proxy",
    ),
]


class InstallError(Exception):
    pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("requirements", help="path of the requirements file, from the project")
    parser.add_argument("--is-done", action="store_true", help="only answer, by the exit code")
    options = parser.parse_args()
    if is_done(options.requirements):
        return 0
    if options.is_done:
        return 1
    try:
        install(options.requirements)
    except InstallError as reason:
        print(f"greenroom: {reason}.", file=sys.stderr)
        return 1
    return 0


def is_done(requirements: str) -> bool:
    stamp = stamp_of(requirements)
    return VENV_PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(requirements)


def install(requirements: str) -> None:
    ensure_disk_has_room()
    print(f"Installing what {requirements} names into .venv; the first time takes a minute …")
    uv = shutil.which("uv")
    make_venv(uv)
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(VENV_PYTHON)]
    else:
        command = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", "--prefer-binary"]
    run([*command, "--requirement", requirements], f"{requirements} could not be installed")
    for done in included_files(requirements):
        stamp_of(done).write_text(digest(done))


def ensure_disk_has_room() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < INSTALL_BYTES:
        raise InstallError(
            f"the disk of {ROOT} has {free / 1e9:.1f} GB free and the installation needs "
            f"{INSTALL_BYTES / 1e9:.1f} GB; make room and try again"
        )


def make_venv(uv: str | None) -> None:
    """Make `.venv` for this Python; one of another Python, or half made, is made anew."""
    if is_usable(uv):
        return
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    else:
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if not uv and not has_venv_module():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise InstallError(
            f"{sys.executable} lacks the venv module; "
            f"on Debian or Ubuntu: apt-get install python{version}-venv"
        )
    run(command, ".venv could not be made")


def is_usable(uv: str | None) -> bool:
    if not VENV_PYTHON.exists():
        return False
    probe = "import sys; print(sys.version)" if uv else "import pip, sys; print(sys.version)"
    found = subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    return found.stdout.strip() == sys.version.strip()


def has_venv_module() -> bool:
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def run(command: list[str], failure: str) -> None:
    """Run a command in silence; when it fails, tell the cause in a sentence."""
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise InstallError(f"{failure}: {reason_in(done.stdout)}")


def reason_in(output: str) -> str:
    for pattern, reason in REASONS:
        if re.search(pattern, output):
            return reason
    errors = [line for line in output.splitlines() if line.lower().startswith("error")]
    lines = errors or output.splitlines() or ["no reason was given"]
    return lines[-1].strip().removeprefix("ERROR: ").rstrip(".")


def included_files(requirements: str) -> list[str]:
    """Return the file and those that its `-r` lines name, as paths from the project."""
    files = [requirements]
    for line in (ROOT / requirements).read_text().splitlines():
        if line.startswith("-r "):
            path = (ROOT / requirements).parent / line.removeprefix("-r ").strip()
            files += included_files(str(path.resolve().relative_to(ROOT)))
    return files


def digest(requirements: str) -> str:
    parts = [sys.version, *((ROOT / name).read_text() for name in included_files(requirements))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp_of(requirements: str) -> Path:
    return VENV / f".installed-{requirements.replace('/', '-')}"


if __name__ == "__main__":
    sys.exit(main())
