"""Requests borrow connections: one after the other the same, and at once none."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from artists.models import Cohort
from portal import turns
from portal.lending import Lending
from portal.turns import Turns, in_turn

SOON = 60.0


@pytest.fixture
def lending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lending]:
    """What requests borrow from, with nothing open afterwards."""
    mine = Lending()
    monkeypatch.setattr(turns, "lending", mine)
    yield mine
    for one in mine._idle:
        one.close()


def lent_by(lending: Lending) -> BaseDatabaseWrapper:
    with lending.lent():
        return connections["default"]


def test_one_after_the_other_has_the_same_though_threads_differ(lending: Lending) -> None:
    lent = []
    for _ in range(3):
        with ThreadPoolExecutor(1) as pool:
            lent.append(pool.submit(lent_by, lending).result(SOON))

    assert lent[0] is lent[1] is lent[2]
    assert lent[0] is not connection.connection


def test_two_at_once_have_one_each_and_the_last_used_goes_first(lending: Lending) -> None:
    may_end = threading.Event()

    def keep() -> BaseDatabaseWrapper:
        with lending.lent():
            assert may_end.wait(SOON)
            return connections["default"]

    with ThreadPoolExecutor(2) as pool:
        kept = pool.submit(keep)
        other = pool.submit(lent_by, lending).result(SOON)
        again = pool.submit(lent_by, lending).result(SOON)
        may_end.set()
        assert again is other
        assert kept.result(SOON) is not other
        assert pool.submit(lent_by, lending).result(SOON) is kept.result()


def test_what_fails_gives_it_back(lending: Lending) -> None:
    def fail() -> None:
        with lending.lent():
            raise ZeroDivisionError

    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ZeroDivisionError):
            pool.submit(fail).result(SOON)
        assert pool.submit(lent_by, lending).result(SOON) is lending._idle[0]
        assert len(lending._idle) == 1


@pytest.mark.django_db
def test_a_thread_with_a_connection_keeps_it() -> None:
    connection.ensure_connection()

    assert lent_by(Lending()) is connections["default"]


@pytest.mark.django_db(transaction=True)
def test_what_one_request_wrote_the_next_one_reads(
    lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a thread of its own, as a web server has them, and nothing is left open."""
    monkeypatch.setattr(turns, "requests", Turns(seconds=600))

    def write(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        Cohort.objects.create(name=environ["name"])
        return [b""]

    def read(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return [name.encode() for name in Cohort.objects.values_list("name", flat=True)]

    def in_a_thread(application: Any, environ: dict[str, Any]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(in_turn(application), environ, print).result(SOON)

    for name in ("One", "Two"):
        in_a_thread(write, {"name": name})
        assert name.encode() in in_a_thread(read, {})
    assert len(lending._idle) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_streamed_leaves_the_lent_connection_to_others(lending: Lending) -> None:
    Cohort.objects.create(name="One")

    def stream(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (name.encode() for name in Cohort.objects.values_list("name", flat=True).iterator())

    def read_all() -> tuple[list[bytes], BaseDatabaseWrapper]:
        streamed = list(in_turn(stream)({}, print))
        own = connections["default"]
        own.close()
        return streamed, own

    with ThreadPoolExecutor(1) as pool:
        streamed, own = pool.submit(read_all).result(SOON)

    assert streamed == [b"One"]
    assert own not in lending._idle
