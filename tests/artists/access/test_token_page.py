"""The page of one's own tokens."""

import time

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse

from artists.access.services import create_token, revoke
from artists.models import Limit, Token
from artists.quotas.services import reserve
from tests.second_factor import say_who

PAGE = reverse("artists:tokens")


@pytest.fixture
def browser(client, artist):
    client.force_login(artist)
    say_who(client, artist)
    return client


@pytest.mark.parametrize("seconds_later", [None, 301])
def test_who_has_not_just_said_who_they_are_is_asked_before_a_token_is_made(
    client, artist, seconds_later
):
    client.force_login(artist)
    if seconds_later:
        say_who(client, artist)
    answers = {"name": "laptop", "expires_in_days": 7}

    with time_machine.travel(time.time() + (seconds_later or 0)):
        asked = client.post(PAGE, answers)
        assert asked["Location"] == f"{reverse('account_reauthenticate')}?next=%2Ftokens%2F"
        wrong = client.post(asked["Location"], {"password": "wrong"})
        assert wrong.context["form"].errors
        assert not Token.objects.exists()

        shown = client.post(asked["Location"], {"password": "correct horse"})

    assert Token.objects.get().name == "laptop"
    assert shown.context["new_token"] in shown.text
    assert "no-store" in shown["Cache-Control"]


def test_so_is_who_changes_what_a_token_may_spend(client, artist):
    token, _ = create_token(artist, "laptop")
    client.force_login(artist)

    asked = client.post(reverse("artists:set_token_limits", args=[token.pk]), {"day": 5})

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Limit.objects.filter(token=token).exists()


def test_nobody_is_asked_before_a_token_is_revoked(client, artist):
    token, _ = create_token(artist, "laptop")
    client.force_login(artist)

    client.post(reverse("artists:revoke_token", args=[token.pk]))

    assert not Token.objects.live().exists()


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


LIMITS = {"day": "30", "month": "", "total": "200"}


def test_a_token_is_made_with_limits_of_its_own_and_shows_them_as_meters(browser, artist):
    browser.post(PAGE, {"name": "laptop", "expires_in_days": 7} | LIMITS)

    token = Token.objects.get()
    reserve(artist=artist, amount=12, token=token)
    page = browser.get(PAGE)
    assert {one.period: one.ceiling for one in token.limits.all()} == {"day": 30, "total": 200}
    assert "12 held of 30 credits" in page.text
    assert "12 held of 200 credits" in page.text
    assert "12 held of 1000 credits" in page.text  # one's own, on which every token draws


def test_a_token_without_limits_says_so(browser, artist):
    create_token(artist, "laptop")

    assert "No limits of its own: it may spend whatever you may." in browser.get(PAGE).text


def test_a_tokens_limits_are_changed_on_the_page(browser, artist):
    token, _ = create_token(artist, "laptop", ceilings={Limit.Period.DAY: 30})
    address = reverse("artists:set_token_limits", args=[token.pk])

    assert browser.post(address, LIMITS | {"day": ""})["Location"] == PAGE

    standing = token.limits.filter(ended_at=None)
    assert [(one.period, one.ceiling) for one in standing] == [("total", 200)]


@pytest.mark.parametrize("day", ["-1", "1.5", "many", "99999999999"])
def test_a_limit_that_does_not_fit_is_told_at_its_token(browser, artist, day):
    token, _ = create_token(artist, "laptop")

    answer = browser.post(
        reverse("artists:set_token_limits", args=[token.pk]), LIMITS | {"day": day}
    )

    assert answer.status_code == 400
    assert answer.context["rows"][0]["form"].errors
    assert not token.limits.exists()


def test_the_limits_of_anothers_token_or_of_a_dead_one_are_not_set(browser, artist, other_artist):
    """I7"""
    theirs, _ = create_token(other_artist, "laptop")
    dead, _ = create_token(artist, "old")
    revoke(dead, by=artist)

    for token in (theirs, dead):
        answer = browser.post(reverse("artists:set_token_limits", args=[token.pk]), LIMITS)
        assert answer.status_code == 404
    assert not Limit.objects.filter(token__isnull=False).exists()


def test_the_page_takes_the_same_queries_however_many_tokens_there_are(
    browser, artist, django_assert_num_queries
):
    create_token(artist, "laptop", ceilings={Limit.Period.DAY: 30})
    reserve(artist=artist, amount=1)
    browser.get(PAGE)
    with django_assert_num_queries(10) as few:
        browser.get(PAGE)
    for number in range(6):
        create_token(
            artist, f"laptop {number}", ceilings={Limit.Period.DAY: 30, Limit.Period.TOTAL: 50}
        )

    with django_assert_num_queries(len(few)):
        browser.get(PAGE)
