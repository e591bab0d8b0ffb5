"""A receiver of webhooks behind TLS, reached by its name, and what is sent to it."""

import json
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from artists.models import Artist
from generations.models import Generation, WebhookDelivery, WebhookEndpoint
from generations.models.webhook import EVENT_TYPES
from generations.webhooks.delivering import send_due
from portal.outbound import tls
from tests.emulators.receiver import Receiver, receiver

__all__ = ["receiver"]


@pytest.fixture
def reachable(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """The receiver, where webhooks may go: its name leads to this machine, which is allowed."""
    settings.WEBHOOK_PORTS = [443, receiver.port]
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.1/32")]
    monkeypatch.setenv("SSL_CERT_FILE", str(receiver.certificate))
    lead(monkeypatch, {receiver.name: "127.0.0.1"})
    tls.cache_clear()
    yield receiver
    tls.cache_clear()


def lead(monkeypatch: pytest.MonkeyPatch, names: dict[str, str]) -> None:
    """Let names lead to addresses, as a name server would; other names have none."""
    look_up = socket.getaddrinfo

    def answer(host: str, port: int, *hints: Any, **others: Any) -> list[tuple[Any, ...]]:
        return list(look_up(names.get(host, host), port, *hints, **others))

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture
def endpoint(artist: Artist, reachable: Receiver) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(
        artist=artist, name="notebook", url=reachable.url(), event_types=list(EVENT_TYPES)
    )


@pytest.fixture
def generation(make_generation: Callable[..., Generation]) -> Generation:
    return make_generation()


@pytest.fixture
def delivery(endpoint: WebhookEndpoint, generation: Generation) -> WebhookDelivery:
    return endpoint.deliveries.create(event_type=EVENT_TYPES[0], generation=generation)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.content) for request in receiver.heard]


def send_all() -> list[UUID]:
    """Send what waits, as though its time had come."""
    WebhookDelivery.objects.exclude(next_try_at=None).update(next_try_at=timezone.now())
    return send_due()
