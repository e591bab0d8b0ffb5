"""On SQLite the writers of one process stand in line, and nobody is told that it is locked."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from artists.models import Cohort
from portal.snapshot import snapshot
from portal.sqlite import base
from portal.sqlite.base import READS
from portal.sqlite.line import Line

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
WRITERS, TIMES = 8, 25


@contextmanager
def in_a_thread_of_its_own() -> Iterator[None]:
    """A connection that ends with its thread."""
    try:
        yield
    finally:
        connection.close()


def add_in_a_transaction(cohort: Cohort) -> None:
    with transaction.atomic():
        cap = Cohort.objects.get(pk=cohort.pk).queued_cap
        Cohort.objects.filter(pk=cohort.pk).update(queued_cap=cap + 1)


def add_by_itself(cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(queued_cap=F("queued_cap") + 1)


def add_after_one_that_fails(cohort: Cohort) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(queued_cap=1 // 0)
    add_in_a_transaction(cohort)


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "ways",
    [
        [add_in_a_transaction],
        [add_by_itself],
        [add_in_a_transaction, add_by_itself, add_after_one_that_fails],
    ],
    ids=["in transactions", "by themselves", "each way"],
)
def test_many_who_write_at_once_wait_for_one_another(
    cohort: Cohort, ways: list[Callable[[Cohort], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "ASK_AGAIN_SECONDS", -1)  # nobody can: nobody has to

    def write(number: int) -> None:
        with in_a_thread_of_its_own():
            for _ in range(TIMES):
                ways[number % len(ways)](cohort)

    before = cohort.queued_cap
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))

    cohort.refresh_from_db()
    assert cohort.queued_cap == before + WRITERS * TIMES


@contextmanager
def another_process_writes() -> Iterator[sqlite3.Connection]:
    """Who does not stand in our line, and has begun to write."""
    other = sqlite3.connect(
        connection.settings_dict["NAME"],
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [add_in_a_transaction, add_by_itself])
def test_for_another_process_sqlite_is_asked_often_and_waits_again_afterwards(
    cohort: Cohort, write: Callable[[Cohort], None]
) -> None:
    before, asked = cohort.queued_cap, list[str]()
    connection.ensure_connection()
    connection.connection.set_trace_callback(asked.append)

    with another_process_writes() as other:
        end = threading.Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        write(cohort)
        end.join()

    connection.connection.set_trace_callback(None)
    cohort.refresh_from_db()
    assert cohort.queued_cap == before + 1
    assert len([one for one in asked if one.startswith(("BEGIN IMMEDIATE", "UPDATE"))]) > 10
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_of_many_rows_at_once_each_is_written_once_after_another_process(cohort: Cohort) -> None:
    before = cohort.queued_cap
    read_once: Any = iter([(1,), (10,), (100,)])

    with another_process_writes() as other, connection.cursor() as cursor:
        end = threading.Timer(0.2, other.execute, ["COMMIT"])
        end.start()
        cursor.executemany("UPDATE artists_cohort SET queued_cap = queued_cap + %s", read_once)
        end.join()

    cohort.refresh_from_db()
    assert cohort.queued_cap == before + 111


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [add_in_a_transaction, add_by_itself])
def test_another_process_is_waited_for_no_longer_than_the_settings_say(
    cohort: Cohort, write: Callable[[Cohort], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    before = cohort.queued_cap

    with another_process_writes(), pytest.raises(OperationalError, match="database is locked"):
        write(cohort)

    write(cohort)
    cohort.refresh_from_db()
    assert cohort.queued_cap == before + 1


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_who_reads_waits_for_nobody(cohort: Cohort) -> None:
    def read() -> list[str]:
        with in_a_thread_of_its_own():
            found = list(Cohort.objects.values_list("name", flat=True))
            with snapshot():
                return found + list(Cohort.objects.values_list("name", flat=True))

    with transaction.atomic():
        Cohort.objects.update(name="Autumn")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(read).result(timeout=5) == ["Spring", "Spring"]


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [add_in_a_transaction, add_by_itself])
def test_who_waits_too_long_is_told_and_the_next_one_writes(
    cohort: Cohort, write: Callable[[Cohort], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)  # of each thread

    def wait() -> None:
        with in_a_thread_of_its_own():
            write(cohort)

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        with pytest.raises(OperationalError, match="database is locked"):
            waiting.result(timeout=5)

    before = cohort.queued_cap
    write(cohort)
    cohort.refresh_from_db()
    assert cohort.queued_cap == before + 1


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_closed_midway_lets_the_next_one_in(cohort: Cohort) -> None:
    def give_up() -> None:
        with suppress(InterfaceError, DatabaseError), transaction.atomic():
            add_by_itself(cohort)
            connection.close()

    before = cohort.queued_cap
    with ThreadPoolExecutor(1) as pool:
        pool.submit(give_up).result(timeout=5)
        with in_a_thread_of_its_own():
            add_in_a_transaction(cohort)

    cohort.refresh_from_db()
    assert cohort.queued_cap == before + 1  # and not what was left midway


def test_whoever_came_first_goes_first() -> None:
    line, order = Line(), list[int]()
    line.enter(seconds=1)

    def stand(number: int) -> None:
        assert line.enter(seconds=5)
        order.append(number)
        line.leave()

    threads = [threading.Thread(target=stand, args=[number]) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        wait_for(line, waiting=number + 1)
    line.leave()
    for thread in threads:
        thread.join()

    assert order == list(range(8))


def test_who_leaves_the_line_is_not_waited_for() -> None:
    line = Line()
    line.enter(seconds=1)

    assert not line.enter(seconds=0.01)
    line.leave()

    assert line.enter(seconds=0)


def test_a_forked_process_has_a_line_of_its_own() -> None:
    line = Line()
    line.enter(seconds=1)

    child = os.fork()
    if child == 0:
        os._exit(0 if line.enter(seconds=1) else 1)

    assert os.waitpid(child, 0)[1] == 0
    assert not line.enter(seconds=0.01)


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO a VALUES (1)", "WITH b AS (SELECT 1) DELETE FROM a", "update a SET b = 1"],
)
def test_what_may_write_is_no_mere_reading(statement: str) -> None:
    assert READS.match('SELECT "a"."b" FROM a')
    assert not READS.match(statement)


def wait_for(line: Line, *, waiting: int) -> None:
    deadline = time.monotonic() + 5
    while len(line._waiting) < waiting:
        assert time.monotonic() < deadline
        time.sleep(0.001)
