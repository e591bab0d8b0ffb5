"""The pages on which an artist sees and turns their webhooks."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.models import WebhookDelivery, WebhookEndpoint
from generations.models.webhook import COMPLETED, EVENT_TYPES
from generations.webhooks import services
from generations.webhooks.errors import TooManyEndpoints, TooManyLookups
from generations.webhooks.signing import secret_of
from tests.emulators.receiver import Receiver
from tests.waiting import begin

PAGE = "/webhooks/"


@pytest.fixture
def browser(client: Client, artist: Artist) -> Client:
    client.force_login(artist)
    return client


def page_of(endpoint: WebhookEndpoint, rest: str = "") -> str:
    return f"/webhooks/{endpoint.pk}/{rest}"


def test_a_webhook_is_added_and_its_secret_shown_this_once(
    browser: Client, reachable: Receiver
) -> None:
    """I11: as a token is."""
    body = {"name": "notebook", "url": reachable.url(), "event_types": list(EVENT_TYPES)}

    answer = browser.post(PAGE, body)

    endpoint = WebhookEndpoint.objects.get()
    assert secret_of(endpoint) in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    for address in (PAGE, page_of(endpoint)):
        page = browser.get(address).content.decode()
        assert "notebook" in page
        assert secret_of(endpoint) not in page
        assert "whsec_" not in page


def test_the_database_holds_no_secret(endpoint: WebhookEndpoint) -> None:
    """A copy of it lets nobody sign in our name."""
    secret = secret_of(endpoint).removeprefix("whsec_")
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk).values().get()

    assert not [value for value in map(str, row.values()) if secret in value]


def test_secrets_differ_by_endpoint_version_and_key(
    endpoint: WebhookEndpoint, settings: object
) -> None:
    other = WebhookEndpoint(artist_id=endpoint.artist_id)
    later = WebhookEndpoint(pk=endpoint.pk, secret_version=2)
    secrets = {secret_of(one) for one in (endpoint, other, later)}
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]

    assert len(secrets | {secret_of(endpoint)}) == 4


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "https://127.0.0.2/", "not on the public internet"),
        ("url", "http://hooks.example/", "begins with https"),
        ("event_types", [], "required"),
        ("event_types", ["batch.failed"], "not one of the available choices"),
        ("name", "", "required"),
    ],
)
def test_what_does_not_fit_comes_back_with_what_is_wrong(
    browser: Client, endpoint: WebhookEndpoint, field: str, value: object, words: str
) -> None:
    body = {"name": "n", "url": endpoint.url, "event_types": list(EVENT_TYPES)} | {field: value}

    for address in (PAGE, page_of(endpoint)):
        answer = browser.post(address, body)

        assert answer.status_code == 400
        assert words in answer.content.decode()
    assert WebhookEndpoint.objects.count() == 1
    endpoint.refresh_from_db()
    assert endpoint.name == "notebook"


def test_a_webhook_is_changed(browser: Client, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(failing_since=timezone.now())
    body = {"name": "studio", "url": f"{endpoint.url}/new", "event_types": [COMPLETED]}

    browser.post(page_of(endpoint), body)

    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.event_types) == ("studio", [COMPLETED])
    assert endpoint.url.endswith("/hook/new")
    assert endpoint.failing_since is None  # of the new address nothing is known


def test_a_test_is_sent_and_stands_in_the_list(
    browser: Client, endpoint: WebhookEndpoint, reachable: Receiver
) -> None:
    page = browser.post(page_of(endpoint, "test/"), follow=True).content.decode()

    assert "answered the test with HTTP 204" in page
    assert "a test" in page
    (delivery,) = endpoint.deliveries.all()
    assert (delivery.state, delivery.answer) == (WebhookDelivery.State.DELIVERED, "HTTP 204")
    assert len(reachable.heard) == 1


def test_a_test_that_nobody_answers_says_so(browser: Client, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(url="https://hooks.example:1/")

    page = browser.post(page_of(endpoint, "test/"), follow=True).content.decode()

    assert "no connection" in page
    assert endpoint.deliveries.get().state == WebhookDelivery.State.GIVEN_UP


def test_tests_hold_few_threads(browser: Client, endpoint: WebhookEndpoint) -> None:
    others = range(-services.TESTS_AT_ONCE, 0)
    services._testing.update(others)
    try:
        answer = browser.post(page_of(endpoint, "test/"))
    finally:
        services._testing.difference_update(others)

    assert answer.status_code == 429
    assert not endpoint.deliveries.exists()


@pytest.mark.django_db(transaction=True)
def test_who_tests_a_slow_receiver_keeps_nobody_else_from_testing(
    browser: Client, endpoint: WebhookEndpoint, reachable: Receiver, other_artist: Artist
) -> None:
    reachable.slow_paths["/hook/slow"] = 3.0
    facts = {"name": "n", "url": f"{reachable.url()}/slow", "event_types": [COMPLETED]}
    slow = WebhookEndpoint.objects.create(artist=endpoint.artist, **facts)
    others = WebhookEndpoint.objects.create(
        artist=other_artist, **facts | {"url": reachable.url("/hook")}
    )

    under_way = begin(lambda: services.send_test(slow, event_type=COMPLETED))
    while not reachable.heard and not under_way.done():
        time.sleep(0.01)
    again = browser.post(page_of(endpoint, "test/"))
    assert services.send_test(others, event_type=COMPLETED) == 204
    assert not under_way.done()

    assert (again.status_code, under_way.result()) == (429, 204)
    assert services.send_test(endpoint, event_type=COMPLETED) == 204


def test_a_new_secret_is_shown_this_once(browser: Client, endpoint: WebhookEndpoint) -> None:
    answer = browser.post(page_of(endpoint, "rotate/"), {"keep_earlier": "on"})

    endpoint.refresh_from_db()
    assert endpoint.secret_version == 2
    assert secret_of(endpoint) in answer.content.decode()
    assert endpoint.earlier_until
    assert endpoint.earlier_until > timezone.now() + timedelta(hours=23)
    assert secret_of(endpoint) not in browser.get(page_of(endpoint)).content.decode()

    browser.post(page_of(endpoint, "rotate/"))
    endpoint.refresh_from_db()
    assert (endpoint.secret_version, endpoint.earlier_until) == (3, None)


def test_one_that_was_switched_off_is_switched_on(
    browser: Client, endpoint: WebhookEndpoint
) -> None:
    now = timezone.now()
    WebhookEndpoint.objects.update(
        switched_off_at=now, failing_since=now, told_at=now, telling_until=now
    )
    assert "Switched off" in browser.get(page_of(endpoint)).content.decode()

    browser.post(page_of(endpoint, "switch-on/"))

    endpoint.refresh_from_db()
    assert endpoint.is_on
    assert endpoint.failing_since is None
    assert (endpoint.told_at, endpoint.telling_until) == (None, None)  # told anew the next time


def test_one_is_removed_with_what_waits_for_it(
    browser: Client, endpoint: WebhookEndpoint, delivery: WebhookDelivery
) -> None:
    assert browser.post(page_of(endpoint, "remove/")).status_code == 302

    assert not WebhookEndpoint.objects.exists()
    assert not WebhookDelivery.objects.exists()


def test_one_delivery_is_sent_again_and_not_while_it_waits(
    browser: Client, delivery: WebhookDelivery
) -> None:
    address = reverse("generations:webhook_send_again", args=[delivery.pk])
    assert browser.post(address).status_code == 409
    WebhookDelivery.objects.update(state=WebhookDelivery.State.DELIVERED, next_try_at=None)

    assert browser.post(address).status_code == 302

    delivery.refresh_from_db()
    assert delivery.is_waiting


def test_the_list_of_what_was_sent_asks_for_itself_while_something_waits(
    browser: Client, endpoint: WebhookEndpoint, delivery: WebhookDelivery
) -> None:
    asks = f'hx-get="{page_of(endpoint, "sent/")}"'
    assert asks in browser.get(page_of(endpoint)).content.decode()
    assert asks in browser.get(page_of(endpoint, "sent/")).content.decode()

    WebhookDelivery.objects.update(state=WebhookDelivery.State.DELIVERED, next_try_at=None)

    assert asks not in browser.get(page_of(endpoint, "sent/")).content.decode()


def test_the_page_costs_as_many_queries_however_much_was_sent(
    browser: Client,
    endpoint: WebhookEndpoint,
    delivery: WebhookDelivery,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(4):  # session, person, endpoint, deliveries
        browser.get(page_of(endpoint, "sent/"))
    for _ in range(30):
        endpoint.deliveries.create(event_type=COMPLETED, generation=delivery.generation)

    with django_assert_num_queries(4):
        page = browser.get(page_of(endpoint, "sent/")).content.decode()
    assert page.count("evt_") == 20


def test_whoever_has_five_is_told_so(
    browser: Client, endpoint: WebhookEndpoint, artist: Artist
) -> None:
    for _ in range(4):
        WebhookEndpoint.objects.create(artist=artist, name="x", url=endpoint.url)

    page = browser.get(PAGE).content.decode()

    assert "You have 5 webhooks, which is the most" in page
    assert "Add the webhook" not in page


@pytest.mark.django_db(transaction=True)
def test_five_at_a_time_are_five_although_all_come_at_once(
    artist: Artist, reachable: Receiver
) -> None:
    def add(number: int) -> bool:
        facts: dict[str, Any] = {
            "name": str(number),
            "url": reachable.url(),
            "event_types": [COMPLETED],
        }
        try:
            while not_yet(lambda: services.register(artist=artist, **facts)):
                time.sleep(0.01)
        except TooManyEndpoints:
            return False
        finally:
            connection.close()
        return True

    def not_yet(register: Callable[[], object]) -> bool:
        try:
            register()
        except TooManyLookups:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(16)))

    assert sum(added) == WebhookEndpoint.objects.count() == services.ENDPOINTS_AT_MOST
