"""What a token made ends with it, and a token turns nothing else (I8)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.models import Artist, Token
from generations.models import Generation, VideoModel, WebhookDelivery, WebhookEndpoint
from generations.models.webhook import COMPLETED, EVENT_TYPES
from generations.providers.base import FailureKind
from generations.rendering.ending import fail
from generations.webhooks import delivering
from generations.webhooks.delivering import send_due
from generations.webhooks.services import keep_without_token
from tests.emulators.receiver import Receiver

ENDPOINTS = "/v1/webhook_endpoints"


class Program:
    """A program that has a token."""

    def __init__(self, artist: Artist) -> None:
        self.token, plaintext = create_token(artist, "laptop")
        self._client = Client(headers={"authorization": f"Bearer {plaintext}"})

    def post(self, address: str, **body: object) -> tuple[int, dict[str, object]]:
        answer = self._client.post(address, body, content_type="application/json")
        return answer.status_code, answer.json()

    def add(self, url: str) -> WebhookEndpoint:
        status, body = self.post(
            ENDPOINTS, name="program's", url=url, event_types=list(EVENT_TYPES)
        )
        assert status == 200, body
        return WebhookEndpoint.objects.get(pk=str(body["id"]).removeprefix("we_"))

    def get(self, endpoint: WebhookEndpoint) -> dict[str, object]:
        return dict(self._client.get(address_of(endpoint)).json())


def address_of(endpoint: WebhookEndpoint, rest: str = "") -> str:
    return f"{ENDPOINTS}/we_{endpoint.pk.hex}{rest}"


@pytest.fixture
def program(artist: Artist, video_model: VideoModel) -> Program:
    return Program(artist)


@pytest.fixture
def made_by_it(program: Program, reachable: Receiver) -> WebhookEndpoint:
    return program.add(reachable.url("/theirs"))


@pytest.fixture
def browser(client: Client, artist: Artist) -> Client:
    client.force_login(artist)
    return client


def expire(token: Token) -> None:
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def revoke_it(token: Token) -> None:
    revoke(token, by=token.artist)


@pytest.mark.parametrize("end", [revoke_it, expire])
def test_nothing_goes_to_what_a_token_made_once_it_is_over(
    program: Program,
    made_by_it: WebhookEndpoint,
    endpoint: WebhookEndpoint,
    make_generation: Callable[..., Generation],
    reachable: Receiver,
    end: Callable[[Token], None],
) -> None:
    """I8: neither what waits nor what ends later; what was made in a session goes on."""
    made_by_it.deliveries.create(event_type=COMPLETED)
    end(program.token)
    fail(make_generation().pk, kind=FailureKind.TIMEOUT)

    send_due()

    assert [one.url.path for one in reachable.heard] == ["/hook"]
    assert made_by_it.deliveries.count() == 1
    assert made_by_it.deliveries.get().tries == 0


def test_a_token_that_is_revoked_while_a_pass_goes_on_stops_what_it_has_not_taken(
    program: Program, made_by_it: WebhookEndpoint
) -> None:
    """I8: the row is taken only where its endpoint is live at that moment."""
    delivery = made_by_it.deliveries.create(event_type=COMPLETED)
    (found,) = WebhookEndpoint.objects.due_deliveries()
    revoke_it(program.token)

    assert found[0] == delivery.pk
    assert not WebhookDelivery.objects.claim(delivery.pk, seconds=delivering.LEASE_SECONDS)


def test_the_page_says_why_it_is_off_and_no_test_goes_there(
    browser: Client, program: Program, made_by_it: WebhookEndpoint, reachable: Receiver
) -> None:
    page = f"/webhooks/{made_by_it.pk}/"
    assert "Made by the token “laptop”" in browser.get(page).content.decode()
    revoke_it(program.token)

    words = browser.get(page).content.decode()

    assert "made it, and was revoked" in words
    assert "Off with its token" in words
    assert "Off with its token" in browser.get("/webhooks/").content.decode()
    assert f"{page}test/" not in words
    assert browser.post(f"{page}test/").status_code == 409
    assert reachable.heard == []


def test_what_is_to_be_sent_again_waits_until_it_is_on(
    browser: Client, program: Program, made_by_it: WebhookEndpoint, reachable: Receiver
) -> None:
    ended = made_by_it.deliveries.create(
        event_type=COMPLETED, state=WebhookDelivery.State.GIVEN_UP, next_try_at=None
    )
    revoke_it(program.token)

    page = browser.post(f"/webhooks/sent/{ended.pk}/again/", follow=True).content.decode()

    assert "goes out once this webhook is on again" in page
    send_due()
    assert reachable.heard == []


def test_the_page_says_that_the_token_expired(
    browser: Client, program: Program, made_by_it: WebhookEndpoint
) -> None:
    with time_machine.travel(program.token.expires_at + timedelta(seconds=1)):
        browser.force_login(program.token.artist)

        assert "made it, and expired" in browser.get(f"/webhooks/{made_by_it.pk}/").content.decode()


def test_its_artist_keeps_it_without_the_token(
    browser: Client, program: Program, made_by_it: WebhookEndpoint, reachable: Receiver
) -> None:
    made_by_it.deliveries.create(event_type=COMPLETED)
    revoke_it(program.token)

    assert browser.post(f"/webhooks/{made_by_it.pk}/keep/").status_code == 302

    send_due()
    assert [one.url.path for one in reachable.heard] == ["/theirs"]


def test_a_program_is_told_that_its_earlier_tokens_webhook_is_off(
    artist: Artist, program: Program, made_by_it: WebhookEndpoint
) -> None:
    later = Program(artist)
    assert later.get(made_by_it)["enabled"] is True

    revoke_it(program.token)

    assert later.get(made_by_it)["enabled"] is False


@pytest.mark.parametrize(
    ("rest", "body"),
    [("", {"url": "https://127.0.0.1/theirs"}), ("/rotate_secret", {})],
    ids=["address", "secret"],
)
def test_a_token_turns_neither_address_nor_secret_of_what_it_did_not_make(
    artist: Artist,
    program: Program,
    endpoint: WebhookEndpoint,
    made_by_it: WebhookEndpoint,
    rest: str,
    body: dict[str, object],
) -> None:
    """I8: it would live on in them."""
    other = Program(artist)
    for asks, one in ((program, endpoint), (other, endpoint), (other, made_by_it)):
        before = WebhookEndpoint.objects.filter(pk=one.pk).values().get()

        status, answer = asks.post(address_of(one, rest), **body)

        assert (status, answer["error"]["code"]) == (403, "needs_session")  # type: ignore[index]
        assert WebhookEndpoint.objects.filter(pk=one.pk).values().get() == before


def test_a_token_turns_what_it_made_until_its_artist_keeps_that(
    program: Program, made_by_it: WebhookEndpoint, reachable: Receiver
) -> None:
    assert program.post(address_of(made_by_it), url=reachable.url("/moved"))[0] == 200
    assert program.post(address_of(made_by_it, "/rotate_secret"))[0] == 200
    keep_without_token(made_by_it)

    assert program.post(address_of(made_by_it), url=reachable.url("/again"))[0] == 403
    assert program.post(address_of(made_by_it, "/rotate_secret"))[0] == 403

    made_by_it.refresh_from_db()
    assert made_by_it.url.endswith("/moved")
    assert made_by_it.secret_version == 2


def test_a_token_changes_the_name_and_the_events_of_any_of_its_artists(
    program: Program, endpoint: WebhookEndpoint
) -> None:
    status, _ = program.post(address_of(endpoint), name="studio", url=endpoint.url)

    endpoint.refresh_from_db()
    assert (status, endpoint.name) == (200, "studio")
