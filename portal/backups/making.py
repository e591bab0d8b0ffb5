"""Making a backup while the portal runs: first the rows as of one moment, then the files they name.

Files never change under their name, so the two make a whole whatever is made meanwhile. A file
that is deleted between the two is written down as missing.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal import VERSION
from portal.backups import archive, database
from portal.backups.errors import BackupRefused
from portal.backups.progress import Progress
from portal.files import file_columns, names_among

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
WORKPLACE = ".greenroom-backup"  # beside the archive, until that is whole
TOLD = 1000  # of what is missing or changed, the first are written down by name


@dataclass
class Manifest:
    """What a backup says of itself; the hashes are in its SHA256SUMS."""

    created_at: str
    rows: database.Rows
    migrations: list[str]
    database: str
    format: int = FORMAT
    greenroom: str = VERSION
    django: str = field(default_factory=django.get_version)
    files: int = 0
    bytes: int = 0
    deleted_meanwhile: int = 0
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.missing and not self.changed


def default_name(at: datetime) -> str:
    return f"greenroom-{at:%Y%m%dT%H%M%SZ}.tar"


def back_up(target: Path, *, say: Callable[[str], None]) -> Manifest:
    """Write everything into one archive, which has its name once it is whole and on the disk.

    Raises BackupRefused, and OSError where there is no room or the storage of the files is away.
    """
    if target.exists():
        raise BackupRefused(f"{target} is there already.")
    with workplace(target.parent) as folder:
        whole = folder / "whole.tar"
        with archive.writing(whole, folder / archive.SUMS) as writer:
            manifest = _write(writer, folder, Progress(say))
            writer.finish()
        _sync(whole)
        if target.exists():
            raise BackupRefused(f"{target} is there already.")
        os.rename(whole, target)
        _sync(target.parent)
    return manifest


@contextmanager
def workplace(beside: Path) -> Iterator[Path]:
    """Give a folder for what is not whole yet, to one backup at a time; it is gone afterwards.

    What a killed backup left in it goes first. Where many may write, as in /tmp, somebody else may
    have put it there: it must be a folder of this account, and is closed to all others. Raises
    BackupRefused where it is not, or where another backup is being made.
    """
    folder = beside / WORKPLACE
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except NotADirectoryError as error:
        raise BackupRefused(f"{folder} is no folder: remove it first.") from error
    try:
        if os.fstat(place).st_uid != os.geteuid():
            raise BackupRefused(f"{folder} is another account's: remove it first.")
        os.fchmod(place, 0o700)
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(f"Another backup is being made in {beside}.") from error
        for left in folder.iterdir():
            left.unlink()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
    finally:
        os.close(place)


def _write(writer: archive.Writer, folder: Path, progress: Progress) -> Manifest:
    progress.say("Copying the database …")
    named, progress.total = folder / "named", 0
    with database.copied(folder) as copy:
        manifest = Manifest(
            created_at=timezone.now().isoformat(timespec="seconds"),
            rows=database.count_rows(copy.query) | database.left_out(),
            migrations=applied_migrations(),
            database=connection.vendor,
        )
        with named.open("w", encoding="utf-8") as lines:
            for column in file_columns():
                for row in copy.query(column.sql):
                    lines.write(json.dumps(row) + "\n")
                    progress.total += 1
    with copy.path.open("rb") as source:
        writer.add(copy.path.name, source, size_bytes=copy.path.stat().st_size)
    copy.path.unlink()
    progress.say("Copying the files …")
    with named.open(encoding="utf-8") as lines:
        for one in lines:
            _add_file(writer, manifest, *json.loads(one))
            progress.count(manifest.files, manifest.bytes)
    text = json.dumps(asdict(manifest), indent=1).encode()
    (folder / MANIFEST).write_bytes(text)
    with (folder / MANIFEST).open("rb") as source:
        writer.add(MANIFEST, source, size_bytes=len(text))
    return manifest


def _add_file(
    writer: archive.Writer, manifest: Manifest, name: str, size_bytes: int | None, sha256: str
) -> None:
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError:
        if not names_among([name]):
            manifest.deleted_meanwhile += 1
        elif len(manifest.missing) < TOLD:
            manifest.missing.append(name)
        return
    with file:
        found = writer.add(FILES + name, file, size_bytes=file.size)
        is_changed = bool(sha256) and (found, file.size) != (sha256, size_bytes)
        if is_changed and len(manifest.changed) < TOLD:
            manifest.changed.append(name)
        manifest.files += 1
        manifest.bytes += file.size


def applied_migrations() -> list[str]:
    applied: Any = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _sync(path: Path) -> None:
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
