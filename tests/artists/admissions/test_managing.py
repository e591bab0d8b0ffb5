"""The managers' page of invitations: invite, resend, revoke, find, page, export; and open links."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.admissions.managing import PAGE_SIZE
from artists.admissions.services import invite
from artists.letters.facts import invitation_link
from artists.letters.sending import send_letter
from artists.models import Artist, Cohort, Invitation, Letter
from portal.audit import Event

LIST = reverse("artists:invitations")
SIGN_UP = reverse("account_signup")


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def invitation(cohort: Cohort, manager: Artist) -> Invitation:
    return invite(email="new@example.org", cohort=cohort, invited_by=manager)[0]


def form(into: Cohort, **changed: object) -> dict[str, object]:
    given = {"email": "new@example.org", "cohort": into.pk, "expires_in_days": 7, "max_uses": 1}
    return {f"one-{name}": value for name, value in (given | changed).items()}


def test_a_manager_invites_one(browser, cohort, manager):
    page = browser.post(LIST, form(cohort), follow=True)

    invitation = Invitation.objects.get()
    assert (invitation.invited_by, invitation.max_uses) == (manager, 1)
    assert timedelta(days=6) < invitation.expires_at - timezone.now() < timedelta(days=8)
    assert "new@example.org" in page.text
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "mona@example.org"),
        ("email", "x" * 250 + "@example.org"),
        ("cohort", "999"),
        ("expires_in_days", "0"),
        ("expires_in_days", "366"),
        ("max_uses", "0"),
        ("max_uses", "2"),
        ("max_uses", "101"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(browser, cohort, field, value):
    page = browser.post(LIST, form(cohort, **{field: value}))

    assert page.status_code == 400
    assert list(page.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


def test_a_full_cohort_invites_nobody_else(browser, cohort):
    Cohort.objects.update(places=2)
    invite(email="first@example.org", cohort=cohort, invited_by=None)

    page = browser.post(LIST, form(cohort))

    assert "All places of this cohort are taken" in page.text
    assert Invitation.objects.count() == 1


def test_a_link_to_hand_on_is_shown_once_and_works_as_often_as_it_says(browser, cohort):
    page = browser.post(LIST, form(cohort, email="", max_uses=2))
    found = re.search(r"/invitations/[\w-]{43}/", page.text)
    assert found
    assert found[0] not in browser.get(LIST).text
    assert not Letter.objects.exists()

    for number in range(3):
        visitor = Client()
        visitor.post(found[0])
        visitor.post(
            SIGN_UP,
            {
                "email": f"n{number}@example.org",
                "credit_name": "Nora",
                "password1": "a boat of paper 7",
                "password2": "a boat of paper 7",
            },
        )

    invitation = Invitation.objects.get()
    assert (invitation.uses, invitation.state) == (2, "used")
    came = [use.artist.email for use in invitation.redemptions.order_by("pk")]
    assert came == ["n0@example.org", "n1@example.org"]
    assert "All of its places are taken" in Client().get(found[0]).text


def test_an_address_given_with_an_open_link_has_to_be_proven(client, cohort):
    _, secret = invite(email="", cohort=cohort, invited_by=None, max_uses=5)
    client.post(reverse("artists:invitation", args=[secret]))
    answers = {"credit_name": "Nora", "password1": "a boat of paper 7"}

    answer = client.post(
        SIGN_UP, answers | {"email": "nia@example.org", "password2": "a boat of paper 7"}
    )

    assert answer["Location"] == reverse("account_email_verification_sent")
    assert mail.outbox[0].to == ["nia@example.org"]
    assert "_auth_user_id" not in client.session


def test_an_open_link_does_not_tell_whose_address_is_known(client, cohort, artist):
    _, secret = invite(email="", cohort=cohort, invited_by=None, max_uses=5)
    answers = {"credit_name": "Nora", "password1": "a boat of paper 7"}
    seen = []
    for email in ("ada@example.org", "unknown@example.org"):
        browser = Client()
        browser.post(reverse("artists:invitation", args=[secret]))
        answer = browser.post(SIGN_UP, answers | {"email": email, "password2": "a boat of paper 7"})
        seen.append((answer.status_code, answer["Location"]))

    assert seen[0] == seen[1]
    assert Artist.objects.count() == 2


def test_sent_again_the_new_link_works_and_the_old_one_does_not(browser, invitation):
    old = invitation_link(invitation).partition("8000")[2]
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    browser.post(reverse("artists:resend_invitation", args=[invitation.pk]))

    invitation.refresh_from_db()
    send_letter(Letter.objects.latest("pk").pk)
    assert invitation.is_open
    assert invitation_link(invitation) in mail.outbox[0].body
    visitor = Client()
    assert visitor.get(invitation_link(invitation).partition("8000")[2]).status_code == 200
    assert visitor.get(old).status_code == 404
    assert Event.objects.latest().verb == "invitation.resent"


@pytest.mark.parametrize("change", [{"uses": 1}, {"email": ""}])
def test_what_cannot_be_sent_again_says_so(browser, invitation, change):
    Invitation.objects.update(**change)

    answer = browser.post(reverse("artists:resend_invitation", args=[invitation.pk]))

    assert answer.status_code == 409


def test_a_revoked_link_does_not_work_from_the_next_click_on(browser, invitation):
    path = invitation_link(invitation).partition("8000")[2]
    visitor = Client()
    visitor.post(path)

    browser.post(reverse("artists:revoke_invitation", args=[invitation.pk]))

    assert visitor.get(path).status_code == 410
    assert visitor.get(SIGN_UP).templates[0].name == "account/signup_closed.html"
    assert (
        browser.post(reverse("artists:revoke_invitation", args=[invitation.pk])).status_code == 409
    )
    assert Event.objects.latest().verb == "invitation.revoked"


def test_filters_find_what_they_say(browser, cohort, make_artist):
    made = {
        state: invite(email=f"{state}@example.org", cohort=cohort, invited_by=None)[0]
        for state in ("open", "used", "expired", "revoked")
    }
    past = timezone.now() - timedelta(days=1)
    Invitation.objects.filter(pk=made["used"].pk).update(uses=1)
    Invitation.objects.filter(pk=made["expired"].pk).update(expires_at=past)
    Invitation.objects.filter(pk=made["revoked"].pk).update(revoked_at=past)

    for state, one in made.items():
        found = browser.get(LIST, {"state": state}).context["page"]
        assert [(row.pk, row.state) for row in found] == [(one.pk, state)]
    assert len(browser.get(LIST, {"q": "used@"}).context["page"]) == 1
    assert len(browser.get(LIST, {"state": "x", "cohort": "y", "after": "é"}).context["page"]) == 4


def test_pages_follow_one_another_with_the_same_queries(
    browser, cohort, make_artist, django_assert_max_num_queries
):
    for number in range(PAGE_SIZE + 3):
        invite(email=f"n{number}@example.org", cohort=cohort, invited_by=None)
    for number in range(3):
        Invitation.objects.redeem(
            Invitation.objects.order_by("-pk")[number].pk, make_artist(f"R{number}").pk
        )

    with django_assert_max_num_queries(11):
        first = browser.get(LIST)
    second = browser.get(LIST, {"after": first.context["next_cursor"]})

    assert len(first.context["page"]) == PAGE_SIZE
    assert len(second.context["page"]) == 3
    assert second.context["next_cursor"] == ""


def test_the_export_says_who_invited_whom_and_holds_no_formula(browser, cohort, manager):
    cohort.name = "=1+1"
    cohort.save()
    invitation, _ = invite(email="+49@example.org", cohort=cohort, invited_by=manager)
    joined = Artist.objects.create_user("nia@example.org")
    Invitation.objects.redeem(invitation.pk, joined.pk)

    content = browser.get(reverse("artists:export_invitations")).getvalue().decode("utf-8-sig")

    headings, row = csv.reader(io.StringIO(content))
    told = dict(zip(headings, row, strict=True))
    assert (told["email"], told["cohort"]) == ("'+49@example.org", "'=1+1")
    assert (told["invited by"], told["joined"]) == ("mona@example.org", "nia@example.org")


def test_a_copy_of_the_rows_opens_no_link(invitation, settings):
    """The secret is made of the site's key too."""
    link = invitation_link(invitation)

    settings.SECRET_KEY = "another site's"

    assert invitation_link(invitation) != link
