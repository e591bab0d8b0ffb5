"""Somebody who lost phone and recovery codes is let in again by a manager, and not by stealth."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from artists.access.errors import MoreThanOwn
from artists.access.services import create_token
from artists.accounts.errors import NoFactors, OwnFactors
from artists.accounts.resetting import reset_factors
from artists.letters.sending import send_letter
from artists.models import Artist, Letter
from artists.roles.services import MANAGER, REVIEWER, set_permissions
from portal.audit import Event
from tests.second_factor import code_now, give_app, say_who

REASON = {"reason": "You called us, and we know your voice."}
QUEUE = reverse("generations:queue")


def page_of(person: Artist) -> str:
    return reverse("artists:reset_factors", args=[person.pk])


def kinds(person: Artist) -> set[str]:
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


@pytest.fixture
def locked_out(reviewer):
    RecoveryCodes.activate(reviewer)
    return reviewer


@pytest.fixture
def browser(client, manager):
    client.force_login(manager)
    say_who(client, manager)
    return client


def test_all_factors_go_and_every_session_ends_at_once(browser, manager, locked_out):
    """I8, I10"""
    elsewhere = Client()
    elsewhere.force_login(locked_out)
    shown = browser.get(page_of(locked_out)).text
    assert "an authenticator app, recovery codes" in shown

    answer = browser.post(page_of(locked_out), REASON, follow=True)

    assert "is signed out, and told by mail" in answer.text
    assert kinds(locked_out) == set()
    assert elsewhere.get(reverse("home")).status_code == 302
    assert browser.get(reverse("home")).status_code == 200
    event = Event.objects.get(verb="factors.reset")
    assert (event.actor_id, event.subject_id) == (manager.pk, str(locked_out.pk))
    assert event.facts == {"before": {"totp": 1, "recovery_codes": 1}, "after": {}}
    assert REASON["reason"] in browser.get(page_of(locked_out)).text


def test_tokens_stay_for_they_are_keys_of_their_own(browser, locked_out):
    _, secret = create_token(locked_out, "laptop")
    assert "Their API tokens and programs" in browser.get(page_of(locked_out)).text

    browser.post(page_of(locked_out), REASON)

    answer = Client().get("/v1/models", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def test_the_person_is_told_why_and_whom_to_ask(browser, manager, locked_out):
    browser.post(page_of(locked_out), REASON)
    send_letter(Letter.objects.get().pk)

    (letter,) = mail.outbox
    assert (letter.to, letter.reply_to) == ([locked_out.email], [manager.email])
    for words in (REASON["reason"], f"Mona ({manager.email})", reverse("mfa_index")):
        assert words in letter.body


def test_the_role_acts_again_once_a_new_factor_is_there(browser, locked_out):
    """For a manager whose factors another manager removed it is the same rule."""
    browser.post(page_of(locked_out), REASON)
    back = Client()
    back.force_login(locked_out)

    refused = back.get(QUEUE)
    assert (refused.status_code, "Set up a second factor" in refused.text) == (403, True)
    give_app(locked_out)
    say_who(back, locked_out)
    back.post(reverse("mfa_reauthenticate"), {"code": code_now()})

    assert back.get(QUEUE).status_code == 200


def test_a_manager_resets_another_who_manages_nothing_until_then(browser, make_artist):
    other = make_artist("Maja", role=MANAGER)

    browser.post(page_of(other), REASON)

    session = Client()
    session.force_login(other)
    assert session.get(reverse("artists:roles")).status_code == 403
    assert session.get(reverse("admin:index"), follow=True).status_code == 403


def test_nobody_resets_their_own(browser, manager):
    with pytest.raises(OwnFactors):
        reset_factors(manager, by=manager, reason="I want to.")

    answer = browser.post(page_of(manager), REASON)

    assert (answer.status_code, kinds(manager)) == (409, {"totp"})
    assert not Event.objects.exists()


@pytest.mark.parametrize("person", ["artist", "reviewer"])
def test_nobody_but_a_manager_does(client, manager, artist, reviewer, person):
    who = {"artist": artist, "reviewer": reviewer}[person]
    client.force_login(who)
    say_who(client, who)

    assert client.post(page_of(manager), REASON).status_code == 404
    assert kinds(manager) == {"totp"}


def test_nor_a_manager_without_a_second_factor_or_who_did_not_say_who_they_are(
    client, manager, locked_out
):
    client.force_login(manager)
    asked = client.post(page_of(locked_out), REASON)
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))

    Authenticator.objects.filter(user=manager).delete()
    say_who(client, manager)

    assert client.post(page_of(locked_out), REASON).status_code == 403
    assert kinds(locked_out) == {"totp", "recovery_codes"}


def test_nobody_resets_somebody_who_may_more(browser, manager, reviewer, make_artist):
    superuser = Artist.objects.create_superuser("root@example.org", "x", credit_name="Root")
    give_app(superuser)
    other = make_artist("Maja", role=MANAGER)
    set_permissions(REVIEWER, ["artists.give_roles"], by=other)

    assert browser.post(page_of(superuser), REASON).status_code == 409
    with pytest.raises(MoreThanOwn):
        reset_factors(other, by=Artist.objects.get(pk=reviewer.pk), reason="Mine now.")

    assert (kinds(superuser), kinds(other)) == ({"totp"}, {"totp"})


def test_a_second_click_writes_no_second_letter(browser, manager, locked_out):
    browser.post(page_of(locked_out), REASON)

    assert browser.post(page_of(locked_out), REASON).status_code == 409
    with pytest.raises(NoFactors):
        reset_factors(locked_out, by=manager, reason="Again.")
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001, "\x07"])
def test_a_reason_is_needed_and_bounded(browser, locked_out, reason):
    assert browser.post(page_of(locked_out), {"reason": reason}).status_code == 400
    assert "totp" in kinds(locked_out)


def test_the_only_manager_is_let_in_from_the_command_line(manager, capsys):
    call_command("reset_factors", manager.email.upper(), "--reason", "The phone drowned.")

    assert kinds(manager) == set()
    assert "told by mail" in capsys.readouterr().out
    event = Event.objects.get()
    assert (event.verb, event.actor_id) == ("factors.reset", None)
    send_letter(Letter.objects.get().pk)
    assert "whoever runs the programme’s server" in mail.outbox[0].body
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_factors", manager.email, "--reason", "Again.")


@pytest.mark.parametrize(
    ("email", "reason", "complaint"),
    [("nobody@example.org", "why", "Nobody has an account"), ("ada@example.org", " ", "a reason")],
)
def test_the_command_says_what_is_wrong(artist, email, reason, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("reset_factors", email, "--reason", reason)
