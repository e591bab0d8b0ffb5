"""Which addresses webhooks may be sent to."""

import socket
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from artists.models import Artist
from generations.models import WebhookEndpoint
from generations.webhooks import addresses
from generations.webhooks.addresses import check_address
from generations.webhooks.errors import BadAddress, TooManyLookups
from generations.webhooks.services import register
from portal.throttling import FormThrottle
from tests.generations.webhooks.conftest import lead


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    lead(
        monkeypatch,
        {
            "hooks.example": "8.8.8.8",
            "inside.example": "10.0.0.5",
            "metadata.example": "169.254.169.254",
            "six.example": "::ffff:192.168.0.1",
        },
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/hook",
        "https://hooks.example",
        "https://hooks.example:443/hook?key=1&other=2",
        "  https://hooks.example/hook\n",
        "HTTPS://HOOKS.EXAMPLE/hook",
        "https://8.8.8.8/",
    ],
)
def test_an_https_address_on_the_public_internet_is_taken(url: str) -> None:
    assert check_address(url, artist_id=1).startswith("https://")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example/", "begins with https"),
        ("ftp://hooks.example/", "begins with https"),
        ("hooks.example/hook", "begins with https"),
        ("https:///hook", "begins with https"),
        ("https://", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("", "begins with https"),
        ("https://hooks.example:99999/", "these ports: 443"),
        ("https://hooks\x00.example/", "not an address"),
        ("https://[::1/", "not an address"),
        ("https://ada:secret@hooks.example/", "without a name"),
        ("https://hooks.example@inside.example/", "without a name"),
        ("https://hooks.example/#here", "without a name"),
        ("https://hooks.example:8443/", "these ports: 443"),
        ("https://hooks.example:22/", "these ports: 443"),
        ("https://hooks.example/" + "a" * 500, "at most 500"),
        ("https://inside.example/", "not on the public internet"),
        ("https://metadata.example/latest/meta-data/", "not on the public internet"),
        ("https://six.example/", "not on the public internet"),
        ("https://127.0.0.1/", "not on the public internet"),
        ("https://2130706433/", "not on the public internet"),
        ("https://0x7f.1/", "not on the public internet"),
        ("https://[::1]/", "not on the public internet"),
        ("https://[::ffff:10.0.0.1]/", "not on the public internet"),
        ("https://localhost/", "not on the public internet"),
        ("https://no-such-name.invalid/", "No such host was found"),
    ],
)
def test_any_other_address_is_refused_in_words(
    url: str, words: str, artist: Artist, settings: Settings
) -> None:
    with pytest.raises(BadAddress, match=words):
        register(artist=artist, name="x", url=url, event_types=["video.completed"])

    assert not WebhookEndpoint.objects.exists()


def test_a_network_and_a_port_may_be_allowed(settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("10.0.0.0/24")]
    settings.WEBHOOK_PORTS = [443, 8443]

    assert (
        check_address("https://inside.example:8443/", artist_id=1) == "https://inside.example:8443/"
    )
    with pytest.raises(BadAddress):
        check_address("https://metadata.example/", artist_id=1)


@pytest.fixture
def silent_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A name server that says nothing about tarpits until the event is set."""
    look_up, released = socket.getaddrinfo, threading.Event()

    def answer(host: str, *arguments: Any, **others: Any) -> Any:
        if host.startswith("tarpit"):
            released.wait(20)
        return look_up(host, *arguments, **others)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(addresses, "LOOKUP_SECONDS", 0.2)
    yield released
    released.set()
    while addresses._asking:
        time.sleep(0.01)


def test_a_name_that_is_not_looked_up_in_time_is_refused(silent_names: threading.Event) -> None:
    began = time.monotonic()

    with pytest.raises(BadAddress, match="in time"):
        check_address("https://tarpit.example/", artist_id=1)

    assert time.monotonic() - began < 2


def test_an_artist_has_one_look_up_under_way_and_others_go_on(
    silent_names: threading.Event,
) -> None:
    """However often one asks for a name that nobody answers, one thread waits for it."""
    with pytest.raises(BadAddress):
        check_address("https://tarpit.example/", artist_id=1)

    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(TooManyLookups):
            check_address("https://hooks.example/", artist_id=1)
    assert check_address("https://hooks.example/", artist_id=2)
    assert time.monotonic() - began < 2

    silent_names.set()
    while addresses._asking:
        time.sleep(0.01)
    assert check_address("https://hooks.example/", artist_id=1)


def test_a_few_look_ups_are_under_way_and_whoever_comes_then_is_told_at_once(
    silent_names: threading.Event, client: Client, artist: Artist
) -> None:
    for number in range(addresses.LOOKUPS_AT_ONCE):
        with pytest.raises(BadAddress):
            check_address(f"https://tarpit-{number}.example/", artist_id=-number)
    client.force_login(artist)
    body = {"name": "n", "url": "https://hooks.example/", "event_types": ["video.completed"]}

    page = client.post("/webhooks/", body)

    assert page.status_code == 400
    assert "Try again in some seconds" in page.content.decode()
    assert "https://hooks.example/" in page.content.decode()  # what was typed is kept
    assert not WebhookEndpoint.objects.exists()


def test_forms_that_make_the_portal_call_out_are_counted_for_each_artist(
    client: Client, artist: Artist, other_artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FormThrottle, "THROTTLE_RATES", {"outside_forms": "3/hour"})
    client.force_login(artist)
    body = {"name": "n", "url": "https://inside.example/", "event_types": ["video.completed"]}
    with time_machine.travel("2026-11-25T10:20:00Z", tick=False):
        statuses = [client.post("/webhooks/", body).status_code for _ in range(3)]
        refused = client.post("/webhooks/", body)
        assert client.get("/webhooks/").status_code == 200
        client.force_login(other_artist)
        others = client.post("/webhooks/", body)

    assert statuses == [400, 400, 400]
    assert refused.status_code == 429
    assert "Try again in 2400 seconds" in refused.content.decode()
    assert others.status_code == 400
