"""The page of one's own tokens."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from artists.access.services import create_token
from artists.models import Token

PAGE = reverse("artists:tokens")


@pytest.fixture
def browser(client, artist):
    client.force_login(artist)
    return client


def test_a_new_token_is_shown_once_and_kept_by_no_cache(browser):
    """I11"""
    answer = browser.post(PAGE, {"name": "laptop", "expires_in_days": 7})

    plaintext = answer.context["new_token"]
    assert (answer.status_code, answer.text.count(plaintext)) == (200, 2)  # alone, and in the curl
    assert "no-store" in answer["Cache-Control"]
    assert plaintext in answer.context["curl_example"]
    assert plaintext not in browser.get(PAGE).text
    assert all(plaintext not in str(session.get_decoded()) for session in Session.objects.all())


def test_the_token_that_is_shown_works(browser, client):
    plaintext = browser.post(PAGE, {"name": "laptop", "expires_in_days": 7}).context["new_token"]

    answer = client.get("/v1/videos", headers={"authorization": f"Bearer {plaintext}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 81), ("expires_in_days", 0), ("expires_in_days", 366)],
)
def test_a_mistake_is_told_by_its_field(browser, field, value):
    answer = browser.post(PAGE, {"name": "laptop", "expires_in_days": 30} | {field: value})

    assert field in answer.context["form"].errors
    assert not Token.objects.exists()


def test_the_page_lists_ones_own_tokens_alone(browser, artist, other_artist):
    mine, _ = create_token(artist, "laptop")
    create_token(other_artist, "secret plan")

    page = browser.get(PAGE)

    assert [row["token"] for row in page.context["rows"]] == [mine]
    assert "secret plan" not in page.text


def test_a_token_is_revoked_by_its_owner(browser, artist):
    token, _ = create_token(artist, "laptop")

    answer = browser.post(reverse("artists:revoke_token", args=[token.pk]))

    assert answer["Location"] == PAGE
    token.refresh_from_db()
    assert token.revoked_at


def test_another_persons_token_is_not_found(browser, other_artist):
    """I7"""
    token, _ = create_token(other_artist, "laptop")

    answer = browser.post(reverse("artists:revoke_token", args=[token.pk]))

    assert answer.status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_visitor_is_sent_to_sign_in(client, db):
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))
