"""Taking a backup back: nothing is touched before every byte of it was found right.

Then files go into the storage, are read there again, and last comes the database: rows never name
a file that is not there. Cut short, it is simply run again: files that are there whole stay.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.backups import archive, database
from portal.backups.errors import BackupRefused
from portal.backups.making import FILES, FORMAT, MANIFEST, Manifest
from portal.backups.progress import Progress

MANIFEST_MAX_BYTES = 10_000_000


@contextmanager
def verified(path: Path, *, say: Callable[[str], None]) -> Iterator[tuple[Manifest, Path]]:
    """Read a backup from end to end; give its manifest, and its sums in a file.

    Raises BackupRefused, which names the file in it that is broken.
    """
    with _scratch() as folder:
        sums, progress = folder / archive.SUMS, Progress(say)
        manifest, done_bytes = b"", 0
        progress.say("Checking the backup …")
        with sums.open("w+", encoding="utf-8") as lines:
            for files, (name, content) in enumerate(archive.members(path)):
                if name == archive.SUMS:
                    lines.seek(0)
                    _compare(path, lines, content)
                    continue
                measured = archive.Measured(content)
                if name == MANIFEST:
                    manifest = measured.read(MANIFEST_MAX_BYTES) or b""
                lines.write(archive.line(measured.read_whole(), name))
                done_bytes += measured.size_bytes
                progress.count(files, done_bytes)
        yield _read_manifest(path, manifest), sums


def restore(path: Path, *, is_over: bool, say: Callable[[str], None]) -> Manifest:
    """Put a backup in the place of what is here: nothing, unless `is_over` says otherwise.

    Raises BackupRefused, OSError where there is no room or the storage is away.
    """
    if database.mend():
        say("A restore was cut short before: the tables that it had set aside are back.")
    with verified(path, say=say) as (manifest, sums):
        _ensure_fits(path, manifest)
        if not is_over:
            _ensure_empty()
        with _scratch() as folder:
            copy = _unpack(path, sums, folder, Progress(say, total=manifest.files))
            say("Reading the files again …")
            _read_again(sums, Progress(say, total=manifest.files))
            say("Restoring the database …")
            database.load(copy, rows=manifest.rows)
    return manifest


@contextmanager
def _scratch() -> Iterator[Path]:
    """Give a folder for this work alone; of one that was killed the tidying removes it."""
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as folder:
        yield Path(folder)


def _compare(path: Path, found: IO[str], wanted: IO[bytes]) -> None:
    for raw in wanted:
        line = raw.decode()
        ours = found.readline()
        _, name = archive.read_line(ours or line)
        archive.check(path, name, line, ours)
    rest = found.readline()
    archive.check(path, archive.read_line(rest)[1], "", rest)


def _read_manifest(path: Path, text: bytes) -> Manifest:
    try:
        facts = json.loads(text)
        if facts["format"] != FORMAT:
            raise BackupRefused(f"{path.name} has a format that this Greenroom does not know.")
        return Manifest(**facts)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupRefused(f"{path.name} is no backup: it has no good {MANIFEST}.") from error


def _ensure_fits(path: Path, manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupRefused(
            f"{path.name} is of {manifest.database}, and this portal is on {connection.vendor}."
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {f"{app}.{name}" for app, name in loader.disk_migrations}
    unknown = sorted(set(manifest.migrations) - ours)
    if unknown:
        raise BackupRefused(
            f"{path.name} was made by another Greenroom ({manifest.greenroom}): "
            f"this one does not know {unknown[0]}. Install that one, and restore there."
        )


def _ensure_empty() -> None:
    if not database.is_empty():
        raise BackupRefused("The database has tables already: --over puts the backup in its place.")
    storage: Any = default_storage
    if next(iter(storage.walk("")), None) is not None:
        raise BackupRefused("There are files already: --over puts those of the backup among them.")


def _unpack(path: Path, sums: Path, folder: Path, progress: Progress) -> Path:
    """Store the files, and return where the copy of the database is."""
    copy = folder / database.FILES[connection.vendor]
    done_bytes = 0
    with sums.open(encoding="utf-8") as lines:
        for files, ((name, content), line) in enumerate(
            zip(archive.members(path), lines, strict=False)
        ):
            wanted, _ = archive.read_line(line)
            if name.startswith(FILES):
                done_bytes += _keep(path, name, content, wanted)
            elif name == copy.name:
                _write(path, copy, content, wanted)
            progress.count(files, done_bytes)
    return copy


def _write(path: Path, copy: Path, content: IO[bytes], wanted: str) -> None:
    """Write the copy of the database, which may take its place, for this account alone."""
    measured = archive.Measured(content)
    copy.touch(mode=0o600, exist_ok=False)
    with copy.open("wb") as here:
        while block := measured.read(archive.BLOCK_BYTES):
            here.write(block)
    archive.check(path, copy.name, wanted, measured.read_whole())


def _keep(path: Path, member: str, content: IO[bytes], wanted: str) -> int:
    """Store one file under the very name that rows know, unless it is there; return its size."""
    name = member.removeprefix(FILES)
    try:
        if default_storage.exists(name):
            if _digest(name) == wanted:
                return 0
            default_storage.delete(name)
        measured = archive.Measured(content)
        stored = default_storage.save(name, File(measured, name=name))  # type: ignore[arg-type]
    except SuspiciousOperation as error:  # of a bucket it is no more than that
        raise BackupRefused(f"{path.name} is no backup: {member} would lie elsewhere.") from error
    if stored != name:
        default_storage.delete(stored)
        raise BackupRefused(f"{name} cannot be stored under its own name.")
    archive.check(path, member, wanted, measured.read_whole())
    return measured.size_bytes


def _read_again(sums: Path, progress: Progress) -> None:
    with sums.open(encoding="utf-8") as lines:
        for files, line in enumerate(lines):
            wanted, name = archive.read_line(line)
            if name.startswith(FILES) and _digest(name.removeprefix(FILES)) != wanted:
                raise BackupRefused(f"{name} did not reach the storage whole.")
            progress.count(files, 0)


def _digest(name: str) -> str:
    with default_storage.open(name, "rb") as file:
        return archive.Measured(file).read_whole()
