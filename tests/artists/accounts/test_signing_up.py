"""Sign-up is closed but for an invitation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.admissions.services import invite
from artists.models import Artist, Invitation, Limit
from tests.artists.terms.texts import publish_text

SIGN_UP = reverse("account_signup")


def test_an_invited_person_signs_up_and_is_signed_in(client, invitation_link, answers, cohort):
    client.post(invitation_link)

    page = client.post(SIGN_UP, answers, follow=True)

    assert page.redirect_chain[-1] == (reverse("home"), 302)
    artist = Artist.objects.get()
    assert (artist.email, artist.credit_name, artist.cohort) == ("new@example.org", "Nora", cohort)
    assert page.context["user"] == artist
    assert artist.redemption.invitation == Invitation.objects.get()
    assert list(artist.limits.values_list("period", "ceiling")) == [("total", 1000)]
    address = EmailAddress.objects.get()
    assert (address.email, address.verified, address.primary) == (artist.email, True, True)


def test_who_signs_up_accepts_the_terms_before_anything_else(client, invitation_link, answers):
    terms = publish_text("# One\n")
    client.post(invitation_link)

    page = client.post(SIGN_UP, answers, follow=True)

    accept = reverse("artists:accept_terms")
    assert page.redirect_chain[-1] == (f"{accept}?next=%2Fhome%2F", 302)
    assert [due["terms"] for due in page.context["owed"]] == [terms]
    assert client.post(reverse("generations:create"), {"prompt": "A boat"}).status_code == 403
    assert client.post(page.redirect_chain[-1][0], {"terms": [terms.pk]})["Location"] == "/home/"
    assert client.get("/home/").status_code == 200


def test_nobody_is_mailed_a_code_for_the_address_that_the_link_went_to(
    client, invitation_link, answers
):
    client.post(invitation_link)

    client.post(SIGN_UP, answers)

    assert not mail.outbox


def test_the_form_shows_the_invited_address_fixed(client, invitation_link):
    client.post(invitation_link)

    field = client.get(SIGN_UP).context["form"]["email"]

    assert (field.value(), field.field.disabled) == ("new@example.org", True)


@pytest.mark.parametrize("query", ["", "?email=other@example.org"])
def test_another_address_that_is_posted_is_ignored(client, invitation_link, answers, query):
    client.post(invitation_link)

    client.post(SIGN_UP + query, answers | {"email": "other@example.org"})

    assert Artist.objects.get().email == "new@example.org"
    assert EmailAddress.objects.get().email == "new@example.org"


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_an_invitation_sign_up_is_closed(client, db, answers, method):
    page = getattr(client, method)(SIGN_UP, answers | {"email": "new@example.org"})

    assert page.templates[0].name == "account/signup_closed.html"
    assert not Artist.objects.exists()


def test_an_invitation_that_expires_meanwhile_closes_the_form(client, invitation_link, answers):
    client.post(invitation_link)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    page = client.post(SIGN_UP, answers)

    assert page.templates[0].name == "account/signup_closed.html"
    assert not Artist.objects.exists()


def test_a_used_invitation_makes_no_second_account(invitation_link, answers):
    first, second = Client(), Client()
    for browser in (first, second):
        browser.post(invitation_link)
    first.post(SIGN_UP, answers)

    page = second.post(SIGN_UP, answers | {"credit_name": "Somebody else"})

    assert page.templates[0].name == "account/signup_closed.html"
    assert Artist.objects.get().credit_name == "Nora"


@pytest.mark.django_db(transaction=True)
def test_four_browsers_with_one_link_make_one_account(invitation_link, answers):
    browsers = [Client(raise_request_exception=False) for _ in range(4)]
    for browser in browsers:
        browser.post(invitation_link)
    together = Barrier(len(browsers))

    def sign_up(browser: Client) -> int:
        try:
            together.wait()
            return browser.post(SIGN_UP, answers).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as threads:
        statuses = sorted(threads.map(sign_up, browsers))

    assert statuses.count(302) == 1
    assert set(statuses) <= {200, 302, 410}  # the form closed, the one who joined, too late
    artist = Artist.objects.get()
    assert artist.redemption.invitation == Invitation.objects.get()
    assert Limit.objects.filter(artist=artist).count() == 1


@pytest.mark.parametrize(
    "name", ["Nora\nBcc: all@example.org", "Nora\r", "No\x1bra", "x" * 81, " "]
)
def test_a_credit_name_is_one_line_of_words(client, invitation_link, answers, name):
    client.post(invitation_link)

    page = client.post(SIGN_UP, answers | {"credit_name": f"A {name} B" if name.strip() else name})

    assert "credit_name" in page.context["form"].errors
    assert not Artist.objects.exists()


def test_a_form_with_a_mistake_leaves_the_invitation_open(client, invitation_link, answers):
    client.post(invitation_link)

    page = client.post(SIGN_UP, answers | {"password1": "short", "password2": "short"})

    assert "password1" in page.context["form"].errors
    assert not Artist.objects.exists()
    assert client.post(SIGN_UP, answers).status_code == 302


def test_who_has_an_account_by_now_is_told_to_sign_in(client, cohort, invitation_link, answers):
    client.post(invitation_link)
    Artist.objects.create_user("new@example.org")

    page = client.post(SIGN_UP, answers)

    assert page.context["form"].errors["email"] == ["You have an account already. Sign in instead."]
    assert Invitation.objects.open().exists()


def test_the_invitation_accepted_last_counts(client, invitation_link, cohort, answers):
    client.post(invitation_link)
    _, secret = invite(email="second@example.org", cohort=cohort, invited_by=None)
    client.post(reverse("artists:invitation", args=[secret]))

    client.post(SIGN_UP, answers)

    assert Artist.objects.get().email == "second@example.org"
