"""Signing in by password, or by a code that is mailed."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from tests.artists.accounts.conftest import PASSWORD

LOGIN = reverse("account_login")
ASK_CODE = reverse("account_request_login_code")
ENTER_CODE = reverse("account_confirm_login_code")
HOME = reverse("home")


@pytest.fixture
def nora(client, invitation_link, answers) -> Artist:
    """Somebody who came by invitation, and signed out again."""
    client.post(invitation_link)
    client.post(reverse("account_signup"), answers)
    client.post(reverse("account_logout"))
    return Artist.objects.get()


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_signs_in(client, nora):
    answer = client.post(LOGIN, {"login": nora.email, "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert client.get(HOME).context["user"] == nora


def test_the_case_of_the_address_does_not_matter(client, nora):
    client.post(LOGIN, {"login": "New@Example.ORG", "password": PASSWORD})

    assert is_signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, nora):
    wrong = client.post(LOGIN, {"login": nora.email, "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody@example.org", "password": "wrong"})

    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert not is_signed_in(client)


def test_a_mailed_code_signs_in(client, nora, mailed_code):
    client.post(ASK_CODE, {"email": nora.email})
    answer = client.post(ENTER_CODE, {"code": mailed_code()})

    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert mail.outbox[-1].to == [nora.email]
    assert is_signed_in(client)


def test_a_wrong_code_is_refused(client, nora):
    client.post(ASK_CODE, {"email": nora.email})

    page = client.post(ENTER_CODE, {"code": "WRONG"})

    assert "code" in page.context["form"].errors
    assert not is_signed_in(client)


def test_a_code_works_once(client, nora, mailed_code):
    client.post(ASK_CODE, {"email": nora.email})
    code = mailed_code()
    client.post(ENTER_CODE, {"code": code})
    client.post(reverse("account_logout"))

    client.post(ENTER_CODE, {"code": code})

    assert not is_signed_in(client)


def test_a_few_wrong_codes_use_the_right_one_up(client, nora, mailed_code):
    client.post(ASK_CODE, {"email": nora.email})
    for _ in range(3):
        client.post(ENTER_CODE, {"code": "WRONG"})

    client.post(ENTER_CODE, {"code": mailed_code()})

    assert not is_signed_in(client)


def test_asking_a_code_for_an_unknown_address_looks_the_same(client, nora):
    known = client.post(ASK_CODE, {"email": nora.email})
    client.post(reverse("account_logout"))
    unknown = client.post(ASK_CODE, {"email": "nobody@example.org"})

    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert "no account" in " ".join(mail.outbox[-1].body.lower().split())


def test_codes_are_mailed_a_few_a_minute_at_most(client, nora):
    for _ in range(8):
        client.post(ASK_CODE, {"email": nora.email})

    assert len(mail.outbox) <= 3


def test_guessing_passwords_is_stopped(client, nora):
    for _ in range(6):
        client.post(LOGIN, {"login": nora.email, "password": "wrong"})

    page = client.post(LOGIN, {"login": nora.email, "password": PASSWORD})

    assert "Too many failed login attempts" in str(page.context["form"].errors)
    assert not is_signed_in(client)


def test_a_closed_account_does_not_sign_in(client, nora):
    Artist.objects.update(is_active=False)

    client.post(LOGIN, {"login": nora.email, "password": PASSWORD})

    assert not is_signed_in(client)


def test_closing_an_account_ends_its_sessions(client, nora):
    client.post(LOGIN, {"login": nora.email, "password": PASSWORD})
    Artist.objects.update(is_active=False)

    assert client.get(HOME).status_code == 302


def test_a_forgotten_password_is_set_anew_by_mail(client, nora):
    client.post(reverse("account_reset_password"), {"email": nora.email})

    assert "/accounts/password/reset/key/" in mail.outbox[-1].body


def test_a_link_that_sets_a_password_leads_to_us_whatever_host_is_asked(client, nora, settings):
    settings.PUBLIC_URL = "https://greenroom.example"

    client.post(
        reverse("account_reset_password"), {"email": nora.email}, headers={"host": "localhost:666"}
    )

    (link,) = re.findall(r"\S+/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert link.startswith("https://greenroom.example/accounts/")
    assert "666" not in str(mail.outbox[-1].body)
    assert client.get(link.removeprefix("https://greenroom.example"), follow=True).context["form"]


def test_an_account_without_a_proven_address_proves_it_first(client, artist, mailed_code):
    client.post(LOGIN, {"login": artist.email, "password": "correct horse"})
    assert not is_signed_in(client)

    client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})

    assert is_signed_in(client)
    assert EmailAddress.objects.get(user=artist).verified


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "http://localhost/",  # the machine of whoever reads this
        "http://127.0.0.1/",
    ],
)
def test_signing_in_leads_nowhere_else(client, nora, elsewhere):
    answer = client.post(
        f"{LOGIN}?{urlencode({'next': elsewhere})}", {"login": nora.email, "password": PASSWORD}
    )

    assert answer["Location"] == HOME


def test_signing_in_leads_back_to_where_one_was(client, nora):
    answer = client.post(
        f"{LOGIN}?next=/works/%3Fq%3Dboat", {"login": nora.email, "password": PASSWORD}
    )

    assert answer["Location"] == "/works/?q=boat"


def test_a_session_that_was_left_open_does_not_change_the_address(client, nora):
    client.post(reverse("account_login"), {"login": nora.email, "password": PASSWORD})

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        answer = client.post(
            reverse("account_email"), {"action_add": "", "email": "thief@example.org"}
        )

    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not EmailAddress.objects.filter(email="thief@example.org").exists()
    assert all("thief@example.org" not in letter.to for letter in mail.outbox)


def test_a_change_of_the_address_is_told_to_the_old_one(client, nora, mailed_code):
    client.post(LOGIN, {"login": nora.email, "password": PASSWORD})

    asked = client.post(reverse("account_email"), {"action_add": "", "email": "nora@example.com"})
    client.post(asked["Location"], {"password": PASSWORD})
    assert Artist.objects.get().email == nora.email  # until the new one is proven
    client.post(reverse("account_email_verification_sent"), {"code": mailed_code()})

    assert Artist.objects.get().email == "nora@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        ("nora@example.com", True, True)
    ]
    told = next(letter for letter in mail.outbox if letter.to == [nora.email])
    assert "nora@example.com" in told.body
