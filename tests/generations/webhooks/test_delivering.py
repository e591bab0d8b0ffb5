"""How one webhook is sent, and tried again."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook

from generations.models import WebhookDelivery, WebhookEndpoint
from generations.webhooks import sending
from generations.webhooks.delivering import send_due
from generations.webhooks.services import send_again
from generations.webhooks.signing import secret_of
from tests.emulators.receiver import Receiver
from tests.generations.webhooks.conftest import lead, send_all

State = WebhookDelivery.State


@pytest.mark.parametrize("status", [400, 302, 404, 410, 429, 500, 503])
def test_whatever_is_no_success_is_tried_again_with_the_same_id(
    delivery: WebhookDelivery, reachable: Receiver, status: int
) -> None:
    reachable.answers(status, headers={"Location": "https://elsewhere.example/"})
    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer) == (State.WAITING, f"HTTP {status}")
    assert delivery.next_try_at
    assert delivery.next_try_at > timezone.now()
    assert send_due() == []
    assert len(reachable.heard) == 1  # not before its time

    reachable.answers(200)
    send_all()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.DELIVERED, 2)
    first, second = reachable.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.content == second.content


def test_it_is_tried_for_a_day_with_longer_and_longer_pauses(
    delivery: WebhookDelivery, reachable: Receiver
) -> None:
    reachable.answers(500)
    begun, times = timezone.now(), []
    with time_machine.travel(begun, tick=False) as clock:
        while delivery.next_try_at:
            clock.move_to(delivery.next_try_at)
            times.append((timezone.now() - begun).total_seconds())
            send_due()
            delivery.refresh_from_db()

    assert delivery.state == State.GIVEN_UP
    assert 12 <= len(times) == delivery.tries == len(reachable.heard) <= 16
    assert 16 * 3600 < times[-1] < 24 * 3600
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert pauses[0] < 10
    assert all(b > a for a, b in itertools.pairwise(pauses[:8]))


def test_signatures_are_made_anew_for_each_try(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, reachable: Receiver
) -> None:
    """A receiver takes no signature that is older than five minutes."""
    reachable.answers(500)
    send_due()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        send_all()
        heard = reachable.heard[1]
        assert Webhook(secret_of(endpoint)).verify(heard.content, dict(heard.headers))


def test_an_answers_body_is_never_read(delivery: WebhookDelivery) -> None:
    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            raise AssertionError("somebody reads it")
            yield b""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless())

    transport = httpx.MockTransport(answer)
    send_due(lambda: httpx.AsyncClient(transport=transport))

    delivery.refresh_from_db()
    assert delivery.state == State.DELIVERED


def test_a_receiver_that_does_not_answer_in_time_is_tried_again(
    delivery: WebhookDelivery, reachable: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.3)
    reachable.slow_paths["/hook"] = 1.0

    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer) == (State.WAITING, "No answer in time")


def test_a_name_that_leads_into_our_network_since_is_not_called(
    delivery: WebhookDelivery, reachable: Receiver, settings: Settings
) -> None:
    """Its address is looked up and checked again for each webhook."""
    settings.WEBHOOK_NETWORKS = []

    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer) == (State.WAITING, "Not on the public internet")
    assert reachable.heard == []


def test_a_certificate_of_another_name_is_not_taken(
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    reachable: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead(monkeypatch, {"other.example": "127.0.0.1"})
    endpoint.url = reachable.url().replace(reachable.name, "other.example")
    endpoint.save()

    send_due()

    delivery.refresh_from_db()
    assert delivery.answer == "Certificate not valid"
    assert reachable.heard == []


def test_nobody_listens(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, reachable: Receiver
) -> None:
    endpoint.url = f"https://{reachable.name}:1/"
    endpoint.save()

    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.answer) == (State.WAITING, "No connection")


def test_one_is_sent_again_for_another_day(delivery: WebhookDelivery, reachable: Receiver) -> None:
    WebhookDelivery.objects.update(
        state=State.GIVEN_UP, next_try_at=None, tries=14, give_up_at=timezone.now()
    )
    reachable.answers(500)

    send_again(delivery)
    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.WAITING, 1)
