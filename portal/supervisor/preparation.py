"""What a start needs done before its parts run: one supervisor, tables, static files."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.supervisor.console import Console


@contextmanager
def sole_use(folder: Path) -> Iterator[bool]:
    """Hold the data folder for one supervisor; tells whether the one before was killed.

    The lock is the kernel's and ends with the process; the process id inside stays behind only
    where its process had no chance to take it out. Raises ImproperlyConfigured when it is held.
    """
    with (folder / "up.lock").open("a+") as lock:
        lock.seek(0)
        holder = lock.read().strip()
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise ImproperlyConfigured(
                f"Greenroom already runs on {folder} (process {holder}); "
                "stop it, or set GREENROOM_HOME to another folder."
            ) from exc
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield bool(holder)
        finally:
            lock.truncate(0)


def check_settings(console: Console) -> None:
    """Ask what the apps check before a start. Raises ImproperlyConfigured at the first error."""
    for found in checks.run_checks(tags=["startup"]):
        if found.is_serious():
            raise ImproperlyConfigured(found.msg)
        console.say(" ".join(filter(None, [found.msg, found.hint])))


def migrate(console: Console) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        console.say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files(console: Console) -> None:
    """Collect the static files when a source of theirs changed since the last time."""
    note = settings.HOME / "static.fingerprint"
    fingerprint = static_fingerprint()
    if note.exists() and note.read_text() == fingerprint:
        return
    console.say("Collecting the static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    note.write_text(fingerprint)


def static_fingerprint() -> str:
    """Return a digest of where each static file lies, its size and its time of change."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
