"""Do rows and files agree? Whoever asks gets both side by side, in a table on this machine's disk.

So a million files take no memory, and the storage is asked for its list and not for each file.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone

from artists.alarms import Discrepancy
from generations.media.scratch import scratch_folder
from portal.files import named_files, names_among

AT_ONCE = 500  # names looked up again by one query: columns of names have no index
SETTLED = timedelta(days=2)  # by then the tidying has deleted what no row names
TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE named (name TEXT PRIMARY KEY, size_bytes, sha256) WITHOUT ROWID;
CREATE TABLE stored (name TEXT PRIMARY KEY, modified, size_bytes) WITHOUT ROWID;
"""


class Agreement:
    """What rows name and what is stored, each as it was read; findings are looked at once more."""

    def __init__(self, tables: sqlite3.Connection) -> None:
        self._tables = tables
        self.read_again = 0

    @property
    def files(self) -> int:
        ((count,),) = self._ask("SELECT count(*) FROM named")
        return int(count)

    def findings(
        self, *, days: int = 1, slices: Collection[int] = (0,), again: Collection[str] = ()
    ) -> Iterator[Discrepancy]:
        """Yield what is missing, extra or changed.

        Hashes are worked out of those files alone that fall into these of `days` slices, and of
        those whose finding is named `again`.
        """
        yield from self._missing()
        for name in self.unnamed(before=timezone.now() - SETTLED):
            yield Discrepancy(f"extra {name}", f"{name} is stored, and no row names it")
        yield from self._changed(days, set(slices), set(again))

    def unnamed(self, *, before: datetime) -> Iterator[str]:
        """Yield what no row names, and nobody has written since."""
        rows = self._ask(
            "SELECT stored.name FROM stored LEFT JOIN named USING (name) "
            "WHERE named.name IS NULL AND modified < ? ORDER BY 1",
            before.timestamp(),
        )
        while chunk := [name for (name,) in islice(rows, AT_ONCE)]:
            named = names_among(chunk)
            yield from (name for name in chunk if name not in named)

    def _missing(self) -> Iterator[Discrepancy]:
        rows = self._ask(
            "SELECT named.name FROM named LEFT JOIN stored USING (name) "
            "WHERE stored.name IS NULL ORDER BY 1"
        )
        for (name,) in rows:
            if names_among([name]) and not default_storage.exists(name):
                yield Discrepancy(f"missing {name}", f"{name} is missing from storage")

    def _changed(
        self, days: int, slices: Collection[int], again: Collection[str]
    ) -> Iterator[Discrepancy]:
        rows = self._ask(
            "SELECT name, named.size_bytes, stored.size_bytes, sha256 "
            "FROM named JOIN stored USING (name) WHERE sha256 <> '' ORDER BY 1"
        )
        for name, wanted_bytes, found_bytes, sha256 in rows:
            finding = Discrepancy(f"changed {name}", f"{name} is not the file that its row knows")
            is_due = slice_of(name, days) in slices or finding.key in again
            if wanted_bytes == found_bytes and (not is_due or self._has(name, sha256)):
                continue
            if names_among([name]):
                yield finding

    def _has(self, name: str, sha256: str) -> bool:
        """Tell whether the file has that hash; one that is gone is not changed."""
        try:
            file = default_storage.open(name, "rb")
        except FileNotFoundError:
            return True
        self.read_again += 1
        with file:
            found: Any = file
            return hashlib.file_digest(found, "sha256").hexdigest() == sha256

    def _ask(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        return iter(self._tables.execute(sql, values))


@contextmanager
def compared() -> Iterator[Agreement]:
    """Read rows and then storage into one table; raises OSError where the storage is away."""
    storage: Any = default_storage  # a Folder or a Bucket of portal
    with (
        scratch_folder() as folder,
        closing(sqlite3.connect(folder / "agreement.sqlite3")) as tables,
    ):
        tables.executescript(TABLES)
        tables.executemany("INSERT OR REPLACE INTO named VALUES (?, ?, ?)", named_files())
        stored = ((one.name, one.modified.timestamp(), one.size_bytes) for one in storage.walk())
        tables.executemany("INSERT OR REPLACE INTO stored VALUES (?, ?, ?)", stored)
        yield Agreement(tables)


def slice_of(name: str, days: int) -> int:
    """Return on which of so many days a file is read again; no row needs to know it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % days
