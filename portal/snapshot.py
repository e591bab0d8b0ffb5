"""Reading a database as it stood at one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Let every query within see one and the same state, and hold up nobody who writes.

    PostgreSQL: a transaction that is REPEATABLE READ. SQLite in WAL mode: one that takes no
    writer's lock, as transactions of ours do otherwise. Within a transaction of the caller that
    one's own rules stand, for a transaction cannot be made another.
    """
    if connection.in_atomic_block:
        yield
        return
    database: Any = connection
    mode = getattr(database, "transaction_mode", None)
    if connection.vendor == "sqlite":
        database.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            database.transaction_mode = mode
