"""Where somebody is signed in, and ending it."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.accounts.sessions import say_browser
from artists.tasks import tidy_sessions

PAGE = reverse("artists:sessions")
END_OTHERS = reverse("artists:end_other_sessions")
LOGIN = reverse("account_login")
HOME = reverse("home")
PASSWORD = "correct horse"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def ada(artist):
    EmailAddress.objects.create(user=artist, email=artist.email, verified=True, primary=True)
    return artist


@pytest.fixture
def browsers(ada) -> tuple[Client, Client]:
    """Two browsers in which Ada signed in: Firefox on Windows, Safari on an iPhone."""
    both = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": PHONE})
    for browser in both:
        browser.post(LOGIN, {"login": ada.email, "password": PASSWORD})
    return both


def is_in(browser: Client) -> bool:
    return browser.get(HOME).status_code == 200


def session_of(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


def test_the_page_lists_each_browser_and_says_which_one_asks(browsers):
    shown = browsers[0].get(PAGE).context["places"]

    assert {(place.browser, place.is_this) for place in shown} == {
        ("Firefox on Windows", True),
        ("Safari on an iPhone", False),
    }


def test_ending_one_holds_from_its_next_request_on(browsers):
    """I8"""
    here, there = browsers

    here.post(reverse("artists:end_session", args=[session_of(there).pk]))

    assert (is_in(here), is_in(there)) == (True, False)
    assert len(here.get(PAGE).context["places"]) == 1


def test_ending_the_others_leaves_this_one(browsers):
    here, there = browsers

    here.post(END_OTHERS)

    assert (is_in(here), is_in(there)) == (True, False)


def test_whoever_ends_the_session_that_asks_is_signed_out(browsers):
    here, there = browsers

    answer = here.post(reverse("artists:end_session", args=[session_of(here).pk]))

    assert answer["Location"] == reverse("front")
    assert (is_in(here), is_in(there)) == (False, True)


def test_nobody_ends_anothers_session(browsers, client, other_artist):
    client.force_login(other_artist)

    answer = client.post(reverse("artists:end_session", args=[session_of(browsers[0]).pk]))
    client.post(END_OTHERS)

    assert answer.status_code == 404
    assert is_in(browsers[0])


def test_a_new_password_ends_the_other_sessions(browsers):
    here, there = browsers
    new = "a boat of paper 7"

    asked = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert asked.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert len(here.get(PAGE).context["places"]) == 1


def test_sessions_that_have_run_out_are_not_shown(browsers):
    here, there = browsers
    Session.objects.filter(pk=there.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    assert len(here.get(PAGE).context["places"]) == 1


def test_when_a_session_was_last_used_is_noted_every_five_minutes_at_most(browsers):
    here, _ = browsers
    signed_in_at = session_of(here).last_seen_at
    here.get(HOME)
    assert session_of(here).last_seen_at == signed_in_at

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        cache.clear()  # Redis goes by a clock of its own
        here.get(HOME, REMOTE_ADDR="192.0.2.7")
        noted = session_of(here)

    assert noted.last_seen_at > signed_in_at + timedelta(minutes=5)
    assert noted.ip == "192.0.2.7"


def test_a_hundred_sessions_take_as_many_queries_as_one(browsers, ada, django_assert_num_queries):
    here, there = browsers
    there.post(reverse("account_logout"))
    with CaptureQueriesContext(connection) as with_one:
        here.get(PAGE)
    tomorrow = timezone.now() + timedelta(days=1)
    for number in range(100):
        session = Session.objects.create(pk=f"session-{number}", expire_date=tomorrow)
        UserSession.objects.create(user=ada, ip="192.0.2.1", session_key=session.pk)

    with django_assert_num_queries(len(with_one)):
        page = here.get(PAGE)

    assert len(page.context["places"]) == 50


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on an iPhone"),
        (
            FIREFOX.replace("Firefox", "Chrome").replace("Windows NT", "X11; CrOS"),
            "Chrome on a Chromebook",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36 EdgA/140.0",
            "Edge on Android",
        ),
        ("", "A browser"),
        ("<script>", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent, said):
    assert say_browser(user_agent) == said


def test_a_session_that_is_over_is_forgotten_and_from_where_it_was_used(browsers, ada):
    over, alive = (browser.session.session_key for browser in browsers)
    ended = UserSession.objects.create(user=ada, ip="192.0.2.1", session_key="signed out long ago")
    Session.objects.filter(pk=over).update(expire_date=timezone.now())

    tidy_sessions()

    assert Session.objects.get().pk == alive
    assert UserSession.objects.get().session_key == alive
    assert not UserSession.objects.filter(pk=ended.pk).exists()
    assert is_in(browsers[1])


def test_they_are_forgotten_by_the_schedule(settings):
    entries = settings.CELERY_BEAT_SCHEDULE.values()

    assert "artists.tasks.tidy_sessions" in {entry["task"] for entry in entries}
