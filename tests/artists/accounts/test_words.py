"""What allauth brings speaks as the rest of the pages do."""

import re

import pytest
from django.urls import reverse

from tests.artists.accounts.conftest import PASSWORD

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
