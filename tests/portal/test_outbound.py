"""Calls to addresses that strangers name reach the public internet alone."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address, ip_network
from typing import Any

import httpx
import pytest

from portal.outbound import NotPublic, PublicTransport, resolve_public
from tests.emulators.receiver import Receiver, receiver

__all__ = ["receiver"]

LOOPBACK = [ip_network("127.0.0.1/32")]
Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Let each lookup of a name give the next of some lists of addresses; return what was asked.

    An address in digits is its own, as ever.
    """
    look_up_digits = socket.getaddrinfo

    def answer(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, *hints: Any, **others: Any) -> list[tuple[Any, ...]]:
            if not host.endswith(".example"):
                return list(look_up_digits(host, port, *hints, **others))
            asked.append(host)
            addresses = answers[min(len(asked), len(answers)) - 1]
            return [(0, 0, 0, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",  # where clouds tell a machine its credentials
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "fd00:ec2::254",
        "fe80::1%lo",
        "fec0::1",
        "ff0e::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(names: Names, address: str) -> None:
    names([address])

    with pytest.raises(NotPublic):
        resolve_public("hooks.example", 443)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_is_returned(names: Names, address: str) -> None:
    names([address, address])

    assert resolve_public("hooks.example", 443) == [str(ip_address(address))]


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_another_way_to_write_this_machine_is_this_machine(host: str) -> None:
    with pytest.raises(NotPublic):
        resolve_public(host, 443)


def test_one_address_of_ours_spoils_a_name(names: Names) -> None:
    names(["8.8.8.8", "10.0.0.1"])

    with pytest.raises(NotPublic):
        resolve_public("hooks.example", 443)


def test_a_network_may_be_allowed_and_opens_no_other(names: Names) -> None:
    names(["10.1.2.3"], ["10.2.0.1"])
    allowed = [ip_network("10.1.0.0/16")]

    assert resolve_public("gpu.example", 443, allowed=allowed) == ["10.1.2.3"]
    with pytest.raises(NotPublic):
        resolve_public("gpu.example", 443, allowed=allowed)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "no-such-name.invalid", ""])
def test_a_host_that_is_none_has_no_address(host: str) -> None:
    with pytest.raises(OSError, match=r"\w"):
        resolve_public(host, 443)


def get(url: str, *, trusted: ssl.SSLContext, allowed: Any = ()) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = PublicTransport(verify=trusted, allowed=allowed)
        async with httpx.AsyncClient(transport=transport) as http:
            return await http.get(url)

    return asyncio.run(ask())


def test_the_connection_goes_to_the_address_that_was_checked(
    names: Names, receiver: Receiver
) -> None:
    """The name changes its address after the check, and nothing asks a second time."""
    asked = names(["127.0.0.1"], ["127.0.0.2"])
    with counting_connections("127.0.0.2", receiver.port) as connections:
        answer = get(receiver.url(), trusted=receiver.trusted, allowed=LOOPBACK)

        assert answer.status_code == 204
        assert asked == [receiver.name]
        assert connections() == 0
    (heard,) = receiver.heard
    assert heard.headers["host"] == f"{receiver.name}:{receiver.port}"


def test_this_machine_is_not_reached_unless_that_is_allowed(
    names: Names, receiver: Receiver
) -> None:
    names(["127.0.0.1"])

    with pytest.raises(NotPublic):
        get(receiver.url(), trusted=receiver.trusted)

    assert receiver.heard == []


def test_the_certificate_must_be_the_names_own(names: Names, receiver: Receiver) -> None:
    names(["127.0.0.1"])
    elsewhere = receiver.url().replace(receiver.name, "elsewhere.example")

    with pytest.raises(httpx.ConnectError, match="certificate"):
        get(elsewhere, trusted=receiver.trusted, allowed=LOOPBACK)
    with pytest.raises(httpx.ConnectError, match="certificate"):
        get(receiver.url(), trusted=ssl.create_default_context(), allowed=LOOPBACK)

    assert receiver.heard == []


def test_another_address_of_a_name_is_tried_where_one_does_not_answer(
    names: Names, receiver: Receiver
) -> None:
    names(["127.0.0.3", "127.0.0.1"])
    allowed = [ip_network("127.0.0.0/8")]

    assert get(receiver.url(), trusted=receiver.trusted, allowed=allowed).status_code == 204


def test_a_redirect_is_an_answer(names: Names, receiver: Receiver) -> None:
    names(["127.0.0.1"])
    receiver.answers(302, headers={"Location": "http://169.254.169.254/"})

    answer = get(receiver.url(), trusted=receiver.trusted, allowed=LOOPBACK)

    assert answer.status_code == 302
    assert len(receiver.heard) == 1


def test_a_name_without_an_address_is_a_connection_that_failed() -> None:
    with pytest.raises(httpx.ConnectError):
        get("https://no-such-name.invalid/", trusted=ssl.create_default_context())


@contextmanager
def counting_connections(host: str, port: int) -> Iterator[Callable[[], int]]:
    with closing(socket.create_server((host, port))) as listener:
        listener.setblocking(False)

        def count() -> int:
            try:
                listener.accept()
            except BlockingIOError:
                return 0
            return 1

        yield count
