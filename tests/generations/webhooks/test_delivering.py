"""What becomes of an end that an artist's program wants to hear."""

import itertools
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from standardwebhooks.webhooks import Webhook

from artists.models import Artist
from generations.ids import write_video_id
from generations.models import Generation, WebhookDelivery, WebhookEndpoint
from generations.models.generation import ENDED, Status
from generations.models.webhook import COMPLETED, EVENT_TYPES, FAILED
from generations.prompts.services import cancel
from generations.providers.base import FailureKind
from generations.rendering.ending import fail, refuse
from generations.tasks import send_webhooks, tell_untold, tidy
from generations.webhooks import delivering, sending
from generations.webhooks.delivering import send_due
from generations.webhooks.services import remove, send_again
from generations.webhooks.signing import secret_of
from tests.emulators.receiver import Receiver
from tests.generations.rendering.conftest import Worker, clip, emulator, worker
from tests.generations.webhooks.conftest import bodies, lead, send_all
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


def test_slow_receivers_hold_up_nobody_else(
    artist: Artist, delivery: WebhookDelivery, reachable: Receiver
) -> None:
    """Two slow ones with ten webhooks each, and one quick one behind them with as many."""
    endpoints = {
        path: WebhookEndpoint.objects.create(
            artist=artist, name=path, url=reachable.url(path), event_types=list(EVENT_TYPES)
        )
        for path in ("/slow-a", "/slow-b", "/quick")
    }
    reachable.slow_paths |= {"/slow-a": 1.5, "/slow-b": 1.5}
    for _ in range(10):
        for endpoint in endpoints.values():
            endpoint.deliveries.create(event_type=COMPLETED, generation=delivery.generation)

    delivering_for = timed(lambda: send_within(2.0))

    quick = endpoints["/quick"].deliveries
    assert quick.filter(state=State.DELIVERED).count() == 10
    assert delivering_for < 5
    assert 2 <= len([one for one in reachable.heard if one.url.path == "/slow-a"]) <= 3


def test_whatever_is_due_for_longest_goes_first(
    artist: Artist,
    other_artist: Artist,
    reachable: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not the endpoint that is the oldest: what is due there might never leave room for others."""
    monkeypatch.setattr(delivering, "AT_ONCE", 1)
    now = timezone.now()
    for owner, minutes, path in ((artist, 1, "/older"), (other_artist, 2, "/newer")):
        endpoint = WebhookEndpoint.objects.create(artist=owner, name=path, url=reachable.url(path))
        due_at = now - timedelta(minutes=minutes)
        endpoint.deliveries.create(event_type=COMPLETED, next_try_at=due_at)

    send_due()

    assert [one.url.path for one in reachable.heard] == ["/newer", "/older"]


def test_one_artists_many_slow_endpoints_leave_others_room(
    artist: Artist,
    other_artist: Artist,
    reachable: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five slow ones would fill a pass of four, and all of theirs is due for longer."""
    monkeypatch.setattr(delivering, "AT_ONCE", 4)
    long_due = timezone.now() - timedelta(hours=1)
    for number in range(5):
        path = f"/slow-{number}"
        reachable.slow_paths[path] = 3.0
        slow = WebhookEndpoint.objects.create(artist=artist, name=path, url=reachable.url(path))
        slow.deliveries.create(event_type=COMPLETED, next_try_at=long_due)
    quick = WebhookEndpoint.objects.create(
        artist=other_artist, name="quick", url=reachable.url("/quick")
    )
    for _ in range(5):
        quick.deliveries.create(event_type=COMPLETED)

    send_within(1.0)

    assert quick.deliveries.filter(state=State.DELIVERED).count() == 5
    assert WebhookDelivery.objects.filter(endpoint__artist=artist, tries=1).count() == 3


def test_names_that_are_slow_to_look_up_hold_up_nobody_else(
    make_artist: Callable[..., Artist],
    reachable: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that does not answer holds a thread for as long as the resolver waits."""
    look_up, released = socket.getaddrinfo, threading.Event()

    def slow(host: str, *arguments: Any, **others: Any) -> Any:
        if host.startswith("tarpit"):
            released.wait(10)
        return look_up(host, *arguments, **others)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(sending, "ANSWER_SECONDS", 1.0)
    for number in range(12):
        tarpit = WebhookEndpoint.objects.create(
            artist=make_artist(f"Tar{number}"), url=f"https://tarpit-{number}.example/"
        )
        tarpit.deliveries.create(event_type=COMPLETED, created_at=timezone.now())
    last = WebhookEndpoint.objects.create(artist=make_artist("Last"), url=reachable.url("/last"))
    last.deliveries.create(event_type=COMPLETED)

    took = timed(lambda: send_within(0.5))
    released.set()

    assert last.deliveries.get().state == State.DELIVERED
    assert took < 5


def send_within(seconds: float) -> None:
    """One pass that takes no more after so many seconds."""
    delivering.PASS_SECONDS, usual = seconds, delivering.PASS_SECONDS
    try:
        send_due()
    finally:
        delivering.PASS_SECONDS = usual


def timed(work: Callable[[], Any]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_a_pass_that_is_under_way_lets_other_threads_go(
    delivery: WebhookDelivery, reachable: Receiver
) -> None:
    """However often it is nudged, one thread of a worker waits for receivers."""
    others: list[float] = []

    def nudge(request: httpx.Request) -> httpx.Response:
        thread = threading.Thread(target=lambda: others.append(timed(send_due)))
        thread.start()
        thread.join(5)
        return httpx.Response(200)

    send_due(lambda: httpx.AsyncClient(transport=httpx.MockTransport(nudge)))

    assert len(others) == 1
    assert others[0] < 1


def test_a_worker_that_dies_leaves_it_to_be_sent_again(
    delivery: WebhookDelivery, reachable: Receiver
) -> None:
    """I6: sent twice at worst, with one id."""
    WebhookDelivery.objects.claim(delivery.pk, seconds=delivering.LEASE_SECONDS)
    send_due()
    assert reachable.heard == []

    with time_machine.travel(timezone.now() + timedelta(seconds=60)):
        send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.DELIVERED, 2)


def test_of_two_that_take_it_one_does(delivery: WebhookDelivery) -> None:
    taken = [WebhookDelivery.objects.claim(delivery.pk, seconds=30) for _ in range(2)]

    assert taken == [True, False]


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


def test_one_is_sent_again_for_another_day(delivery: WebhookDelivery, reachable: Receiver) -> None:
    WebhookDelivery.objects.update(
        state=State.GIVEN_UP, next_try_at=None, tries=14, give_up_at=timezone.now()
    )
    reachable.answers(500)

    send_again(delivery)
    send_due()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (State.WAITING, 1)


def test_one_strange_receiver_leaves_the_others_alone(
    artist: Artist, delivery: WebhookDelivery, caplog: pytest.LogCaptureFixture
) -> None:
    strange = WebhookEndpoint.objects.create(
        artist=artist, name="strange", url="https://strange.example/", event_types=[]
    )
    odd = strange.deliveries.create(event_type=COMPLETED)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "strange.example":
            raise ZeroDivisionError
        return httpx.Response(200)

    send_due(lambda: httpx.AsyncClient(transport=httpx.MockTransport(answer)))

    delivery.refresh_from_db()
    odd.refresh_from_db()
    assert (delivery.state, odd.state) == (State.DELIVERED, State.WAITING)
    assert str(odd.pk) in caplog.text


def test_a_pass_with_nothing_to_send_costs_one_query(
    endpoint: WebhookEndpoint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # and a savepoint, set and released
        send_due()


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
