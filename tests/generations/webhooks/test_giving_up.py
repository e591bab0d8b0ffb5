"""What is sent no more: endpoints that are off or fail, and what is too old."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from artists.models import Artist
from generations.models import WebhookDelivery, WebhookEndpoint
from generations.tasks import send_webhooks, tell_untold, tidy
from generations.webhooks.delivering import send_due
from tests.emulators.receiver import Receiver

State = WebhookDelivery.State


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Artist.objects.filter(pk=one.artist_id).update(is_active=False),
        lambda one: WebhookEndpoint.objects.update(switched_off_at=timezone.now()),
    ],
)
def test_nothing_goes_out_for_a_closed_account_or_an_endpoint_that_is_off(
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    reachable: Receiver,
    change: Callable[[WebhookEndpoint], object],
) -> None:
    """I8."""
    change(endpoint)

    send_due()

    assert reachable.heard == []


def test_an_endpoint_that_fails_for_days_is_switched_off_with_one_letter(
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint,
    reachable: Receiver,
    tasks_run_at_once: None,
) -> None:
    reachable.answers(500)
    send_webhooks()
    endpoint.refresh_from_db()
    assert endpoint.failing_since
    assert endpoint.is_on

    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=3, minutes=1))
    WebhookDelivery.objects.update(next_try_at=timezone.now())
    send_webhooks()
    endpoint.refresh_from_db()
    assert endpoint.is_on  # nothing was given up: two failures may lie days apart

    soon = timezone.now() + timedelta(seconds=5)
    WebhookDelivery.objects.update(next_try_at=timezone.now(), give_up_at=soon)
    send_webhooks()
    send_webhooks()
    tell_untold()

    endpoint.refresh_from_db()
    assert not endpoint.is_on
    (letter,) = mail.outbox
    assert letter.to == [endpoint.artist.email]
    assert "“notebook” was switched off" in letter.subject
    assert endpoint.url in letter.body
    assert f"/webhooks/{endpoint.pk}/" in letter.body


def test_a_success_ends_the_failing(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint, reachable: Receiver
) -> None:
    WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(days=9))

    send_due()

    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.is_on) == (None, True)


def test_a_letter_that_was_never_begun_is_written_by_the_sweep(
    endpoint: WebhookEndpoint, tasks_run_at_once: None
) -> None:
    WebhookEndpoint.objects.update(switched_off_at=timezone.now() - timedelta(minutes=5))

    tell_untold()
    tell_untold()

    assert len(mail.outbox) == 1


def test_what_waits_for_an_endpoint_that_is_off_is_given_up_after_its_day(
    delivery: WebhookDelivery, endpoint: WebhookEndpoint
) -> None:
    WebhookEndpoint.objects.update(switched_off_at=timezone.now())
    tidy()
    delivery.refresh_from_db()
    assert delivery.is_waiting

    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        tidy()

    delivery.refresh_from_db()
    assert delivery.state == State.GIVEN_UP


def test_what_was_sent_is_forgotten_after_a_month(delivery: WebhookDelivery) -> None:
    WebhookDelivery.objects.update(state=State.DELIVERED, next_try_at=None)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        tidy()
    assert WebhookDelivery.objects.exists()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        tidy()

    assert not WebhookDelivery.objects.exists()
