"""An address that a provider names is fetched where its videos may lie, and nowhere else."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_network

import httpx
import pytest
from django.test import override_settings

from generations.providers.base import Account, ProviderFailure, ProviderUnavailable
from generations.providers.http import Wire
from tests.emulators.served import served

KEY = "sk-0123456789abcdef"
LOOPBACK = override_settings(OUTPUT_NETWORKS=(ip_network("127.0.0.0/8"), ip_network("::1/128")))


class Cdn:
    """A host of files, which remembers what it was asked with."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers = httpx.Response(200, content=b"clip")

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers


@pytest.fixture
def cdn() -> Cdn:
    return Cdn()


@pytest.fixture
def address(cdn: Cdn) -> Iterator[str]:
    """Where the host of files is: a name that leads into a network of ours."""
    with served(cdn, base="") as url:
        yield url.replace("127.0.0.1", "localhost") + "/clip.mp4"


def fetch(url: object) -> bytes:
    account = Account(name="lab", url="http://127.0.0.1:9/v1", key=KEY)
    headers = {"Authorization": f"Bearer {KEY}"}
    with Wire(account, headers, output_hosts=["localhost"]).stream_from(url) as response:
        return b"".join(response.iter_bytes())


def test_a_host_that_leads_into_a_private_network_is_asked_nothing(cdn: Cdn, address: str) -> None:
    with pytest.raises(ProviderFailure, match="not public"):
        fetch(address)
    assert cdn.requests == []


@LOOPBACK
def test_a_private_network_of_the_programmes_own_is_fetched_from_without_the_credential(
    cdn: Cdn, address: str
) -> None:
    """I2"""
    assert fetch(address) == b"clip"
    assert KEY not in str(cdn.requests[0].headers)


@LOOPBACK
def test_a_redirect_is_not_followed(cdn: Cdn, address: str) -> None:
    cdn.answers = httpx.Response(302, headers={"location": "http://localhost:1/elsewhere"})

    assert fetch(address) == b""
    assert len(cdn.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/clip.mp4",
        "http://localhost.elsewhere.example/clip.mp4",
        "http://user:password@localhost/clip.mp4",
        "ftp://localhost/clip.mp4",
        "file:///etc/passwd",
        "//localhost/clip.mp4",
        "http://[::1",
        "",
        None,
        {"url": "http://localhost/"},
    ],
)
def test_an_address_of_another_kind_is_refused(url: object) -> None:
    with pytest.raises(ProviderFailure):
        fetch(url)


def test_a_server_that_takes_no_connection_was_sent_nothing() -> None:
    """I5: its queue of connections is full, as that of a host that is gone answers nothing."""
    with socket.socket() as full, ExitStack() as others:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            waiting = others.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        account = Account(name="lab", url=f"http://127.0.0.1:{full.getsockname()[1]}", key=KEY)

        with override_settings(PROVIDER_TIMEOUT_SECONDS=1.0), pytest.raises(ProviderUnavailable):
            Wire(account, {}).create("/videos", json={})


@LOOPBACK
def test_a_host_of_files_that_is_away_is_tried_again_later() -> None:
    with pytest.raises(ProviderUnavailable):
        fetch("http://localhost:9/clip.mp4")
