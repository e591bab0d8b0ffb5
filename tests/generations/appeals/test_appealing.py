"""An appeal is made within its time, by the artist alone, and once; it may be taken back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from artists.models import Artist, Departure
from generations.appeals import services
from generations.appeals.errors import (
    AlreadyAppealed,
    AppealIsOver,
    NothingToAppeal,
    SubmittedAgain,
    TooLateToAppeal,
    TooLateToTakeBack,
)
from generations.judging.ending import withdraw_submissions
from generations.leaving.services import leave
from generations.models import Appeal, Opinion, Review, Share, Submission
from generations.prompts.services import remove
from generations.reviews import claiming, deciding
from generations.sharing.errors import UnderAppeal
from portal.audit import Event
from tests.generations.appeals.fixtures import (
    TEXT,
    MakeAppeal,
    MakeRefusal,
    MakeTakeDown,
    judge,
)
from tests.generations.reviews.acting import let_stand
from tests.generations.sharing.fixtures import MakeSubmission


@pytest.mark.parametrize("outcome", ["reject", "changes"])
def test_a_refusal_is_appealed_against_and_waits_in_the_queue_with_its_own_date(
    outcome: str, make_refusal: MakeRefusal, artist: Artist
) -> None:
    refused = make_refusal(outcome)

    with time_machine.travel("2026-11-23 10:00:00Z", tick=False):
        appeal = services.appeal(submission=refused, text=TEXT)

    refused.refresh_from_db()
    review = Review.objects.open().get()
    assert refused.status == Submission.Status.APPEALED
    assert (review.kind, review.appeal, review.about) == ("appeal", appeal, refused)
    assert review.due_at.isoformat() == "2026-11-30T10:00:00+00:00"
    assert appeal.against
    assert (appeal.against.outcome, appeal.against.reviewer.credit_name) == (outcome, "Rita")
    assert Event.objects.get(verb="appeal.made").actor_id == artist.pk


def test_a_take_down_is_appealed_against(make_take_down: MakeTakeDown, manager: Artist) -> None:
    share = make_take_down()

    appeal = services.appeal(submission=share.submission, text=TEXT)

    assert (appeal.share, appeal.submission) == (share, None)
    assert appeal.against
    assert (appeal.against.outcome, appeal.against.reviewer) == ("take_down", manager)
    assert Submission.objects.get().status == Submission.Status.APPROVED
    assert Review.objects.open().get().about == share.submission


def test_what_was_not_refused_is_not_appealed_against(submission: Submission, share: Share) -> None:
    for one in (submission, share.submission):
        with pytest.raises(NothingToAppeal):
            services.appeal(submission=one, text=TEXT)


def test_each_decision_meets_one_appeal(
    appeal: Appeal, second_reviewer: Artist, make_take_down: MakeTakeDown
) -> None:
    refused = appeal.the_submission
    with pytest.raises(AlreadyAppealed):
        services.appeal(submission=refused, text=TEXT)
    judge(appeal, by=second_reviewer, outcome="uphold", reason="It is not.")
    with pytest.raises(AlreadyAppealed):
        services.appeal(submission=refused, text=TEXT)

    share = make_take_down()
    services.appeal(submission=share.submission, text=TEXT)
    with pytest.raises(AlreadyAppealed):
        services.appeal(submission=share.submission, text=TEXT)


@pytest.mark.parametrize(("days", "is_late"), [(30, False), (31, True)])
def test_there_are_thirty_days_the_last_one_whole(
    days: int, is_late: bool, make_refusal: MakeRefusal, make_appeal: MakeAppeal
) -> None:
    with time_machine.travel("2026-11-23 10:00:00Z", tick=False):
        refused = make_refusal()

    last = datetime(2026, 11, 23, 23, 59, tzinfo=UTC) + timedelta(days=days)
    with time_machine.travel(last, tick=False):
        if is_late:
            with pytest.raises(TooLateToAppeal):
                make_appeal(refused)
        else:
            assert make_appeal(refused).is_open


def test_the_latest_answer_alone_is_appealed_against(
    make_refusal: MakeRefusal, make_submission: MakeSubmission
) -> None:
    refused = make_refusal()
    later = make_submission(refused.generation)

    with pytest.raises(SubmittedAgain):
        services.appeal(submission=refused, text=TEXT)

    withdraw_submissions(Submission.objects.filter(pk=later.pk))
    assert services.appeal(submission=refused, text=TEXT).is_open


def test_a_work_under_appeal_is_not_submitted_anew(
    appeal: Appeal, make_submission: MakeSubmission, make_take_down: MakeTakeDown
) -> None:
    with pytest.raises(UnderAppeal):
        make_submission(appeal.the_submission.generation)

    share = make_take_down()
    services.appeal(submission=share.submission, text=TEXT)
    with pytest.raises(UnderAppeal):
        make_submission(share.submission.generation)


@pytest.mark.parametrize("outcome", ["reject", "changes"])
def test_an_appeal_is_taken_back_and_what_was_refused_is_as_before(
    outcome: str,
    make_refusal: MakeRefusal,
    make_appeal: MakeAppeal,
    make_submission: MakeSubmission,
) -> None:
    refused = make_refusal(outcome)
    before = refused.status
    appeal = make_appeal(refused)

    services.withdraw(appeal)

    refused.refresh_from_db()
    appeal.refresh_from_db()
    assert (refused.status, appeal.outcome) == (before, "withdraw")
    assert not Review.objects.open().exists()
    assert make_submission(refused.generation).is_undecided
    with pytest.raises(AppealIsOver):
        services.withdraw(appeal)


def test_an_appeal_in_somebodys_hands_is_not_taken_back(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    claiming.claim(review=appeal.review, reviewer=second_reviewer)

    with pytest.raises(TooLateToTakeBack):
        services.withdraw(appeal)


def test_who_removes_the_work_takes_the_appeal_back_even_as_it_is_decided(
    appeal: Appeal, second_reviewer: Artist
) -> None:
    review = claiming.claim(review=appeal.review, reviewer=second_reviewer)
    opinion = deciding.decide(review=review, reviewer=second_reviewer, outcome="overturn")

    remove(appeal.the_submission.generation)
    let_stand(opinion)

    appeal.refresh_from_db()
    assert appeal.outcome == Appeal.Outcome.WITHDRAW
    assert Opinion.objects.get(pk=opinion.pk).undone_at
    assert not Share.objects.exists()


def test_who_leaves_takes_their_appeals_back(appeal: Appeal, artist: Artist) -> None:
    leave(artist, shares=Departure.Shares.UNNAMED)

    appeal.refresh_from_db()
    assert appeal.outcome == Appeal.Outcome.WITHDRAW
    assert appeal.the_submission.status == Submission.Status.REJECTED
    assert not Review.objects.open().exists()


def test_the_database_refuses_an_appeal_about_two_things_or_nothing(
    appeal: Appeal, share: Share
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(share=share)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(submission=None)
