"""Whoever answers a request borrows a connection to the database, first of all the one used last.

With one for each of a web server's threads every request would find a cold one. On SQLite a
connection keeps the pages of the file that it has read, and drops them all once another one has
written; on PostgreSQL it keeps the plans of statements. Borrowed in turn (portal/turns.py), nearly
all requests go over the same one, and there are no more than were ever needed at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Lending:
    """Connections that nobody uses at the moment; as many as ever were used at once."""

    def __init__(self) -> None:
        self._idle: list[BaseDatabaseWrapper] = []  # the last one is the warmest

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let this thread use one of them; a thread that has a connection of its own keeps that."""
        if connections.all(initialized_only=True):
            yield
            return
        connections[DEFAULT_DB_ALIAS] = lent = self._take()
        try:
            yield
        finally:
            del connections[DEFAULT_DB_ALIAS]
            self._idle.append(lent)

    def _take(self) -> BaseDatabaseWrapper:
        try:
            return self._idle.pop()
        except IndexError:
            new: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)
            new.inc_thread_sharing()
            return new


lending = Lending()
