"""A portal's home as its first start leaves it: a migrated SQLite database, the static files.

To migrate an empty database takes a processor 25 seconds, and each run of the tests starts a dozen
portals and databases. So it is done once for each state of the code, and copied: what is kept is
named by a digest of everything that migrations, or what follows them, are made of.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".test-services"
CODE = ("portal", "artists", "generations")
REQUIREMENTS = ("requirements.txt", "tests/requirements.txt")
DATABASE = "db.sqlite3"
PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
from portal.supervisor.preparation import collect_static_files
from portal.supervisor.console import Console
call_command("migrate", interactive=False, verbosity=0)
collect_static_files(Console(sys.stderr))
"""


def copy_home(home: Path, *, with_database: bool = True) -> None:
    """Let a home that is empty be as after a first start."""
    with _prepared() as made:
        shutil.copytree(made / "static", home / "static", dirs_exist_ok=True)
        shutil.copy2(made / "static.fingerprint", home / "static.fingerprint")
        if with_database and not (home / DATABASE).exists():
            shutil.copy2(made / DATABASE, home / DATABASE)


def copy_database(path: Path) -> None:
    """Put a migrated database in the place of whatever is there."""
    for left in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        left.unlink(missing_ok=True)
    with _prepared() as made:
        shutil.copy2(made / DATABASE, path)


def fingerprint(root: Path = ROOT) -> str:
    """A digest of all code, for permissions and kinds of content are made of models, and of what
    is installed."""
    digest = hashlib.sha256(f"{sys.version}|{sqlite3.sqlite_version}".encode())
    code = [path for app in CODE for path in sorted((root / app).rglob("*.py"))]
    for path in [*(root / name for name in REQUIREMENTS), *code]:
        content = path.read_bytes()
        digest.update(f"|{path.relative_to(root)}|{len(content)}|".encode() + content)
    return digest.hexdigest()[:20]


@contextmanager
def _prepared() -> Iterator[Path]:
    """Hold the home that fits the code, made if there is none, so that nobody removes it."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = KEPT / f"home-{fingerprint()}"
        if not made.exists():
            for other in KEPT.glob("home-*"):
                shutil.rmtree(other)
            _make(made)
        yield made


def _make(place: Path) -> None:
    draft = KEPT / "home-draft"
    draft.mkdir()
    inherited = {key: value for key, value in os.environ.items() if key[:10] != "GREENROOM_"}
    subprocess.run(
        [sys.executable, "-c", PREPARE],
        cwd=ROOT,
        env={
            **inherited,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "GREENROOM_DEMO": "1",
            "GREENROOM_HOME": str(draft),
        },
        stdin=subprocess.DEVNULL,
        check=True,
    )
    draft.rename(place)
