"""Whoever changes several reviews locks them in one order, so that nobody waits in a ring (I6).

PostgreSQL ends one of two that each wait for what the other holds; SQLite has one writer at a time.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from artists.models import Artist, Departure
from generations.erasing.shares import settle_shares
from generations.judging.enacting import enact
from generations.judging.ending import withdraw_submissions
from generations.models import Appeal, Ground, Review, Share, Submission
from generations.promise.escalating import escalate
from generations.reports.services import make_report
from generations.reviews import claiming, deciding
from generations.sharing.sets import submit_set
from portal import audit
from tests.generations.appeals.fixtures import MakeAppeal
from tests.generations.sharing.fixtures import MakeShare, MakeWork
from tests.locking import while_another

pytestmark = pytest.mark.django_db(transaction=True)

WORDS: dict[str, Any] = {"title": "Boats", "note": "", "credit_name": "A", "show_prompt": True}


@pytest.fixture
def reviews(artist: Artist, make_work: MakeWork) -> list[Review]:
    """Those of a set of three, soon due, which an unordered statement meets the last one first."""
    made = submit_set(artist=artist, works=[make_work() for _ in range(3)], **WORDS)
    found = list(Review.objects.filter(submission__set=made).order_by("pk"))
    now = timezone.now()
    for place, review in enumerate(reversed(found)):
        due_at = now + timedelta(hours=1, minutes=place)
        Review.objects.filter(pk=review.pk).update(due_at=due_at)
    return found


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda artist: escalate(), id="escalation"),
        pytest.param(lambda artist: settle_shares(artist, Departure.Shares.NAMED), id="leaving"),
        pytest.param(
            lambda artist: withdraw_submissions(artist.submissions.all()), id="withdrawal"
        ),
    ],
)
def test_who_changes_many_and_who_claims_a_set_do_not_end_each_other(
    act: Callable[[Artist], object], reviews: list[Review], artist: Artist
) -> None:
    first, *others = reviews

    while_another(
        lambda: act(artist),
        lambda: Review.objects.lock([first.pk]),
        lambda: Review.objects.lock([one.pk for one in others]),
    )

    left = Review.objects.filter(told_to_reviewers=None, closed_at=None)
    assert not left.exists()


def test_who_decides_on_a_set_holds_no_event_back_before_all_of_it_is_theirs(
    reviews: list[Review], reviewer: Artist
) -> None:
    """The head of the audit trail is locked last: here it is written while one waits for a row."""
    claiming.claim(review=reviews[0], reviewer=reviewer)
    last = reviews[-1]

    while_another(
        lambda: deciding.decide_together(reviews=reviews, reviewer=reviewer, outcome="approve"),
        lambda: Review.objects.lock([last.pk]),
        lambda: audit.record("review.seen", actor=reviewer, subject=last),
    )

    assert {one.status for one in Review.objects.all()} == {"decided"}


def test_who_leaves_and_who_judges_reports_lock_the_share_before_its_review(
    make_share: MakeShare, artist: Artist, ground: Ground
) -> None:
    share = make_share()
    report = make_report(share, ground=ground, text="That is my face.")

    while_another(
        lambda: settle_shares(artist, Departure.Shares.WITHDRAWN),
        lambda: list(Share.objects.select_for_update(no_key=True).filter(pk=share.pk)),
        lambda: Review.objects.lock([report.review_id]),
    )

    assert Share.objects.get().status == Share.Status.WITHDRAWN


@pytest.mark.parametrize("outcome", ["uphold", "overturn"])
def test_who_judges_an_appeal_holds_no_event_back_before_the_submission_is_theirs(
    make_appeal: MakeAppeal, second_reviewer: Artist, outcome: str
) -> None:
    """The head of the audit trail is locked last here too."""
    appeal = make_appeal()
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    opinion = deciding.decide(
        review=appeal.review, reviewer=second_reviewer, outcome=outcome, reason="So it is."
    )
    first = appeal.the_submission

    with time_machine.travel(opinion.stands_at, tick=False):
        while_another(
            lambda: enact(opinion.pk),
            lambda: list(Submission.objects.select_for_update(no_key=True).filter(pk=first.pk)),
            lambda: audit.record("submission.seen", actor=second_reviewer, subject=first),
        )

    assert Appeal.objects.get().outcome == outcome
