"""Django's SQLite, with the writers of one process in line.

SQLite lets one write at a time, and who finds it taken sleeps ever longer and asks again: whoever
comes at the right moment goes first, and of 16 who write without a pause the slowest waits for
seconds. Here they wait for one another in the order in which they came. What is left is between
processes, of which one writer each is waiting: it asks SQLite again at short and even intervals.
"""

import re
import sqlite3
import time
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from portal.sqlite.line import Line, line_of

SQLite: Any = base.DatabaseWrapper  # the stubs leave out most of it
READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.I)
DEFAULT_SECONDS = 5.0  # as sqlite3 has it
ASK_AGAIN_SECONDS = 0.001  # a transaction of ours takes two or three times as long

T = TypeVar("T")


class DatabaseWrapper(SQLite):
    """A connection that waits for its turn before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line: Line | None = None  # the one at whose head it stands, and none otherwise

    def create_cursor(self, name: str | None = None) -> "Cursor":
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.in_turn = self._in_turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        begin = super()._start_transaction_under_autocommit
        if self.transaction_mode not in ("IMMEDIATE", "EXCLUSIVE"):
            begin()
            return
        self._enter()
        try:
            self._insist(begin)
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

    def _in_turn(self, write: Callable[[], T], *, is_repeatable: bool = True) -> T:
        """Write outside of any transaction when it is its turn.

        What may have been done in part when the database is found taken is not repeatable, and
        SQLite itself waits within it.
        """
        if self._line:  # SQLite has ended the transaction by itself, and Django is about to
            return write()
        self._enter()
        try:
            return self._insist(write) if is_repeatable else write()
        finally:
            self._leave()

    def _enter(self) -> None:
        line = line_of(str(self.settings_dict["NAME"]))
        if not line.enter(seconds=self._patience):
            raise OperationalError("database is locked")
        self._line = line

    def _leave(self) -> None:
        line, self._line = self._line, None
        if line:
            line.leave()

    def _insist(self, write: Callable[[], T]) -> T:
        """Ask SQLite until no other process writes, for as long as a statement may wait for it."""
        deadline = time.monotonic() + self._patience
        self._let_sqlite_wait(0)
        try:
            while True:
                try:
                    return write()
                except (sqlite3.OperationalError, OperationalError) as error:
                    if not _is_busy(error) or time.monotonic() >= deadline:
                        raise
                time.sleep(ASK_AGAIN_SECONDS)
        finally:
            self._let_sqlite_wait(self._patience)

    @property
    def _patience(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_SECONDS))

    def _let_sqlite_wait(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that waits for its turn where a statement by itself writes.

    What SQLite calls the places of a statement is found out once for each.
    """

    in_turn: Callable[..., Any]

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is None:
            return _with_question_marks(query)
        return str(super().convert_query(query, param_names=param_names))

    def execute(self, query: str, params: Any = None) -> Any:
        execute = partial(super().execute, query, params)
        if self.connection.in_transaction or READS.match(query):
            return execute()
        return self.in_turn(execute)

    def executemany(self, query: str, param_list: Any) -> Any:
        execute = partial(super().executemany, query, param_list)
        if self.connection.in_transaction:
            return execute()
        return self.in_turn(execute, is_repeatable=False)


def _is_busy(error: Exception) -> bool:
    """Whether somebody else writes; Django's error has SQLite's own for its cause."""
    code: int = getattr(error.__cause__ or error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY


@lru_cache(maxsize=1000)
def _with_question_marks(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
