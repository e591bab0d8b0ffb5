"""A name server that does not answer holds no call past its time, and few threads."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from generations.providers.base import Account, ProviderUnavailable
from generations.providers.http import Wire, read_public
from portal.outbound import LOOKUPS_AT_ONCE

URL = "https://studio.example/v1"
SECONDS = 0.4


class Silent:
    """A resolver that keeps everybody waiting who asks for a name."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.threads: set[str] = set()

    def getaddrinfo(self, *asked: Any, **how: Any) -> Any:
        self.threads.add(threading.current_thread().name)
        self.answers.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Silent]:
    settings.PROVIDER_TIMEOUT_SECONDS = SECONDS
    resolver = Silent()
    monkeypatch.setattr(socket, "getaddrinfo", resolver.getaddrinfo)
    yield resolver
    resolver.answers.set()


def wire() -> Wire:
    return Wire(Account("studio", URL, "key"), {}, output_hosts=["files.example"])


def read(address: str) -> None:
    opened = wire().stream("/a") if address == URL else wire().stream_from(address)
    with opened:
        raise AssertionError("nobody was to answer")


CALLS: dict[str, Callable[[], object]] = {
    "create": lambda: wire().create("/videos", json={}),
    "call": lambda: wire().call("GET", "/videos"),
    "file of its own": lambda: read(URL),
    "file elsewhere": lambda: read("https://files.example/a.mp4"),
    "keys": lambda: read_public(URL, within_seconds=SECONDS),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_call_ends_in_its_time_whatever_the_resolver_does(
    silent: Silent, call: Callable[[], object]
) -> None:
    began = time.monotonic()

    with pytest.raises(ProviderUnavailable):
        call()

    assert time.monotonic() - began < 10 * SECONDS
    assert silent.threads


def test_however_many_wait_few_threads_are_held(silent: Silent) -> None:
    def ask(_: int) -> None:
        with pytest.raises(ProviderUnavailable):
            wire().call("GET", "/videos")

    asking = LOOKUPS_AT_ONCE + 20
    with ThreadPoolExecutor(asking) as callers:
        ended = list(callers.map(ask, range(asking)))  # which raises what one of them raised

    assert len(ended) == asking
    assert 0 < len(silent.threads) <= LOOKUPS_AT_ONCE
    assert {name.partition("_")[0] for name in silent.threads} == {"lookup"}
