"""Which addresses webhooks may be sent to."""

from ipaddress import ip_network

import pytest
from pytest_django import Settings

from artists.models import Artist
from generations.models import WebhookEndpoint
from generations.webhooks.addresses import check_address
from generations.webhooks.errors import BadAddress
from generations.webhooks.services import register
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
    assert check_address(url).startswith("https://")


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
        ("https://no-such-name.invalid/", "has no address"),
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

    assert check_address("https://inside.example:8443/") == "https://inside.example:8443/"
    with pytest.raises(BadAddress):
        check_address("https://metadata.example/")
