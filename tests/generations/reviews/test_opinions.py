"""What reviewers say stands after a while, is undone before, and may need a second person."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from artists.roles.services import REVIEWER, set_roles
from generations import tasks
from generations.judging import enacting, expiring
from generations.media.credentials.errors import MasterMissing
from generations.models import Decision, Ground, Opinion, Review, Share, Submission
from generations.reviews import claiming, deciding
from generations.reviews.errors import (
    AlreadyDecided,
    ClaimIsOver,
    HadAPart,
    KeptForAnother,
    ManagersDecide,
    OutcomeDoesNotFit,
    TooLateToUndo,
)
from generations.sharing.services import withdraw_work
from generations.sharing.sets import submit_set
from portal.audit import Event
from tests.generations.reviews.acting import claim, decide, let_stand, review_of
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

UNDO = timedelta(seconds=10)
REASON = "Whose face is it?"


@pytest.fixture
def second_reviewer(make_artist: Any) -> Artist:
    return make_artist("Sven", role="reviewer")


def say(submission: Submission, reviewer: Artist, outcome: str = "approve", **said: Any) -> Opinion:
    """Claim and decide, and leave it open to be undone."""
    claim(submission=submission, reviewer=reviewer)
    return deciding.decide(review=review_of(submission), reviewer=reviewer, outcome=outcome, **said)


def test_nothing_follows_while_a_decision_may_be_undone(
    submission: Submission, reviewer: Artist
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        opinion = say(submission, reviewer)
    with time_machine.travel(now + UNDO - timedelta(seconds=1)):
        tasks.enact_opinion(opinion.pk)
        assert not Decision.objects.exists()
        assert review_of(submission).status == Review.Status.DECIDED

    with time_machine.travel(now + UNDO):
        assert enacting.due() == [opinion.pk]
        tasks.enact_opinion(opinion.pk)

    assert Share.objects.standing().get().submission == submission
    assert enacting.due() == []


def test_an_undone_decision_never_stands_and_the_claim_goes_on(
    submission: Submission, reviewer: Artist, ground: Ground
) -> None:
    opinion = say(submission, reviewer)

    (review,) = deciding.undo(opinion=opinion, reviewer=reviewer)
    let_stand(opinion)

    assert not Decision.objects.exists()
    assert review.has_running_claim
    decision = decide(
        submission=submission, reviewer=reviewer, outcome="reject", ground=ground, reason=REASON
    )
    assert decision.outcome == Decision.Outcome.REJECT
    verbs = Event.objects.filter(actor_id=reviewer.pk).values_list("verb", flat=True)
    assert {"opinion.given", "opinion.undone"} <= set(verbs)


def test_a_decision_that_stands_is_not_undone(submission: Submission, reviewer: Artist) -> None:
    opinion = say(submission, reviewer)

    with time_machine.travel(timezone.now() + UNDO), pytest.raises(TooLateToUndo):
        deciding.undo(opinion=opinion, reviewer=reviewer)

    assert review_of(submission).status == Review.Status.DECIDED


def test_nobody_undoes_what_another_decided(
    submission: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    opinion = say(submission, reviewer)

    with pytest.raises(TooLateToUndo):
        deciding.undo(opinion=opinion, reviewer=second_reviewer)


def test_what_is_decided_is_nobody_elses_meanwhile(
    submission: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    say(submission, reviewer)

    with pytest.raises(AlreadyDecided):
        claim(submission=submission, reviewer=second_reviewer)


def test_what_its_artist_removes_meanwhile_is_not_decided(
    submission: Submission, reviewer: Artist
) -> None:
    opinion = say(submission, reviewer)

    withdraw_work(submission.generation)
    let_stand(opinion)

    submission.refresh_from_db()
    assert submission.status == Submission.Status.WITHDRAWN
    assert not Decision.objects.exists()
    assert enacting.due() == []


def test_an_opinion_is_enacted_once(submission: Submission, reviewer: Artist) -> None:
    opinion = say(submission, reviewer)

    let_stand(opinion)
    tasks.enact_opinion(opinion.pk)

    assert Decision.objects.count() == Share.objects.count() == 1


def test_a_second_person_who_agrees_decides(
    submission: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    let_stand(say(submission, reviewer, wants_second=True))
    review = review_of(submission)
    assert (review.status, review.claimed_by) == (Review.Status.WAITING, None)
    assert not Decision.objects.exists()
    with pytest.raises(HadAPart):
        claim(submission=submission, reviewer=reviewer)

    decision = decide_by(submission, second_reviewer, "approve")

    assert decision.reviewer == second_reviewer
    assert Share.objects.standing().exists()


def test_two_who_differ_leave_it_to_a_manager(
    submission: Submission,
    reviewer: Artist,
    second_reviewer: Artist,
    manager: Artist,
    make_artist: Any,
    ground: Ground,
) -> None:
    let_stand(say(submission, reviewer, wants_second=True))
    let_stand(say(submission, second_reviewer, "reject", ground=ground, reason=REASON))
    assert review_of(submission).level == Review.Level.MANAGERS
    with pytest.raises(ManagersDecide):
        claim(submission=submission, reviewer=make_artist("Uma", role="reviewer"))

    decision = decide_by(submission, manager, "approve")

    assert (decision.reviewer, decision.outcome) == (manager, "approve")


def test_what_is_escalated_is_for_managers(
    submission: Submission, reviewer: Artist, manager: Artist
) -> None:
    let_stand(say(submission, reviewer, "escalate", words_inside="A court case"))

    assert list(Review.objects.open().decidable_by(reviewer)) == []
    assert list(Review.objects.open().decidable_by(manager)) == [review_of(submission)]
    with pytest.raises(ManagersDecide):
        claim(submission=submission, reviewer=reviewer)


def test_who_manages_no_more_decides_nothing_that_they_claimed_as_a_manager(
    submission: Submission, reviewer: Artist, manager: Artist
) -> None:
    let_stand(say(submission, reviewer, "escalate", words_inside="A court case"))
    claim(submission=submission, reviewer=manager)
    set_roles(manager, [REVIEWER], by=None)
    reviews_on = Artist.objects.get(pk=manager.pk)

    with pytest.raises(ClaimIsOver):
        deciding.decide(review=review_of(submission), reviewer=reviews_on, outcome="approve")
    with pytest.raises(ClaimIsOver):
        claiming.renew(review=review_of(submission), reviewer=reviews_on)
    claiming.release(review=review_of(submission), reviewer=reviews_on)

    assert review_of(submission).status == Review.Status.WAITING


def test_the_database_refuses_a_second_opinion_of_the_same_person(
    submission: Submission, reviewer: Artist
) -> None:
    """I9: tried past the services."""
    opinion = say(submission, reviewer, wants_second=True)
    let_stand(opinion)
    opinion.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        opinion.save(force_insert=True)


def test_the_database_refuses_an_opinion_on_own_work(
    submission: Submission, reviewer: Artist
) -> None:
    """I9: tried past the services."""
    opinion = say(submission, reviewer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(reviewer=submission.artist)


@pytest.mark.parametrize("outcome", ["uphold", "overturn", "dismiss", "take_down"])
def test_a_submission_is_not_answered_as_something_else(
    outcome: str, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    with pytest.raises(OutcomeDoesNotFit):
        deciding.decide(
            review=review_of(claimed),
            reviewer=reviewer,
            outcome=outcome,
            ground=ground,
            reason=REASON,
        )
    assert review_of(claimed).status == Review.Status.CLAIMED


def test_what_follows_changes_is_kept_for_who_asked_for_them(
    claimed: Submission,
    reviewer: Artist,
    second_reviewer: Artist,
    ground: Ground,
    make_submission: MakeSubmission,
) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome="changes", ground=ground, reason=REASON)
    again = make_submission(claimed.generation, title="Boat, again")
    assert again.previous == claimed

    with pytest.raises(KeptForAnother):
        claim(submission=again, reviewer=second_reviewer)
    half = timezone.now() + (again.due_at - timezone.now()) / 2 + timedelta(minutes=1)
    with time_machine.travel(half):
        claim(submission=again, reviewer=second_reviewer)

    assert review_of(again).claimed_by == second_reviewer


def test_claims_their_ends_and_expiries_are_events(
    submission: Submission, reviewer: Artist, second_reviewer: Artist
) -> None:
    """I10"""
    claim(submission=submission, reviewer=reviewer)
    claim(submission=submission, reviewer=reviewer)  # renewed: no event of its own
    claiming.release(review=review_of(submission), reviewer=reviewer)
    claim(submission=submission, reviewer=second_reviewer)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert expiring.expire_claims() == 1
        assert expiring.expire_claims() == 0

    events = Event.objects.filter(subject_id=str(review_of(submission).pk)).order_by("sequence")
    assert list(events.values_list("verb", "actor_id")) == [
        ("review.claimed", reviewer.pk),
        ("review.released", reviewer.pk),
        ("review.claimed", second_reviewer.pk),
        ("review.claim_expired", None),
    ]
    assert review_of(submission).status == Review.Status.WAITING


def decide_by(submission: Submission, reviewer: Artist, outcome: str) -> Decision:
    claim(submission=submission, reviewer=reviewer)
    return decide(submission=submission, reviewer=reviewer, outcome=outcome)


@pytest.fixture
def decided_set(artist: Artist, make_work: MakeWork, reviewer: Artist) -> list[Opinion]:
    """Three clips of one set, approved by one act."""
    words: dict[str, Any] = {"title": "Boats", "note": "", "credit_name": "A", "show_prompt": True}
    made = submit_set(artist=artist, works=[make_work() for _ in range(3)], **words)
    reviews = list(Review.objects.filter(submission__set=made).order_by("pk"))
    claiming.claim(review=reviews[0], reviewer=reviewer)
    return deciding.decide_together(reviews=reviews, reviewer=reviewer, outcome="approve")


def test_one_undo_takes_back_all_that_one_act_decided(
    client: Client, decided_set: list[Opinion], reviewer: Artist
) -> None:
    client.force_login(reviewer)
    assert ", all 3 clips" in client.get(reverse("generations:queue")).text

    answer = client.post(reverse("generations:undo", args=[decided_set[1].review_id]), follow=True)

    assert "Taken back: none of the 3 clips was decided." in answer.text
    assert not Opinion.objects.given().exists()
    assert set(Review.objects.values_list("status", "claimed_by")) == {("claimed", reviewer.pk)}
    assert Event.objects.filter(verb="opinion.undone").count() == 3


def test_what_was_decided_one_by_one_of_a_set_is_undone_one_by_one(
    decided_set: list[Opinion], reviewer: Artist
) -> None:
    deciding.undo(opinion=decided_set[0], reviewer=reviewer)
    review = decided_set[0].review
    by_itself = deciding.decide(review=review, reviewer=reviewer, outcome="approve")
    others = [opinion.review for opinion in decided_set[1:]]
    deciding.decide_together(reviews=others, reviewer=reviewer, outcome="approve")

    (undone,) = deciding.undo(opinion=by_itself, reviewer=reviewer)

    assert undone == review
    assert Opinion.objects.given().count() == 2


def test_an_act_is_undone_whole_or_not_at_all(decided_set: list[Opinion], reviewer: Artist) -> None:
    """As where one of it was taken over in another way."""
    Review.objects.filter(pk=decided_set[2].review_id).update(status="waiting", claimed_by=None)

    with pytest.raises(TooLateToUndo):
        deciding.undo(opinion=decided_set[0], reviewer=reviewer)

    assert Opinion.objects.given().count() == 3
    assert Review.objects.filter(status="decided").count() == 2


def test_what_fails_each_time_keeps_no_other_decision_waiting(
    decided_set: list[Opinion], submission: Submission, reviewer: Artist, monkeypatch: Any
) -> None:
    """The oldest can't be signed, and a pass takes no more than there are of them."""
    monkeypatch.setattr(enacting, "AT_ONCE", 3)
    for opinion in decided_set:
        master = opinion.review.submission.rendition.file  # type: ignore[union-attr]
        default_storage.delete(str(master.name))
    good = say(submission, reviewer)
    now = timezone.now()
    Opinion.objects.update(stands_at=now - timedelta(minutes=1))
    Opinion.objects.filter(pk=good.pk).update(stands_at=now)

    for _ in range(50):
        due = enacting.due()
        assert len(due) <= 3
        for opinion_id in due:
            with suppress(MasterMissing):
                tasks.enact_opinion(opinion_id)
        if Decision.objects.exists():
            break

    assert Decision.objects.get().submission == submission
