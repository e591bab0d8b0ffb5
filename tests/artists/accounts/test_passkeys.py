"""Passkeys that no sign-in takes: of another page, or without a finger, face or PIN."""

import time
from typing import Any

import pytest
import time_machine
from allauth.account.app_settings import LOGIN_TIMEOUT
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from tests.passkeys import Passkey
from tests.second_factor import give_app, say_who

LOGIN = reverse("account_login")
ALONE = reverse("mfa_login_webauthn")
SECOND_STEP = reverse("mfa_authenticate")
ADD = reverse("mfa_add_webauthn")
PASSWORD = "correct horse"
SIGNED_IN = "_auth_user_id"


@pytest.fixture
def proven(artist: Artist, other_artist: Artist) -> None:
    for person in (artist, other_artist):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)


def options_of(page: Any, name: str = "request_options") -> dict[str, Any]:
    """The options as a script of the page reads them."""
    options: dict[str, Any] = page.context["js_data"][name]
    return options


def begin_alone(client: Client) -> dict[str, Any]:
    asked = client.get(ALONE, headers={"X-Requested-With": "XMLHttpRequest"})
    options: dict[str, Any] = asked.json()["request_options"]
    return options


def begin_second_step(client: Client, artist: Artist) -> dict[str, Any]:
    client.post(LOGIN, {"login": artist.email, "password": PASSWORD})
    return options_of(client.get(SECOND_STEP))


def add(client: Client, artist: Artist, passkey: Passkey, **answer: Any) -> Any:
    client.force_login(artist)
    say_who(client, artist)
    options = options_of(client.get(ADD), "creation_options")
    credential = passkey.register(options, **answer)
    return client.post(ADD, {"name": "Key", "credential": credential})


def give(artist: Artist, passkey: Passkey) -> None:
    add(Client(), artist, passkey)
    assert Authenticator.objects.filter(user=artist, type="webauthn").exists()


def handle_of(artist: Artist) -> str:
    return user_pk_to_url_str(artist)


@pytest.mark.usefixtures("proven")
def test_a_passkey_that_checked_whose_finger_it_was_signs_in_alone(
    client: Client, artist: Artist
) -> None:
    key = Passkey()
    give(artist, key)

    credential = key.sign(begin_alone(client), user=handle_of(artist))
    client.post(ALONE, {"credential": credential})

    assert client.session[SIGNED_IN] == str(artist.pk)


@pytest.mark.usefixtures("proven")
def test_a_found_key_signs_nobody_in_alone_by_the_challenge_of_anothers_second_step(
    client: Client, artist: Artist, other_artist: Artist
) -> None:
    """A second step asks for a touch, and its challenge outlives the sign-in that was begun."""
    found = Passkey(verifies=False)
    give(artist, found)
    give_app(other_artist)

    challenge = begin_second_step(client, other_artist)
    with time_machine.travel(time.time() + LOGIN_TIMEOUT + 1):
        client.post(ALONE, {"credential": found.sign(challenge, user=handle_of(artist))})

    assert SIGNED_IN not in client.session


@pytest.mark.usefixtures("proven")
def test_a_key_that_asks_for_a_touch_is_a_second_step(client: Client, artist: Artist) -> None:
    key = Passkey(verifies=False)
    give(artist, key)

    client.post(SECOND_STEP, {"credential": key.sign(begin_second_step(client, artist))})

    assert client.session[SIGNED_IN] == str(artist.pk)


@pytest.mark.usefixtures("proven")
def test_an_answer_is_taken_once(client: Client, artist: Artist) -> None:
    key = Passkey()
    give(artist, key)
    credential = key.sign(begin_alone(client), user=handle_of(artist))
    client.post(ALONE, {"credential": credential})
    client.post(reverse("account_logout"))
    begin_alone(client)

    client.post(ALONE, {"credential": credential})

    assert SIGNED_IN not in client.session


@pytest.mark.usefixtures("proven")
def test_a_passkey_signs_in_whose_it_is_and_nobody_else(
    client: Client, artist: Artist, other_artist: Artist
) -> None:
    own, anothers = Passkey(), Passkey()
    give(artist, own)
    give(other_artist, anothers)

    credential = own.sign(begin_alone(client), user=handle_of(other_artist))
    client.post(ALONE, {"credential": credential})

    assert SIGNED_IN not in client.session


ELSEWHERE = [
    "https://films.greenroom.example",  # a browser lets its pages ask for the passkeys of ours
    "https://greenroom.example:8443",
    "http://greenroom.example",
    "https://greenroom.example.other.example",
    "https://other.example",
]


@pytest.mark.parametrize("origin", ELSEWHERE)
@pytest.mark.usefixtures("proven")
def test_an_answer_made_on_another_page_is_not_taken(
    client: Client, artist: Artist, settings: Any, origin: str
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example"
    key = Passkey()
    give(artist, key)

    refused = add(Client(), artist, Passkey(), origin=origin)
    by_second_step = key.sign(begin_second_step(client, artist), origin=origin)
    client.post(SECOND_STEP, {"credential": by_second_step})
    another = Client()
    alone = key.sign(begin_alone(another), user=handle_of(artist), origin=origin)
    another.post(ALONE, {"credential": alone})

    assert refused.context["form"].errors
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert SIGNED_IN not in client.session
    assert SIGNED_IN not in another.session


@pytest.mark.usefixtures("proven")
def test_the_same_page_with_its_port_written_out_is_no_other(
    client: Client, artist: Artist, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://greenroom.example:443"
    key = Passkey()
    give(artist, key)

    credential = key.sign(begin_alone(client), user=handle_of(artist))
    client.post(ALONE, {"credential": credential})

    assert client.session[SIGNED_IN] == str(artist.pk)
