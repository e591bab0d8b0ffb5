"""Whoever sends a file slowly to be checked keeps nobody else from having theirs checked."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BufferedReader, RawIOBase
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from generations.verifying import arrivals, services
from generations.verifying.arrivals import OF_ALL, OF_ONE_SENDER, arriving
from generations.verifying.errors import TooManyAtOnce
from generations.verifying.views import verify

BOUNDARY = "edge"
HEAD = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="file"; filename="clip.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
SIZE = 300_000


class Sending(RawIOBase):
    """A body that comes in pieces; before each, something may happen."""

    def __init__(self, before_each: Callable[[], None]) -> None:
        self._pieces = iter([HEAD, *[bytes(50_000)] * 6, TAIL])
        self._before_each, self._left = before_each, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._before_each()
            self._left = next(self._pieces, b"")
        piece, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def send(before_each: Callable[[], None], *, address: str = "192.0.2.1") -> Any:
    request = RequestFactory().post(
        reverse("generations:verify"),
        b"taken from what is sent instead",
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        REMOTE_ADDR=address,
    )
    request.META["CONTENT_LENGTH"] = str(len(HEAD) + SIZE + len(TAIL))
    request._stream = BufferedReader(Sending(before_each))
    return verify(request)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What stands in it is the time."""
    now = [1000.0]

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now[0]

    monkeypatch.setattr(arrivals, "time", Clock)
    yield now
    assert not arrivals._arriving, "a place was not given back"


@pytest.mark.django_db
def test_files_that_are_on_their_way_hold_no_turn_of_those_that_are_here(client: Client) -> None:
    looked: list[bool] = []

    def look() -> None:
        with services.one_of_few(), services.one_of_few():
            looked.append(True)

    assert send(look).status_code == 200
    assert len(looked) > 2


@pytest.mark.django_db
def test_a_file_that_comes_too_slowly_is_refused_and_leaves_nothing(
    clock: list[float], settings: Any, tmp_path: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    came: list[int] = []

    def wait() -> None:
        came.append(len(list(tmp_path.iterdir())))
        clock[0] += arrivals.SECONDS / 3

    with pytest.raises(arrivals.TooSlow):
        send(wait)

    assert (max(came), list(tmp_path.iterdir())) == (1, [])


def test_one_sender_has_few_on_their_way_and_all_have_some_more(clock: list[float]) -> None:
    with ExitStack() as stack:
        for number in range(OF_ALL // OF_ONE_SENDER):
            for _ in range(OF_ONE_SENDER):
                stack.enter_context(arriving(f"network {number}"))
            with pytest.raises(TooManyAtOnce):
                stack.enter_context(arriving(f"network {number}"))
        with pytest.raises(TooManyAtOnce):
            stack.enter_context(arriving("another"))


def test_who_never_ends_sending_keeps_others_out_for_a_time_alone(clock: list[float]) -> None:
    with ExitStack() as stack:
        for number in range(OF_ALL):
            stack.enter_context(arriving(f"network {number}"))
        clock[0] += arrivals.SECONDS + 1

        stack.enter_context(arriving("another"))
        stack.enter_context(arriving("network 0"))
        with pytest.raises(TooManyAtOnce):
            stack.enter_context(arriving("network 0"))
