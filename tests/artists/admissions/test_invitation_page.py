"""What the link of an invitation shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.admissions.services import invite
from artists.models import Artist, Cohort, Invitation


@pytest.fixture
def link(cohort: Cohort) -> str:
    _, secret = invite(email="new@example.org", cohort=cohort, invited_by=None)
    return reverse("artists:invitation", args=[secret])


def test_an_open_invitation_shows_whom_it_is_for_and_is_kept_nowhere(client, link):
    page = client.get(link)

    assert page.status_code == 200
    assert "new@example.org" in page.text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_the_page_loads_and_leads_to_does_not_hear_its_address(client, link, method):
    assert getattr(client, method)(link)["Referrer-Policy"] == "strict-origin"


def test_opening_the_link_uses_nothing_up(client, link):
    client.get(link)
    client.post(link)

    assert Invitation.objects.open().count() == 1


def test_accepting_leads_to_the_sign_up_form(client, link):
    answer = client.post(link)

    assert (answer.status_code, answer["Location"]) == (302, reverse("account_signup"))


def test_an_unknown_link_is_not_found(client, db):
    assert client.get(reverse("artists:invitation", args=["x" * 32])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_expired_link_is_gone(client, link, method):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert getattr(client, method)(link).status_code == 410


def test_a_used_link_is_gone(client, link):
    artist = Artist.objects.create_user("new@example.org")
    Invitation.objects.redeem(Invitation.objects.get().pk, artist.pk)

    assert client.get(link).status_code == 410


def test_who_is_signed_in_is_told_to_sign_out_first(client, link, artist):
    client.force_login(artist)

    page = client.post(link)

    assert "You are signed in as Ada" in page.text
    assert "Sign out and open it again" in page.text
    assert Invitation.objects.open().count() == 1


def test_whose_account_it_made_is_told_so(client, link):
    client.force_login(Artist.objects.create_user("New@example.org", credit_name="Nia"))

    assert "You have your account already" in client.get(link).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uses": 1}, "This invitation was used"),
        ({"revoked_at": timezone.now()}, "This invitation was taken back"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This invitation has expired"),
    ],
)
def test_each_way_in_which_a_link_ends_has_its_own_words(client, link, change, words):
    Invitation.objects.update(**change)

    page = client.get(link)

    assert (page.status_code, words in page.text) == (410, True)


def test_accepting_needs_the_form_of_the_page(link):
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
