"""What people are told of appeals by mail, and where a refusal says how to appeal."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.models import Appeal, AppealLetter, Decision, Share
from tests.generations.appeals.fixtures import (
    MakeAppeal,
    MakeRefusal,
    MakeTakeDown,
    judge,
)
from tests.generations.appeals.test_thread import tell_due


@pytest.mark.parametrize("outcome", ["reject", "changes"])
def test_a_refusal_says_how_to_appeal_and_until_when(
    outcome: str, make_refusal: MakeRefusal
) -> None:
    with time_machine.travel("2026-11-23 10:00:00Z"):
        refused = make_refusal(outcome)
        notices.tell("decision", Decision.objects.get().pk)

    (letter,) = mail.outbox
    assert f"/submissions/{refused.pk}/appeal/" in letter.body
    assert "until 23 December 2026, 23:59" in letter.body


def test_a_take_down_says_how_to_appeal(make_take_down: MakeTakeDown) -> None:
    share = make_take_down()
    mail.outbox.clear()
    notices.tell("take_down", share.pk)

    (letter,) = mail.outbox
    assert f"/submissions/{share.submission_id}/appeal/" in letter.body


def test_an_appeal_is_told_to_have_come_in_with_its_date(appeal: Appeal, artist: Artist) -> None:
    tell_due()
    tell_due()

    (letter,) = mail.outbox
    due_at = timezone.localtime(appeal.review.due_at)
    assert letter.to == [artist.email]
    assert f"{due_at:%H:%M}" in letter.body
    assert appeal.get_absolute_url() in letter.body


def test_an_overturn_is_told_to_the_artist_and_to_whose_decision_it_was(
    appeal: Appeal, artist: Artist, reviewer: Artist, second_reviewer: Artist
) -> None:
    tell_due()
    mail.outbox.clear()

    judge(appeal, by=second_reviewer, outcome="overturn", reason="It is theirs.")
    tell_due()

    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {artist.email, reviewer.email}
    share = Share.objects.get()
    assert share.get_absolute_url() in letters[artist.email].body
    assert "It is theirs." in letters[artist.email].body
    assert appeal.review.get_absolute_url() in letters[reviewer.email].body
    assert all(second_reviewer.credit_name not in letter.body for letter in mail.outbox)
    assert not notices.untold("decision").exists()  # the approval is told by the same letter


def test_an_overturned_take_down_is_told_with_its_address_and_the_take_down_no_more(
    make_take_down: MakeTakeDown, make_appeal: MakeAppeal, second_reviewer: Artist, manager: Artist
) -> None:
    share = make_take_down()
    judge(make_appeal(share.submission), by=second_reviewer, outcome="overturn")
    mail.outbox.clear()
    AppealLetter.objects.filter(kind="received").update(told_at=timezone.now())
    notices.tell("take_down", share.pk)
    tell_due()

    assert {letter.to[0] for letter in mail.outbox} == {
        share.submission.artist.email,
        manager.email,
    }
    assert any(share.get_absolute_url() in letter.body for letter in mail.outbox)


def test_an_uphold_is_told_with_its_words(
    appeal: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    tell_due()
    mail.outbox.clear()

    judge(appeal, by=second_reviewer, outcome="uphold", reason="It is a friend’s.")
    tell_due()

    (letter,) = mail.outbox
    assert letter.to == [artist.email]
    assert "It is a friend’s." in letter.body
    assert "you may submit it again" in letter.body
    assert appeal.the_submission.generation.get_absolute_url() in letter.body


def test_who_wants_no_letters_about_decisions_gets_none_about_appeals(
    appeal: Appeal, artist: Artist
) -> None:
    Artist.objects.filter(pk=artist.pk).update(mail_decisions=False)

    tell_due()

    assert not mail.outbox
    assert not AppealLetter.objects.filter(told_at=None).exists()


def test_a_letter_whose_worker_died_is_found(appeal: Appeal) -> None:
    assert not notices.untold("appeal").exists()

    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        assert notices.untold("appeal").count() == 1
