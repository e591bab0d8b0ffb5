"""What allauth brings speaks as the rest of the pages do."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from artists.accounts.adapter import InvitedOnlyAdapter
from artists.accounts.factors import FactorAdapter
from tests.artists.accounts.conftest import PASSWORD

SHOWN = ["duplicate_email", "email_taken", "max_email_addresses", "unverified_email"]
SHOWN += ["email_password_mismatch", "unverified_primary_email"]
FOREIGN = re.compile(r"[^-]\bEmail\b|Remember Me|Confirm Access|Bad Token|Re-send|placeholder=")


@pytest.mark.parametrize(
    "name", ["account_login", "account_request_login_code", "account_reset_password"]
)
def test_pages_for_who_is_not_signed_in_speak_our_words(client, db, name):
    assert not FOREIGN.search(client.get(reverse(name)).text)


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_reauthenticate"]
)
def test_pages_for_who_is_signed_in_speak_our_words(client, artist, name):
    client.force_login(artist)

    assert not FOREIGN.search(client.get(reverse(name)).text)


def test_the_page_for_a_code_says_where_it_went_and_what_it_does(client, artist):
    page = client.post(reverse("account_request_login_code"), {"email": artist.email}, follow=True)

    assert f"We sent a code to <strong>{artist.email}</strong>" in page.text
    assert re.search(r"<button[^>]*>Sign in</button>", page.text)
    assert not FOREIGN.search(page.text)


def test_a_new_password_is_asked_twice_and_told_by_mail(
    client, invitation_link, answers, mailoutbox
):
    client.post(invitation_link)
    client.post(reverse("account_signup"), answers)
    new = "a boat of wood 8"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (
        ["new@example.org"],
        "Greenroom: Your password was changed",
    )
    assert "The password of your account was changed." in letter.body


def test_an_address_that_one_has_is_refused_in_our_words(client, artist):
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    client.force_login(artist)

    page = client.post(reverse("account_email"), {"email": artist.email, "action_add": ""})

    assert "This e-mail address is yours already." in page.text


def test_no_message_says_email_without_its_hyphen():
    said = InvitedOnlyAdapter.error_messages | FactorAdapter.error_messages

    assert [key for key in SHOWN if re.search(r"\bemail\b", str(said[key]))] == []
