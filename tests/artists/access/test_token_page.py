"""The page of one's own tokens."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.access.tokens import parse
from artists.models import DeadUse, Limit, Token
from artists.quotas.services import reserve
from tests.second_factor import say_who

PAGE = reverse("artists:tokens")
NEW = {"name": "laptop", "expires_in_days": 7, "scopes": ["videos:read"]}


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
    with time_machine.travel(time.time() + (seconds_later or 0)):
        asked = client.post(PAGE, NEW)
        assert asked["Location"] == f"{reverse('account_reauthenticate')}?next=%2Ftokens%2F"
        wrong = client.post(asked["Location"], {"password": "wrong"})
        assert wrong.context["form"].errors
        assert not Token.objects.exists()

        shown = client.post(asked["Location"], {"password": "correct horse"})

    token = Token.objects.get()
    assert (token.name, token.scopes) == ("laptop", ["videos:read"])
    assert shown.context["secret"] in shown.text
    assert "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize("act", ["token", "rotate_token"])
def test_so_is_who_changes_or_rotates_a_token(client, artist, act):
    token, plaintext = create_token(artist, "laptop")
    client.force_login(artist)
    bounds = {"day": 5, "overlap_hours": 1, "expires_in_days": 7}

    asked = client.post(reverse(f"artists:{act}", args=[token.pk]), bounds)

    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not Limit.objects.filter(token=token).exists()
    assert Token.objects.get().sha256 == parse(plaintext)


def test_nobody_is_asked_before_a_token_is_revoked(client, artist):
    token, _ = create_token(artist, "laptop")
    client.force_login(artist)

    client.post(reverse("artists:revoke_token", args=[token.pk]))

    assert not Token.objects.live().exists()


@pytest.mark.parametrize("sent", [{}, NEW | {"expires_in_days": 0}])
def test_a_token_that_cannot_be_made_is_told_by_its_form(browser, sent):
    answer = browser.post(PAGE, sent)

    assert answer.status_code == 400
    assert "expires_in_days" in answer.context["form"].errors
    assert not Token.objects.exists()


def test_a_new_token_is_shown_once_and_kept_by_no_cache(browser):
    """I11"""
    answer = browser.post(PAGE, NEW)

    plaintext = answer.context["secret"]
    assert (answer.status_code, answer.text.count(plaintext)) == (200, 2)  # alone, and in the curl
    assert "no-store" in answer["Cache-Control"]
    assert plaintext in answer.context["curl_example"]
    assert plaintext not in browser.get(PAGE).text
    assert all(plaintext not in str(session.get_decoded()) for session in Session.objects.all())


def test_the_token_that_is_shown_works(browser, client):
    plaintext = browser.post(PAGE, NEW).context["secret"]

    answer = client.get("/v1/videos", headers={"authorization": f"Bearer {plaintext}"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 81),
        ("expires_in_days", 0),
        ("expires_in_days", 366),
        ("scopes", []),
        ("scopes", ["all"]),
    ],
)
def test_a_mistake_is_told_by_its_field(browser, field, value):
    answer = browser.post(PAGE, NEW | {field: value})

    assert field in answer.context["form"].errors
    assert not Token.objects.exists()


def test_the_page_lists_ones_own_tokens_alone(browser, artist, other_artist):
    mine, _ = create_token(artist, "laptop")
    create_token(other_artist, "secret plan")

    page = browser.get(PAGE)

    assert page.context["live"] == [mine]
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


def test_a_token_is_made_within_bounds_and_its_page_shows_them(browser, artist):
    bounds = LIMITS | {"requests_per_minute": "60", "networks": "203.0.113.9\n2001:db8::/32"}
    browser.post(PAGE, NEW | bounds)

    token = Token.objects.get()
    reserve(artist=artist, amount=12, token=token)
    page = browser.get(address_of(token)).text
    assert {one.period: one.ceiling for one in token.limits.all()} == {"day": 30, "total": 200}
    assert (token.scopes, token.networks) == (["videos:read"], ["203.0.113.9/32", "2001:db8::/32"])
    assert "12 held of 30 credits" in page
    assert "12 held of 200 credits" in page
    assert "<code>203.0.113.9/32</code>, <code>2001:db8::/32</code>" in page
    assert "60 a minute" in page
    assert "See and download your videos" in page


def test_a_token_without_limits_says_so(browser, artist):
    token, _ = create_token(artist, "laptop")

    assert (
        "No limits of its own: it may spend whatever you may."
        in browser.get(address_of(token)).text
    )


def test_a_tokens_bounds_are_changed_on_its_page(browser, artist):
    token, _ = create_token(
        artist, "laptop", ceilings={Limit.Period.DAY: 30}, networks=["192.0.2.0/24"]
    )
    address = address_of(token)
    assert "192.0.2.0/24" in browser.get(address).text

    answer = browser.post(address, LIMITS | {"day": "", "networks": "", "requests_per_minute": 5})

    assert answer["Location"] == address
    token.refresh_from_db()
    standing = token.limits.filter(ended_at=None)
    assert [(one.period, one.ceiling) for one in standing] == [("total", 200)]
    assert (token.networks, token.requests_per_minute) == ([], 5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("day", value) for value in ("-1", "1.5", "many", "99999999999")),
        *(("requests_per_minute", value) for value in ("0", "-1", "100001", "fast")),
        *(("networks", value) for value in ("home", "1.2.3.4/33", "1.2.3.4/", "::1%eth0/64", "/8")),
        ("networks", "<script>alert(1)</script>"),
        ("networks", "10.0.0.1\n" * 21),
        ("networks", "1" * 2001),
        ("networks", "10.0.0.\x00"),
    ],
)
def test_bounds_that_do_not_fit_are_told_by_their_field(browser, artist, field, value):
    token, _ = create_token(artist, "laptop")

    changed = browser.post(address_of(token), LIMITS | {field: value})
    made = browser.post(PAGE, NEW | LIMITS | {field: value})

    assert changed.status_code == 400
    assert field in changed.context["form"].errors
    assert field in made.context["form"].errors
    assert '<details class="more" open>' in made.text
    assert "<script>alert" not in changed.text
    assert not token.limits.exists()
    assert Token.objects.get().networks == []


def test_anothers_token_is_not_there(browser, other_artist):
    """I7"""
    theirs, _ = create_token(other_artist, "laptop")

    assert browser.get(address_of(theirs)).status_code == 404
    assert browser.post(address_of(theirs), LIMITS).status_code == 404
    assert browser.post(rotation_of(theirs), ROTATE).status_code == 404
    assert not Limit.objects.filter(token__isnull=False).exists()


def test_a_dead_token_is_shown_and_not_changed(browser, artist):
    dead, _ = create_token(artist, "old")
    revoke(dead, by=artist)

    page = browser.get(address_of(dead))
    assert (page.status_code, "Its bounds" in page.text) == (200, False)
    assert browser.post(address_of(dead), LIMITS).status_code == 409
    assert browser.post(rotation_of(dead), ROTATE).status_code == 409
    assert not Limit.objects.filter(token__isnull=False).exists()


def test_a_new_secret_is_shown_once(browser, client, artist):
    """I11"""
    token, before = create_token(artist, "laptop")

    answer = browser.post(rotation_of(token), ROTATE)

    plaintext = answer.context["secret"]
    assert answer.text.count(plaintext) == 1
    assert "no-store" in answer["Cache-Control"]
    page = browser.get(address_of(token)).text
    assert plaintext not in page
    assert f"…{before[-4:]}" in page  # which is good for an hour yet
    for secret in (plaintext, before):
        headers = {"authorization": f"Bearer {secret}"}
        assert client.get("/v1/videos", headers=headers).status_code == 200


@pytest.mark.parametrize(("field", "value"), [("overlap_hours", 2), ("expires_in_days", 366)])
def test_a_rotation_that_does_not_fit_changes_nothing(browser, artist, field, value):
    token, before = create_token(artist, "laptop")

    answer = browser.post(rotation_of(token), ROTATE | {field: value})

    assert answer.status_code == 400
    assert field in answer.context["rotate_form"].errors
    assert Token.objects.get().sha256 == parse(before)


def test_the_pages_take_the_same_queries_however_many_tokens_there_are(
    browser, artist, django_assert_num_queries
):
    def fill(times):
        for number in range(times):
            token, _ = create_token(
                artist, f"laptop {number}", ceilings={Limit.Period.DAY: 30, Limit.Period.TOTAL: 50}
            )
            for hour in range(3):
                DeadUse.objects.create(
                    token=token,
                    hour=timezone.now() - timedelta(hours=hour),
                    why=DeadUse.Why.EXPIRED,
                    network="192.0.2.1",
                    last_at=timezone.now(),
                )
        return token

    token = fill(1)
    browser.get(PAGE)
    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(10) as few:
        browser.get(address_of(token))
    token = fill(6)

    with django_assert_num_queries(6):
        browser.get(PAGE)
    with django_assert_num_queries(len(few)):
        browser.get(address_of(token))


ROTATE = {"overlap_hours": 1, "expires_in_days": 30}


def address_of(token: Token) -> str:
    return reverse("artists:token", args=[token.pk])


def rotation_of(token: Token) -> str:
    return reverse("artists:rotate_token", args=[token.pk])
