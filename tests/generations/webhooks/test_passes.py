"""A pass over what waits: side by side, in turn, and once."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.models import WebhookDelivery, WebhookEndpoint
from generations.models.webhook import COMPLETED, EVENT_TYPES
from generations.webhooks import delivering, sending
from generations.webhooks.delivering import send_due
from tests.emulators.receiver import Receiver

State = WebhookDelivery.State


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
