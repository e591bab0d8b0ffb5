"""Reviewers and managers act with a second factor alone, from the next request on (I8)."""

import html
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from artists.roles.services import MANAGER, set_roles
from tests.second_factor import code_now, give_app, show_factors

QUEUE = reverse("generations:queue")
QUOTAS = reverse("artists:quotas", args=["programme"])
ADMINISTRATION = reverse("admin:index")
SET_UP = reverse("mfa_index")
SHOW = reverse("mfa_reauthenticate")
PASSWORD = "correct horse"


@pytest.fixture
def boss(manager):
    set_roles(manager, {MANAGER}, by=None)
    return manager


@pytest.fixture
def without_showing(boss) -> Client:
    """A session of a manager that has shown no second factor."""
    browser = Client()
    browser.force_login(boss)
    return browser


@pytest.mark.parametrize("page", [QUEUE, QUOTAS, ADMINISTRATION])
def test_who_has_none_is_led_to_setting_one_up(without_showing, page):
    Authenticator.objects.all().delete()

    answer = without_showing.get(page, follow=True)

    assert answer.status_code == 403
    assert f'href="{SET_UP}"' in answer.text
    assert "second_factor_needed" in answer.text


@pytest.mark.parametrize("page", [QUEUE, QUOTAS, ADMINISTRATION])
def test_who_did_not_show_theirs_shows_it_and_goes_on(without_showing, page):
    refused = without_showing.get(page, follow=True)
    assert refused.status_code == 403
    way_on = re.search(r'href="([^"]+)">Show your second factor', refused.text)
    assert way_on
    asked = without_showing.get(html.unescape(way_on[1]))
    assert asked["Location"].startswith(SHOW)

    shown = without_showing.post(asked["Location"], {"code": code_now()}, follow=True)

    assert (shown.status_code, shown.request["PATH_INFO"]) == (200, page)


@pytest.mark.parametrize("page", [QUEUE, QUOTAS, ADMINISTRATION])
def test_a_factor_that_is_removed_counts_for_no_session_any_more(client, boss, page):
    client.force_login(boss)
    assert client.get(page).status_code == 200

    Authenticator.objects.filter(user=boss).delete()
    assert client.get(page, follow=True).status_code == 403

    give_app(boss)  # a new one that this session has not shown
    assert client.get(page, follow=True).status_code == 403


@pytest.mark.parametrize(("page", "status"), [(QUEUE, 404), (QUOTAS, 404), (ADMINISTRATION, 403)])
def test_a_role_that_is_taken_away_opens_nothing_from_the_next_request_on(
    client, boss, page, status
):
    client.force_login(boss)
    assert client.get(page).status_code == 200

    set_roles(boss, set(), by=None)

    assert client.get(page, follow=True).status_code == status


def test_no_post_acts_without_it(without_showing, manager):
    answer = without_showing.post(
        reverse("artists:set_ceiling", args=["programme"]),
        {"period": "day", "unit": "credits", "amount": 1, "reason": "Mine"},
    )

    assert answer.status_code == 403


def test_another_person_in_the_same_browser_has_shown_nothing(client, boss, reviewer):
    client.force_login(reviewer)
    session = client.session
    session["_auth_user_id"] = str(boss.pk)
    session["_auth_user_hash"] = boss.get_session_auth_hash()
    session.save()

    assert client.get(QUOTAS).status_code == 403


def test_the_records_of_another_persons_factor_count_for_nothing(client, boss, reviewer):
    """A session cannot be written by its person; should it be, the factor must be theirs."""
    client.force_login(boss)
    show_factors(client, boss)
    Authenticator.objects.filter(user=boss).update(
        user=reviewer.__class__.objects.create_user("x@example.org")
    )

    assert client.get(QUOTAS).status_code == 403


def test_artists_need_none(client, artist):
    client.force_login(artist)

    assert client.get(reverse("home")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_counts_as_showing_it(without_showing):
    Authenticator.objects.all().delete()
    set_up = reverse("mfa_activate_totp")
    asked = without_showing.get(set_up)
    page = without_showing.post(asked["Location"], {"password": PASSWORD}, follow=True)
    key = page.context["form"].secret

    done = without_showing.post(set_up, {"code": code_now(key)})

    assert done["Location"] == reverse("mfa_view_recovery_codes")
    assert without_showing.get(QUOTAS).status_code == 200


def test_a_demos_waiver_counts_in_a_demo_alone(without_showing, settings):
    session = without_showing.session
    session["second_factor_waived"] = True
    session.save()
    assert without_showing.get(QUOTAS).status_code == 403

    settings.DEMO = True

    assert without_showing.get(QUOTAS).status_code == 200
