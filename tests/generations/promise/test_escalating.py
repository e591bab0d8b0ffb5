"""Before a date passes reviewers are told, then managers: once each, in one letter about all."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.models import Escalation, EscalationLetter, Review
from generations.promise.escalating import escalate
from generations.reviews.claiming import claim
from tests.generations.promise.conftest import Promising
from tests.generations.sharing.fixtures import MakeSubmission

pytestmark = pytest.mark.django_db

EVERY_DAY = "1234567"


@pytest.fixture(autouse=True)
def every_day(promising: Promising) -> None:
    """Two days to decide, of which each counts; reviewers 24 hours before, managers 8."""
    promising(weekdays=EVERY_DAY)


def tell() -> list[Any]:
    """Escalate, and send what comes of it; return the letters."""
    mail.outbox.clear()
    for letter_id in escalate():
        notices.tell("escalation", letter_id)
    return mail.outbox


def before(due: Any, hours: float) -> Any:
    return time_machine.travel(due - timedelta(hours=hours), tick=False)


def test_all_reviewers_and_then_managers_are_told_once_each(
    make_submission: MakeSubmission, reviewer: Artist, manager: Artist
) -> None:
    due = make_submission(title="Boat").due_at

    with before(due, 30):
        assert tell() == []
    with before(due, 24):
        first = [letter.to for letter in tell()]
    with before(due, 20):
        assert tell() == []
    with before(due, 8):
        second = [letter.to for letter in tell()]
        assert "“Boat”" in mail.outbox[0].body
    with before(due, 1):
        assert tell() == []

    assert sorted(first) == [[manager.email], [reviewer.email]]
    assert second == [[manager.email]]


def test_one_letter_tells_of_all_and_of_what_would_follow_within_hours(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = make_submission(title="Boat")
        clock.shift(timedelta(hours=3))
        make_submission(title="Crane")
        clock.shift(timedelta(hours=3))
        make_submission(title="Train")

        clock.move_to(first.due_at - timedelta(hours=24))
        letters = tell()
        (to_reviewer,) = [one for one in letters if one.to == [reviewer.email]]

        assert "2 reviews due soon" in to_reviewer.subject
        assert "Boat" in to_reviewer.body
        assert "Crane" in to_reviewer.body
        assert "Train" not in to_reviewer.body
        clock.shift(timedelta(hours=3))
        assert tell() == []
        clock.shift(timedelta(hours=3))
        assert all("Train" in one.body and "Boat" not in one.body for one in tell())
        assert mail.outbox


def test_nobody_is_told_of_their_own_work(
    make_submission: MakeSubmission, make_work: Any, reviewer: Artist, manager: Artist
) -> None:
    due = make_submission(make_work(reviewer)).due_at

    with before(due, 24):
        assert [letter.to for letter in tell()] == [[manager.email]]


def test_what_was_decided_or_taken_back_in_the_meantime_is_told_to_nobody(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    submission = make_submission()

    with before(submission.due_at, 24):
        letters = escalate()
        Review.objects.close()
        for letter_id in letters:
            notices.tell("escalation", letter_id)

    assert letters
    assert mail.outbox == []


def test_what_was_kept_for_one_reviewer_is_anybodys_from_then_on(
    make_submission: MakeSubmission, make_artist: Any, reviewer: Artist
) -> None:
    submission = make_submission()
    Review.objects.update(
        preferred_reviewer=make_artist("Rolf", role="reviewer"), preferred_until=submission.due_at
    )

    with before(submission.due_at, 24):
        assert not Review.objects.decidable_by(reviewer).exists()
        escalate()
        assert Review.objects.decidable_by(reviewer).exists()


def test_a_worker_that_dies_before_the_letters_leaves_them_to_be_sent(
    make_submission: MakeSubmission, reviewer: Artist, manager: Artist
) -> None:
    due = make_submission().due_at

    with before(due, 24):
        written = escalate()
    with before(due, 23):
        assert escalate() == []
        untold = list(notices.untold("escalation").values_list("pk", flat=True))

    assert sorted(untold) == sorted(written)
    assert Escalation.objects.count() == 1


def test_a_letter_is_sent_once_however_often_its_message_comes(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    due = make_submission().due_at

    with before(due, 24):
        letters = escalate()
        for letter_id in letters * 3:
            notices.tell("escalation", letter_id)

    assert len(mail.outbox) == len(letters) == EscalationLetter.objects.count()


def test_who_is_at_work_is_said(
    make_submission: MakeSubmission, reviewer: Artist, manager: Artist
) -> None:
    submission = make_submission()

    with before(submission.due_at, 24):
        claim(review=submission.review, reviewer=reviewer)
        assert all("somebody is at it" in letter.body for letter in tell())
        assert mail.outbox


def test_hours_before_count_on_working_days_alone(
    make_submission: MakeSubmission, promising: Promising, reviewer: Artist
) -> None:
    promising(weekdays="12345", decide_days=1)
    friday = timezone.now().replace(hour=15, minute=0, second=0, microsecond=0)
    friday += timedelta(days=(4 - friday.weekday()) % 7 + 7)
    with time_machine.travel(friday - timedelta(minutes=1), tick=False) as clock:
        make_submission()  # due on Monday, 14:59

        clock.move_to(friday)
        assert tell() != []
