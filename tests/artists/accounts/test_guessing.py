"""Whatever guesses is slowed down, and nothing tells whether an address is known."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import ClassVar

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from tests.second_factor import give_app, say_who

LOGIN = reverse("account_login")
ASK_CODE = reverse("account_request_login_code")
ENTER_CODE = reverse("account_confirm_login_code")
RESET = reverse("account_reset_password")
SIGN_UP = reverse("account_signup")
PASSWORD = "correct horse"
UNKNOWN = "nobody@example.org"


class CountingHasher(MD5PasswordHasher):
    """Counts the one thing about a sign-in that takes long."""

    hashed: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str, *args: object) -> str:
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def ada(artist) -> Artist:
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    return artist


@pytest.fixture
def accounts(ada, make_artist) -> dict[str, str]:
    """An address of each kind of account, and one of none."""
    closed, codes_alone, guarded = (make_artist(name) for name in ("Cleo", "Coda", "Gus"))
    Artist.objects.filter(pk=closed.pk).update(is_active=False)
    codes_alone.set_unusable_password()
    codes_alone.save()
    give_app(guarded)
    people = {"known": ada, "closed": closed, "without a password": codes_alone, "factor": guarded}
    return {kind: one.email for kind, one in people.items()} | {"unknown": UNKNOWN}


def body_of(page, email: str) -> str:
    """A page without what differs from one request to the next, and without the address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text)
    return text.replace(email, "ADDRESS")


def ask(address: str, answers: dict[str, str], email: str) -> tuple[object, ...]:
    """What a browser of its own sees: status, where it is led, and the page at the end."""
    browser = Client()
    answer = browser.post(address, answers)
    location = answer.headers.get("Location")
    end = browser.get(location) if location else answer
    return answer.status_code, location, end.status_code, body_of(end, email)


@pytest.mark.parametrize(
    ("address", "field", "more"),
    [
        (LOGIN, "login", {"password": "wrong"}),
        (ASK_CODE, "email", {}),
        (RESET, "email", {}),
        (SIGN_UP, "email", {"credit_name": "x", "password1": PASSWORD, "password2": PASSWORD}),
    ],
    ids=["sign in", "ask a code", "reset", "sign up"],
)
def test_every_address_gets_the_same_answer(accounts, address, field, more, settings):
    settings.ACCOUNT_RATE_LIMITS = False

    seen = {kind: ask(address, {field: email, **more}, email) for kind, email in accounts.items()}

    assert seen["unknown"][0] in (200, 302)
    assert {kind: found for kind, found in seen.items() if found != seen["unknown"]} == {}


def test_a_wrong_code_gets_the_same_answer_too(ada, settings):
    settings.ACCOUNT_RATE_LIMITS = False
    seen = []
    for email in (ada.email, UNKNOWN):
        browser = Client()
        browser.post(ASK_CODE, {"email": email})
        answers = [browser.post(ENTER_CODE, {"code": "WRONGONE"}) for _ in range(4)]
        seen.append(
            [(one.status_code, one.get("Location"), body_of(one, email)) for one in answers]
        )

    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["known", "closed", "without a password", "factor", "unknown"])
def test_a_password_is_hashed_once_whether_the_address_is_known_or_not(accounts, kind, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for artist in Artist.objects.exclude(password__startswith="!"):
        artist.set_password(PASSWORD)
        artist.save()
    CountingHasher.hashed.clear()

    Client().post(LOGIN, {"login": accounts[kind], "password": "wrong"})

    assert len(CountingHasher.hashed) == 1


@pytest.mark.parametrize("address", [ASK_CODE, RESET])
@pytest.mark.parametrize("kind", ["known", "closed", "without a password", "factor", "unknown"])
def test_one_letter_is_sent_whether_the_address_is_known_or_not(accounts, address, kind):
    Client().post(address, {"email": accounts[kind]})

    assert [letter.to for letter in mail.outbox] == [[accounts[kind]]]


@pytest.mark.parametrize(("address", "at_most"), [(ASK_CODE, 3), (RESET, 5)])
@pytest.mark.parametrize("email", ["ada@example.org", UNKNOWN])
def test_letters_are_few_a_minute_wherever_they_are_asked_from(ada, address, at_most, email):
    for number in range(8):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(address, {"email": email})

    assert len(mail.outbox) == at_most


@pytest.mark.parametrize("address", [ASK_CODE, RESET])
def test_nobody_fills_a_mailbox_with_letters_of_ours_hour_after_hour(ada, address):
    begun = timezone.now()
    for minute in range(30):
        with time_machine.travel(begun + timedelta(minutes=2 * minute), tick=False):
            Client(REMOTE_ADDR=f"192.0.2.{minute}").post(address, {"email": UNKNOWN})
    assert len(mail.outbox) == 10

    with time_machine.travel(begun + timedelta(minutes=63)):
        Client().post(address, {"email": UNKNOWN})

    assert len(mail.outbox) == 11


def test_nor_with_codes_for_a_new_address(ada):
    victim, begun = "victim@example.org", timezone.now()
    for minute in range(15):
        with time_machine.travel(begun + timedelta(minutes=minute), tick=False):
            client = Client(REMOTE_ADDR=f"192.0.2.{minute}")
            client.force_login(ada)
            say_who(client, ada)
            client.post(reverse("account_email"), {"email": victim, "action_add": ""})

    assert 0 < len([letter for letter in mail.outbox if letter.to == [victim]]) <= 10


@pytest.mark.parametrize("email", ["ada@example.org", UNKNOWN])
def test_passwords_are_guessed_five_times_wherever_from_known_or_not(ada, email):
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(LOGIN, {"login": email, "password": "wrong"})
        for number in range(7)
    ]

    stopped = ["Too many failed" in str(one.context["form"].errors) for one in answers]
    assert stopped == [False] * 5 + [True] * 2


def test_one_network_address_guesses_ten_times_a_minute_whatever_accounts(ada):
    answers = [
        Client().post(LOGIN, {"login": f"p{number}@example.org", "password": "wrong"})
        for number in range(12)
    ]

    stopped = ["Too many failed" in str(one.context["form"].errors) for one in answers]
    assert stopped == [False] * 10 + [True] * 2


@pytest.mark.django_db(transaction=True)
def test_guesses_that_come_together_are_counted_each(ada, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed.clear()
    together = Barrier(16)

    def guess(number: int) -> None:
        try:
            together.wait()
            Client(REMOTE_ADDR=f"192.0.2.{number}").post(
                LOGIN, {"login": ada.email, "password": f"wrong-{number}"}
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(guess, range(16)))

    tried = {password for password in CountingHasher.hashed if password.startswith("wrong-")}
    assert 1 <= len(tried) <= 5


def test_who_is_signed_in_guesses_the_password_a_few_times(client, ada):
    client.force_login(ada)
    again = reverse("account_reauthenticate")
    answers = [client.post(again, {"password": "wrong"}) for _ in range(12)]

    right = client.post(again, {"password": PASSWORD})

    assert right.status_code == 429
    assert "One moment, please" in right.text
    assert {one.status_code for one in answers} == {200, 429}


def test_passkeys_are_tried_a_few_times_a_minute(client, db):
    statuses = [
        client.post(reverse("mfa_login_webauthn"), {"credential": "{}"}).status_code
        for _ in range(12)
    ]

    assert statuses == [302] * 10 + [429] * 2
