"""Inviting somebody, and admitting who accepts."""

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from artists.admissions.errors import AlreadyHasAccount, InvitationGone
from artists.admissions.services import admit, invite
from artists.letters.sending import send_letter
from artists.models import Artist, Cohort, Invitation, Letter, Limit
from portal.audit import Event


def test_an_invitation_mails_its_link_and_keeps_only_its_hash(cohort, manager, settings):
    settings.PUBLIC_URL = "https://greenroom.example"

    invitation, secret = invite(email="New@Example.org", cohort=cohort, invited_by=manager)

    send_letter(Letter.objects.get().pk)

    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    assert f"https://greenroom.example/invitations/{secret}/" in letter.body
    assert invitation.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(Invitation.objects.values())
    (event,) = Event.objects.all()
    assert (event.verb, event.actor_id, event.subject_id) == (
        "invitation.made",
        manager.pk,
        str(invitation.pk),
    )
    assert secret not in str(event.facts)


def test_an_invitation_that_is_not_kept_is_not_mailed(cohort, manager):
    with pytest.raises(AlreadyHasAccount):
        invite(email="MONA@example.org", cohort=cohort, invited_by=manager)

    assert not Letter.objects.exists()
    assert not Invitation.objects.exists()


def test_a_new_invitation_ends_the_open_one_of_its_address(cohort, manager):
    first, _ = invite(email="new@example.org", cohort=cohort, invited_by=manager)
    second, _ = invite(email="new@example.org", cohort=cohort, invited_by=manager)

    assert list(Invitation.objects.open()) == [second]
    first.refresh_from_db()
    assert not first.is_open


def test_what_the_cohort_grants_becomes_the_limits_of_who_joins(cohort, make_artist):
    Cohort.objects.update(artist_day_credits=50, artist_month_credits=None)
    invitation, _ = invite(email="new@example.org", cohort=cohort, invited_by=None)
    artist = Artist.objects.create_user("new@example.org")
    invitation.refresh_from_db()

    admit(invitation=invitation, artist=artist)

    assert set(Limit.objects.filter(artist=artist).values_list("period", "ceiling")) == {
        ("day", 50),
        ("total", 1000),
    }
    artist.refresh_from_db()
    assert artist.cohort == cohort


def test_an_invitation_admits_once(cohort):
    invitation, _ = invite(email="new@example.org", cohort=cohort, invited_by=None)
    admit(invitation=invitation, artist=Artist.objects.create_user("new@example.org"))

    with pytest.raises(InvitationGone):
        admit(invitation=invitation, artist=Artist.objects.create_user("late@example.org"))


def test_an_expired_invitation_admits_nobody(cohort):
    invitation, _ = invite(
        email="new@example.org",
        cohort=cohort,
        invited_by=None,
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    with pytest.raises(InvitationGone):
        admit(invitation=invitation, artist=Artist.objects.create_user("new@example.org"))


def test_the_command_prints_the_link(cohort, capsys):
    call_command("invite", "new@example.org", "--cohort", "Spring")

    assert "/invitations/" in capsys.readouterr().out
    assert Invitation.objects.get().email == "new@example.org"


@pytest.mark.parametrize(
    ("email", "name", "complaint"),
    [
        ("new@example.org", "Autumn", "There is no cohort 'Autumn'; there are: Spring."),
        ("ada@example.org", "Spring", "There is an account with this address already."),
        ("nobody", "Spring", "valid email"),
    ],
)
def test_the_command_says_what_is_wrong(artist, email, name, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("invite", email, "--cohort", name)
