"""Deciding: one transaction with the place, the invitation and the letter; one, or many."""

from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from artists.admissions.errors import AlreadyHasAccount, CohortFull
from artists.applications.deciding import Verdict, decide, decide_all
from artists.applications.errors import AlreadyThere, HasJoined, OwnApplication, RoundFull
from artists.letters.sending import send_letter
from artists.models import Application, Artist, Cohort, Invitation, Letter, Round
from portal.audit import Event
from portal.errors import PortalError
from tests.artists.applications.rows import make_application, make_round

DECIDE = reverse("artists:decide")


def accepted() -> int:
    return Application.objects.filter(state="accepted").count()


def test_to_accept_takes_a_place_invites_and_writes(application, manager, open_round, cohort):
    decide(application=application, verdict=Verdict.ACCEPT, by=manager, note="Bring the tides.")

    application.refresh_from_db()
    open_round.refresh_from_db()
    invitation = Invitation.objects.get()
    assert (application.state, application.decided_by, open_round.taken) == ("accepted", manager, 1)
    assert (invitation.email, invitation.cohort, invitation.invited_by) == (
        "nora@example.org",
        cohort,
        manager,
    )
    send_letter(Letter.objects.get(kind="accepted").pk)
    letter = mail.outbox[0]
    assert "Bring the tides." in letter.body
    assert "/invitations/" in letter.body
    assert [event.verb for event in Event.objects.all()] == [
        "invitation.made",
        "application.decided",
    ]


def test_the_link_in_the_letter_opens_the_invitation(client, application, manager):
    decide(application=application, verdict=Verdict.ACCEPT, by=manager)
    send_letter(Letter.objects.get(kind="accepted").pk)

    path = next(
        word for word in str(mail.outbox[0].body).split() if "/invitations/" in word
    ).partition("8000")[2]

    assert "nora@example.org" in client.get(path).text


def test_no_more_are_accepted_than_there_are_places(open_round, manager):
    three = [make_application(open_round, email=f"n{n}@example.org") for n in range(3)]

    outcome = decide_all(three, verdict=Verdict.ACCEPT, by=manager)

    open_round.refresh_from_db()
    assert (outcome.decided, open_round.taken, accepted()) == (2, 2, 2)
    ((refused, refusal),) = outcome.refused
    assert (refused, type(refusal)) == (three[2], RoundFull)
    assert Invitation.objects.count() == 2


def test_the_database_holds_the_places_too(open_round):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=open_round.pk).update(taken=3)


@pytest.mark.django_db(transaction=True)
def test_managers_who_accept_together_take_no_more_than_the_places(make_artist):
    round_ = make_round(Cohort.objects.get(), places=2)
    managers = [make_artist(f"M{n}", role="manager") for n in range(6)]
    waiting = [make_application(round_, email=f"n{n}@example.org") for n in range(6)]
    together, refusals = Barrier(6), []

    def accept(one: Application, by: Artist) -> None:
        together.wait()
        try:
            decide(application=one, verdict=Verdict.ACCEPT, by=by)
        except PortalError as refusal:
            refusals.append(type(refusal))
        finally:
            connection.close()

    threads = [Thread(target=accept, args=pair) for pair in zip(waiting, managers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    round_.refresh_from_db()
    assert (round_.taken, accepted(), Invitation.objects.count()) == (2, 2, 2)
    assert refusals == [RoundFull] * 4


@pytest.mark.django_db(transaction=True)
def test_one_application_accepted_twice_at_once_takes_one_place(make_artist):
    round_ = make_round(Cohort.objects.get(), places=5)
    managers = [make_artist(f"M{n}", role="manager") for n in range(4)]
    application = make_application(round_)
    together, refusals = Barrier(4), []

    def accept(by: Artist) -> None:
        together.wait()
        try:
            decide(application=application, verdict=Verdict.ACCEPT, by=by)
        except AlreadyThere as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=accept, args=[by]) for by in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    round_.refresh_from_db()
    assert (round_.taken, len(refusals), Letter.objects.filter(kind="accepted").count()) == (
        1,
        3,
        1,
    )


def test_a_refused_invitation_leaves_the_place_free(application, manager, open_round):
    Artist.objects.create_user("nora@example.org")

    with pytest.raises(AlreadyHasAccount):
        decide(application=application, verdict=Verdict.ACCEPT, by=manager)

    open_round.refresh_from_db()
    application.refresh_from_db()
    assert (open_round.taken, application.state) == (0, "received")


def test_the_cohort_s_places_bind_too(application, manager, cohort):
    Cohort.objects.update(places=1)  # Mona is in it

    with pytest.raises(CohortFull):
        decide(application=application, verdict=Verdict.ACCEPT, by=manager)

    assert accepted() == 0


def test_an_acceptance_is_taken_back_until_the_invitation_is_used(application, manager, open_round):
    decide(application=application, verdict=Verdict.ACCEPT, by=manager)
    decide(application=application, verdict=Verdict.WAITLIST, by=manager)

    open_round.refresh_from_db()
    assert open_round.taken == 0
    assert not Invitation.objects.open().exists()

    decide(application=application, verdict=Verdict.ACCEPT, by=manager)
    Invitation.objects.open().update(uses=1)
    with pytest.raises(HasJoined):
        decide(application=application, verdict=Verdict.DECLINE, by=manager)


def test_the_same_again_and_one_s_own_are_refused(application, open_round, manager):
    decide(application=application, verdict=Verdict.DECLINE, by=manager)
    own = make_application(open_round, email="mona@example.org")

    with pytest.raises(AlreadyThere):
        decide(application=application, verdict=Verdict.DECLINE, by=manager)
    with pytest.raises(OwnApplication):
        decide(application=own, verdict=Verdict.ACCEPT, by=manager)
    assert Letter.objects.filter(kind="declined").count() == 1


def test_nothing_is_decided_before_the_letter_was_seen(client, application, manager):
    client.force_login(manager)
    form = {
        "application": application.pk,
        "verdict": "declined",
        "note": "Do send us the next one.",
    }

    preview = client.post(DECIDE, form)

    application.refresh_from_db()
    assert application.state == "received"
    assert "Dear Nora Quill" in preview.text
    assert "Do send us the next one." in preview.text

    client.post(DECIDE, form | {"confirmed": "yes"})

    application.refresh_from_db()
    assert application.state == "declined"
    send_letter(Letter.objects.get(kind="declined").pk)
    assert "Do send us the next one." in str(mail.outbox[0].body)


def test_many_are_decided_at_once_and_who_could_not_be_is_named(client, open_round, manager):
    client.force_login(manager)
    three = [make_application(open_round, name=f"N{n}", email=f"n{n}@example.org") for n in "abc"]
    form = {"application": [one.pk for one in three], "verdict": "accepted", "confirmed": "yes"}

    page = client.post(DECIDE, form, follow=True).text

    assert "Accept: 2." in page
    assert "Na: All places of the round are taken." in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verdict": "accepted"},
        {"application": "not-an-id", "verdict": "accepted"},
        {"application": "0190163d-8694-739b-aea5-966c26f8ad91", "verdict": "accepted"},
        {"verdict": "withdrawn"},
        {"application": ["0190163d-8694-739b-aea5-966c26f8ad91"] * 101, "verdict": "declined"},
    ],
)
def test_a_decision_about_nothing_changes_nothing(client, application, manager, form):
    client.force_login(manager)

    answer = client.post(DECIDE, form | {"confirmed": "yes"})

    application.refresh_from_db()
    assert (answer.status_code, application.state) == (302, "received")


def test_reviewers_read_and_do_not_decide(client, application, reviewer):
    client.force_login(reviewer)

    page = client.get(reverse("artists:application", args=[application.pk])).text

    assert "Your reading" in page
    assert "Decline" not in page
    answer = client.post(DECIDE, {"application": application.pk, "verdict": "accepted"})
    assert answer.status_code == 404
