"""Which ends are told to whom, and what is told of them."""

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from standardwebhooks.webhooks import Webhook

from artists.models import Artist
from generations.ids import write_video_id
from generations.models import Generation, WebhookDelivery, WebhookEndpoint
from generations.models.generation import ENDED, Status
from generations.models.webhook import COMPLETED, EVENT_TYPES, FAILED
from generations.prompts.services import cancel
from generations.providers.base import FailureKind
from generations.rendering.ending import fail, refuse
from generations.webhooks.delivering import send_due
from generations.webhooks.services import remove
from generations.webhooks.signing import secret_of
from tests.emulators.receiver import Receiver
from tests.generations.rendering.conftest import Worker, clip, emulator, worker
from tests.generations.webhooks.conftest import bodies
from tests.waiting import begin, on_postgresql, wait_until_it_waits

__all__ = ["clip", "emulator", "worker"]

State = WebhookDelivery.State


def test_a_finished_video_is_told_signed_and_by_its_id_alone(
    worker: Worker, generation: Generation, endpoint: WebhookEndpoint, reachable: Receiver
) -> None:
    worker.dispatch_and_submit()
    worker.render_and_finish()

    send_due()

    (heard,) = reachable.heard
    delivery = WebhookDelivery.objects.get()
    event = Webhook(secret_of(endpoint)).verify(heard.content, dict(heard.headers))
    assert event == {
        "id": f"evt_{delivery.pk.hex}",
        "object": "event",
        "created_at": int(delivery.created_at.timestamp()),
        "type": "video.completed",
        "data": {"id": write_video_id(generation.pk)},
    }
    assert heard.headers["webhook-id"] == event["id"]
    assert heard.headers["content-type"] == "application/json"
    assert "paper boat" not in heard.content.decode()
    assert (delivery.state, delivery.answer, delivery.tries) == (State.DELIVERED, "HTTP 204", 1)


@pytest.mark.parametrize(
    "end",
    [
        lambda one: fail(one.pk, kind=FailureKind.TIMEOUT),
        lambda one: refuse(one.pk, kind=FailureKind.SAFETY_INPUT),
        cancel,
    ],
)
def test_every_bad_end_is_a_failed_video(
    end: Callable[[Generation], object],
    generation: Generation,
    endpoint: WebhookEndpoint,
    reachable: Receiver,
) -> None:
    end(generation)

    send_due()

    (event,) = bodies(reachable)
    assert (event["type"], event["data"]["id"]) == (FAILED, write_video_id(generation.pk))


def test_the_row_is_made_with_the_end_or_not_at_all(
    generation: Generation, endpoint: WebhookEndpoint
) -> None:
    """I6: what is told is as sure as what it tells of."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
        fail(generation.pk, kind=FailureKind.TIMEOUT)
        assert WebhookDelivery.objects.count() == 1
        raise ZeroDivisionError

    assert not WebhookDelivery.objects.exists()

    assert fail(generation.pk, kind=FailureKind.TIMEOUT)
    assert not fail(generation.pk, kind=FailureKind.TIMEOUT)
    assert WebhookDelivery.objects.count() == 1


def test_nothing_but_an_end_is_told(
    worker: Worker, generation: Generation, endpoint: WebhookEndpoint
) -> None:
    worker.dispatch_and_submit()
    worker.poll()

    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize("to", ENDED)
def test_an_end_costs_one_query_for_who_wants_to_hear_it(
    generation: Generation, to: Status, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Generation.objects.update(status=Status.FINISHING)

    with django_assert_num_queries(5):  # the move, its row and who hears it, in a savepoint
        assert Generation.objects.move(generation.pk, to)


def test_each_hears_what_it_asked_for_and_of_its_own_artist_alone(
    endpoint: WebhookEndpoint,
    other_artist: Artist,
    generation: Generation,
    make_generation: Callable[..., Generation],
    reachable: Receiver,
) -> None:
    """I7."""
    completed_alone = WebhookEndpoint.objects.create(
        artist=endpoint.artist, name="b", url=reachable.url("/b"), event_types=[COMPLETED]
    )
    theirs = WebhookEndpoint.objects.create(
        artist=other_artist, name="c", url=reachable.url("/c"), event_types=list(EVENT_TYPES)
    )
    fail(generation.pk, kind=FailureKind.TIMEOUT)

    assert not completed_alone.deliveries.exists()
    assert not theirs.deliveries.exists()
    send_due()
    assert [request.url.path for request in reachable.heard] == ["/hook"]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_an_end_waits_for_the_removal_of_an_endpoint_and_leaves_it_out(
    generation: Generation, endpoint: WebhookEndpoint
) -> None:
    """I6: a row that is written for an endpoint which goes would undo the end itself."""
    with transaction.atomic():
        remove(endpoint)
        end = begin(lambda: fail(generation.pk, kind=FailureKind.TIMEOUT))
        wait_until_it_waits(end)

    assert end.result(timeout=20)
    generation.refresh_from_db()
    assert generation.status == Status.FAILED
    assert not WebhookDelivery.objects.exists()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_removal_waits_for_an_end_that_is_written_down_and_takes_it_along(
    generation: Generation, endpoint: WebhookEndpoint
) -> None:
    with transaction.atomic():
        fail(generation.pk, kind=FailureKind.TIMEOUT)
        assert WebhookDelivery.objects.exists()
        removal = begin(lambda: remove(endpoint))
        wait_until_it_waits(removal)

    removal.result(timeout=20)
    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()
