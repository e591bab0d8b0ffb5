"""Two transactions at once, in a known order: one waits for what the other holds."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from django.db import connection

T = TypeVar("T")
WAIT_SECONDS = 20.0

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


def begin(work: Callable[[], T]) -> "Future[T]":
    """Do some work in another thread, with a connection to the database of its own."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    return future


def wait_until_it_waits(work: "Future[Any]") -> None:
    """Return once that work waits for a lock of ours, or has come to its end without one."""
    until = time.monotonic() + WAIT_SECONDS
    while not work.done() and not _is_somebody_waiting():
        assert time.monotonic() < until, "it neither waits nor ends"
        time.sleep(0.02)


def _is_somebody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
