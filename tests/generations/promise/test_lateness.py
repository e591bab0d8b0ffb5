"""When a date passes: an apology with a new date, or approval by silence, by what was promised."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.judging import silence
from generations.judging.enacting import enact
from generations.judging.ending import withdraw_submissions
from generations.models import (
    Apology,
    Decision,
    FramesDue,
    Ground,
    Promise,
    Review,
    Share,
    Submission,
    WebhookDelivery,
    WebhookEndpoint,
)
from generations.promise import lateness
from generations.promise.lateness import apologise
from generations.reviews.claiming import claim
from generations.reviews.deciding import decide
from generations.webhooks.sending import write
from portal.audit import Event
from tests.generations.promise.conftest import Promising
from tests.generations.sharing.fixtures import MakeSubmission

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def silent(promising: Promising) -> None:
    promising(when_late="silence")


def late_by(submission: Submission, by: timedelta = MINUTE) -> Any:
    """A moment after the date that it was given."""
    return time_machine.travel(submission.due_at + by, tick=False)


def overdue(submission: Submission, by: timedelta = MINUTE) -> datetime:
    """Let its date have passed; for what signs, which no clock of a test can deceive."""
    due_at = timezone.now() - by
    Review.objects.filter(submission=submission).update(due_at=due_at)
    return due_at


def decided() -> list[Decision]:
    """Let silence decide what it may."""
    made = [silence.approve(review_id) for review_id in silence.due()]
    return [decision for decision in made if decision]


def test_the_date_moves_with_an_apology_and_the_first_one_stays_visible(
    submission: Submission, client: Client
) -> None:
    with late_by(submission):
        (apology_id,) = apologise()
        notices.tell("apology", apology_id)
        assert apologise() == []

    apology = Apology.objects.get()
    new_date = Promise.objects.in_force().new_due_at(submission.due_at)
    assert (apology.passed_at, apology.due_at) == (submission.due_at, new_date)
    assert Review.objects.get().due_at == new_date
    submission.refresh_from_db()
    assert submission.due_at == apology.passed_at
    (letter,) = mail.outbox
    assert letter.to == [submission.artist.email]
    assert "We are sorry" in letter.body
    client.force_login(submission.artist)
    page = client.get(submission.generation.get_absolute_url()).content.decode()
    assert f"{apology.passed_at:%-d %b %Y, %H:%M}" in page
    assert f"{apology.due_at:%-d %b %Y, %H:%M}" in page
    assert "sorry" in page


def test_a_second_date_that_passes_gets_a_second_apology(submission: Submission) -> None:
    for _ in range(2):
        due_at = Review.objects.get().due_at
        with time_machine.travel(due_at + MINUTE, tick=False):
            assert len(apologise()) == 1

    assert Apology.objects.count() == 2


def test_a_new_date_is_never_in_the_past_however_long_nobody_looked(
    submission: Submission,
) -> None:
    with late_by(submission, timedelta(days=90)):
        apologise()

        assert Review.objects.get().due_at > timezone.now()


def test_what_is_in_time_decided_or_taken_back_gets_no_apology(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    in_time, taken_back, spoken = (make_submission() for _ in range(3))
    withdraw_submissions(Submission.objects.filter(pk=taken_back.pk))
    with time_machine.travel(in_time.due_at - MINUTE, tick=False):
        claim(review=spoken.review, reviewer=reviewer)
        decide(review=spoken.review, reviewer=reviewer, outcome="approve")
        assert apologise() == []
    withdraw_submissions(Submission.objects.filter(pk=in_time.pk))
    with late_by(spoken):
        assert apologise() == []


def test_after_an_apology_reviewers_are_told_of_the_new_date_too(submission: Submission) -> None:
    told = Review.objects.get()
    with late_by(submission):
        apologise()

    told.refresh_from_db()
    assert (told.told_to_reviewers, told.told_to_managers) == (None, None)


def test_who_wants_no_letters_about_decisions_gets_none(submission: Submission) -> None:
    Artist.objects.filter(pk=submission.artist_id).update(mail_decisions=False)
    with late_by(submission):
        for apology_id in apologise():
            notices.tell("apology", apology_id)

    assert mail.outbox == []
    assert Apology.objects.get().told_at


def test_a_worker_that_dies_after_the_move_leaves_the_letter_to_be_sent(
    submission: Submission,
) -> None:
    with late_by(submission):
        written = apologise()
    with late_by(submission, timedelta(minutes=10)):
        assert list(notices.untold("apology").values_list("pk", flat=True)) == written


def test_the_database_gives_one_apology_for_a_date(submission: Submission) -> None:
    with late_by(submission):
        apologise()
    first = Apology.objects.get()
    first.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_a_row_that_cannot_be_moved_keeps_no_other_waiting(
    make_submission: MakeSubmission, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = make_submission(), make_submission()
    broken = Review.objects.get(submission=one)
    Apology.objects.create(
        review=broken, artist=one.artist, passed_at=broken.due_at, due_at=broken.due_at + MINUTE
    )

    with late_by(other):
        (made,) = apologise()

    assert Apology.objects.get(pk=made).review.submission == other
    broken.refresh_from_db()
    assert broken.due_at == one.due_at
    assert f"could not deal with review {broken.pk}" in caplog.text


@pytest.mark.usefixtures("silent")
def test_silence_approves_what_nobody_spoke_on_and_says_so(
    make_submission: MakeSubmission,
) -> None:
    """I9: no person decided, and the row says that none did."""
    submission = make_submission()
    overdue(submission)
    (decision,) = decided()
    assert apologise() == []
    assert decided() == []

    submission.refresh_from_db()
    assert submission.status == Submission.Status.APPROVED
    assert (decision.is_by_silence, decision.reviewer) == (True, None)
    assert Share.objects.standing().get().submission == submission
    assert not Review.objects.open().exists()
    event = Event.objects.get(verb="decision.made")
    assert (event.actor_id, event.facts["by_silence"]) == (None, True)
    notices.tell("decision", decision.pk)
    assert "by silence" in mail.outbox[0].body


@pytest.mark.usefixtures("silent")
def test_a_webhook_tells_what_silence_approved(
    make_submission: MakeSubmission, artist: Artist
) -> None:
    WebhookEndpoint.objects.create(
        artist=artist, name="n", url="https://a.example/", event_types=["submission.decided"]
    )
    submission = make_submission()
    overdue(submission)

    decided()

    message = write(WebhookDelivery.objects.get())
    assert str(submission.pk) in message.body
    assert '"outcome": "approve"' in message.body


@pytest.mark.usefixtures("silent")
def test_silence_approves_nothing_before_the_date(make_submission: MakeSubmission) -> None:
    submission = make_submission()
    with time_machine.travel(submission.due_at - MINUTE, tick=False):
        assert decided() == []


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("otherwise", [{"is_flagged": True}, {"level": Review.Level.MANAGERS}])
def test_what_is_flagged_or_escalated_gets_an_apology_and_no_approval(
    make_submission: MakeSubmission, otherwise: dict[str, Any]
) -> None:
    submission = make_submission()
    Review.objects.update(**otherwise)

    with late_by(submission):
        assert silence.approve(submission.review.pk) is None
        assert decided() == []
        assert len(apologise()) == 1


@pytest.mark.usefixtures("silent")
def test_silence_waits_for_the_check_of_the_pictures(make_submission: MakeSubmission) -> None:
    submission = make_submission()
    waiting = FramesDue.objects.create(generation=submission.generation)

    with late_by(submission):
        assert silence.approve(submission.review.pk) is None
        assert apologise() == []
        waiting.delete()
        assert silence.approve(submission.review.pk) is not None


@pytest.mark.usefixtures("silent")
def test_where_one_of_two_has_spoken_it_is_no_silence(
    make_submission: MakeSubmission, reviewer: Artist, ground: Ground
) -> None:
    submission = make_submission()
    claim(review=submission.review, reviewer=reviewer)
    opinion = decide(
        review=submission.review, reviewer=reviewer, outcome="approve", wants_second=True
    )
    with time_machine.travel(opinion.stands_at + MINUTE, tick=False):
        enact(opinion.pk)

    with late_by(submission):
        assert Review.objects.get().status == Review.Status.WAITING
        assert decided() == []
        assert len(apologise()) == 1


@pytest.mark.usefixtures("silent")
def test_whoever_is_at_work_as_the_date_passes_may_end_within_an_hour(
    make_submission: MakeSubmission, reviewer: Artist
) -> None:
    submission = make_submission()
    review = submission.review
    claim(review=review, reviewer=reviewer)
    overdue(submission)

    assert decided() == apologise() == []
    overdue(submission, timedelta(minutes=59))
    assert decided() == []
    overdue(submission, timedelta(minutes=61))
    assert len(decided()) == 1


def test_what_was_submitted_under_an_apology_holds_to_it(
    make_submission: MakeSubmission, promising: Promising
) -> None:
    submission = make_submission()
    promising(when_late="silence")

    with late_by(submission):
        assert decided() == []
        assert len(apologise()) == 1


@pytest.mark.usefixtures("silent")
def test_what_was_submitted_under_silence_holds_to_it(
    make_submission: MakeSubmission, promising: Promising
) -> None:
    submission = make_submission()
    promising(when_late="apologise")

    overdue(submission)
    assert apologise() == []
    assert len(decided()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_by_silence": False, "reviewer": None},
        {"is_by_silence": True, "reviewer": "somebody"},
        {"is_by_silence": True, "reviewer": None, "outcome": "reject", "reason": "No"},
    ],
)
def test_the_database_takes_a_decision_of_a_person_or_of_silence_alone(
    share: Share, reviewer: Artist, ground: Ground, wrong: dict[str, Any]
) -> None:
    """I9"""
    if wrong["reviewer"]:
        wrong = wrong | {"reviewer": reviewer}
    if "outcome" in wrong:
        wrong = wrong | {"ground": ground}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(submission=share.submission).update(**wrong)


def test_a_review_that_is_of_no_silence_cannot_be_reached_by_its_key(
    submission: Submission,
) -> None:
    with late_by(submission):
        assert silence.approve(submission.review.pk) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("silent")
def test_of_many_workers_at_once_one_approves(make_submission: MakeSubmission) -> None:
    submission = make_submission()
    overdue(submission)

    def work(_: int) -> bool:
        try:
            return silence.approve(submission.review.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(work, range(4)))

    assert sum(made) == Decision.objects.count() == Share.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_apologises(make_submission: MakeSubmission) -> None:
    overdue(make_submission())

    def work(_: int) -> int:
        try:
            return len(lateness.apologise())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(work, range(4)))

    assert sum(made) == Apology.objects.count() == 1
