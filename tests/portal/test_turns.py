"""Requests take turns, and nobody waits long for one that waits itself."""

import io
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from portal import outbound, turns
from portal.turns import Turns, in_turn

ENDLESS = 600.0  # seconds, of a turn that is not to lapse while a test runs
SOON = 60.0


class Hall:
    """Counts who is inside."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._inside = 0
        self.most = 0

    def __enter__(self) -> None:
        with self._mutex:
            self._inside += 1
            self.most = max(self.most, self._inside)

    def __exit__(self, *_: object) -> None:
        with self._mutex:
            self._inside -= 1


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """The turns of requests, which lapse for no slow machine."""
    mine = Turns(seconds=ENDLESS)
    monkeypatch.setattr(turns, "requests", mine)
    return mine


def once_in_line(line: Turns, count: int) -> None:
    """Wait until so many hold a turn or wait for one."""
    ends_at = time.monotonic() + SOON
    while len(line._line) < count:
        assert time.monotonic() < ends_at
        time.sleep(0.001)


def test_one_goes_after_the_other() -> None:
    line, hall = Turns(seconds=ENDLESS), Hall()

    def go(_: int) -> None:
        with line.turn(), hall:
            time.sleep(0.001)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(go, range(80)))

    assert hall.most == 1


def test_who_came_first_goes_first() -> None:
    line, went = Turns(seconds=ENDLESS), []

    def go(place: int) -> None:
        with line.turn():
            went.append(place)

    with ThreadPoolExecutor(5) as pool, line.turn():
        for place in range(5):
            pool.submit(go, place)
            once_in_line(line, place + 2)

    assert went == [0, 1, 2, 3, 4]


def test_one_that_fails_has_had_its_turn() -> None:
    line = Turns(seconds=ENDLESS)

    with pytest.raises(ZeroDivisionError), line.turn():
        1 / 0  # noqa: B018

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(take_one, line).result(SOON)


def test_a_turn_that_takes_long_lapses() -> None:
    """One for whom it lapsed takes nobody's turn when it ends at last."""
    line, hall, may_end = Turns(seconds=0.02), Hall(), threading.Event()

    def hold() -> None:
        with line.turn():
            assert may_end.wait(SOON)

    def go(_: int) -> None:
        with line.turn(), hall:
            time.sleep(0.0001)

    with ThreadPoolExecutor(9) as pool:
        slow = pool.submit(hold)
        once_in_line(line, 1)
        list(pool.map(go, range(8)))  # beside the slow one
        assert not slow.done()
        with line.turn():
            may_end.set()
            slow.result(SOON)
            assert len(line._line) == 1  # the turn of this test stands


def test_others_go_on_while_one_steps_aside() -> None:
    line = Turns(seconds=ENDLESS)

    with ThreadPoolExecutor(1) as pool, line.turn():
        with line.aside():
            assert pool.submit(take_one, line).result(SOON)
        after = pool.submit(take_one, line)
        once_in_line(line, 2)
        assert not after.done()

    assert after.result()


def test_who_has_no_turn_steps_aside_for_nobody() -> None:
    line = Turns(seconds=ENDLESS)

    with line.aside():
        assert not line._line

    assert not line._line


def test_requests_go_on_while_one_asks_somebody_outside(endless: Turns) -> None:
    is_outside, may_end = threading.Event(), threading.Event()

    async def ask() -> str:
        is_outside.set()
        assert may_end.wait(SOON)
        return "an answer"

    def asking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return [outbound.run(ask()).encode()]

    def quick(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return [b"at once"]

    with ThreadPoolExecutor(2) as pool:
        slow: Future[Iterable[bytes]] = pool.submit(in_turn(asking), {}, print)
        assert is_outside.wait(SOON)
        assert pool.submit(in_turn(quick), {}, print).result(SOON) == [b"at once"]
        may_end.set()
        assert slow.result(SOON) == [b"an answer"]


@pytest.mark.django_db(transaction=True)
def test_the_portal_answers_one_after_the_other(endless: Turns) -> None:
    from portal.wsgi import application

    environ: dict[str, Any] = {"PATH_INFO": "/favicon.ico", "wsgi.input": io.BytesIO()}
    setup_testing_defaults(environ)
    statuses: list[str] = []

    with ThreadPoolExecutor(1) as pool:
        with endless.turn():
            answer = pool.submit(application, environ, lambda status, *_: statuses.append(status))
            once_in_line(endless, 2)
            assert not statuses
        answer.result(SOON)

    assert len(statuses) == 1


def take_one(line: Turns) -> bool:
    with line.turn():
        return True
