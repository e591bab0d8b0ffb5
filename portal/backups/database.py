"""The database in one file, each kind by its own means: they know triggers, sequences and types.

SQLite: VACUUM INTO copies it as it stands at one moment, without what was deleted from it.
PostgreSQL: pg_dump and pg_restore, in their custom format.

Sessions are left out. A row of theirs is what a browser shows to be signed in, second factor and
all: with them whoever reads a backup would be whoever was signed in then.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from portal.backups.errors import BackupRefused
from portal.snapshot import snapshot

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
LEFT_OUT = ("sessions.Session", "usersessions.UserSession")
ASIDE = "greenroom_replaced"  # the schema of the tables before, until the new ones stand
Rows = dict[str, int]


class Copy(NamedTuple):
    """A copy of the database, and a way to query what it holds; what is left out, too."""

    path: Path
    query: Callable[[str], Iterator[tuple[Any, ...]]]


@contextmanager
def copied(folder: Path) -> Iterator[Copy]:
    """Copy the database into a folder; within the block queries see the very same moment."""
    path = folder / FILES[connection.vendor]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        with closing(sqlite3.connect(path)) as copy:
            copy.execute("PRAGMA secure_delete = ON")  # zeros in their place
            for table in left_out():
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608
            copy.commit()
            yield Copy(path, lambda sql: iter(copy.execute(sql)))
        return
    with snapshot():
        ((exported,),) = _ask("SELECT pg_export_snapshot()")
        without = [f"--exclude-table-data={table}" for table in left_out()]
        options = ["--format=custom", f"--snapshot={exported}", f"--file={path}", *without]
        _run("pg_dump", *options, *_OWNERLESS)
        yield Copy(path, _ask)


def left_out() -> Rows:
    """The tables of which a copy has no row."""
    return {apps.get_model(label)._meta.db_table: 0 for label in LEFT_OUT}


def count_rows(query: Callable[[str], Iterator[tuple[Any, ...]]]) -> Rows:
    """Return how many rows each table has."""
    tables = sorted(name for (name,) in query(_TABLES[connection.vendor]))
    return {one: next(query(f'SELECT count(*) FROM "{one}"'))[0] for one in tables}  # noqa: S608


def is_empty() -> bool:
    return not connection.introspection.table_names()


def is_cut_short() -> bool:
    """Tell whether a restore was killed that had set the tables of before aside (PostgreSQL)."""
    if connection.vendor != "postgresql":
        return False
    ((count,),) = _ask(f"SELECT count(*) FROM pg_namespace WHERE nspname = '{ASIDE}'")  # noqa: S608
    return bool(count)


def mend() -> bool:
    """Put the tables back that a killed restore had set aside; tell whether there were any.

    Raises BackupRefused where somebody else has the database open.
    """
    if not is_cut_short():
        return False
    _ensure_alone()
    _put_back()
    return True


def load(path: Path, *, rows: Rows) -> None:
    """Put a copy in the place of the database, whole or not at all.

    Raises BackupRefused where somebody else has the database open, or where the copy has not
    these `rows`; then everything is as it was.
    """
    if connection.vendor == "sqlite":
        _load_sqlite(path, rows=rows)
    else:
        _load_postgresql(path, rows=rows)


_OWNERLESS = ("--no-owner", "--no-privileges")
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def _ask(sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        yield from cursor


def _load_sqlite(path: Path, *, rows: Rows) -> None:
    with closing(sqlite3.connect(path)) as copy:
        try:
            ((found,),) = copy.execute("PRAGMA integrity_check(1)").fetchall()
            _compare(rows, count_rows(lambda sql: iter(copy.execute(sql))))
        except sqlite3.DatabaseError as error:
            raise BackupRefused(f"{path.name} is no database: {error}.") from error
        if found != "ok":
            raise BackupRefused(f"{path.name} is a broken database: {found}.")
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    with closing(sqlite3.connect(place)) as before:  # what a killed process left is written down
        before.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if place.with_name(f"{place.name}-wal").exists():  # the last one to close takes it away
        raise BackupRefused(f"{place} is open elsewhere: stop webs, workers and schedule first.")
    staged = place.with_name(f"{place.name}.restored")
    shutil.move(path, staged)  # which may be a copy from another disk
    os.replace(staged, place)


def _load_postgresql(path: Path, *, rows: Rows) -> None:
    _ensure_alone()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        _run("pg_restore", "--single-transaction", "--exit-on-error", *_OWNERLESS, into=path)
        _compare(rows, count_rows(_ask))
    except BaseException:
        _put_back()
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _ensure_alone() -> None:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    ((busy,),) = _ask(others)
    if busy:
        raise BackupRefused(
            f"{busy} others are connected to the database: stop webs, workers and schedule first."
        )


@transaction.atomic
def _put_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def _compare(wanted: Rows, found: Rows) -> None:
    for table in sorted(wanted.keys() | found.keys()):
        if wanted.get(table) != found.get(table):
            raise BackupRefused(
                f"The table {table} has {found.get(table, 'no')} rows, not {wanted.get(table)}."
            )


def _run(program: str, *options: str, into: Path | None = None) -> None:
    """Run one of PostgreSQL's programs on our database; the password goes by the environment."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(f"{program} is missing: install PostgreSQL's client programs.")
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *address, name = where
    command = [found, *options, *address, f"--dbname={name}", *([str(into)] if into else [])]
    done = subprocess.run(  # noqa: S603
        command,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()}")
