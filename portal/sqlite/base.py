"""Django's SQLite, with the writers of one process in line.

SQLite lets one write at a time, and who finds it taken sleeps and asks again: whoever comes at
the right moment goes first, and of 16 who write without a pause the slowest waits for seconds.
Here they wait for one another in the order in which they came, and ask SQLite only when it is
their turn; what is left for SQLite to settle is between processes.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from portal.sqlite.line import Line, line_of

SQLite: Any = base.DatabaseWrapper  # the stubs leave out most of it
READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.I)
DEFAULT_SECONDS = 5.0  # as sqlite3 has it


class DatabaseWrapper(SQLite):
    """A connection that waits for its turn before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line: Line | None = None  # the one at whose head it stands, and none otherwise

    def create_cursor(self, name: str | None = None) -> "Cursor":
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.turn = self._turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode not in ("IMMEDIATE", "EXCLUSIVE"):
            super()._start_transaction_under_autocommit()
            return
        self._enter()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # where that fails, Django rolls back or closes
        self._leave()

    def _rollback(self) -> None:
        super()._rollback()
        self._leave()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """A turn for one statement outside of any transaction."""
        if self._line:  # SQLite has ended the transaction by itself, and Django is about to
            yield
            return
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        line = line_of(str(self.settings_dict["NAME"]))
        seconds = self.settings_dict["OPTIONS"].get("timeout", DEFAULT_SECONDS)
        if not line.enter(seconds=seconds):
            raise OperationalError("database is locked")
        self._line = line

    def _leave(self) -> None:
        line, self._line = self._line, None
        if line:
            line.leave()


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that waits for its turn where a statement by itself writes.

    What SQLite calls the places of a statement is found out once for each.
    """

    turn: Callable[[], Any]

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or READS.match(query):
            return super().execute(query, params)
        with self.turn():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        if self.connection.in_transaction:
            return super().executemany(query, param_list)
        with self.turn():
            return super().executemany(query, param_list)


@lru_cache(maxsize=1000)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
