"""Whoever changes several reviews locks them in one order, so that nobody waits in a ring (I6).

PostgreSQL ends one of two that each wait for what the other holds; SQLite has one writer at a time.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from artists.models import Artist, Departure
from generations.erasing.shares import settle_shares
from generations.judging.ending import withdraw_submissions
from generations.models import Ground, Review, Share
from generations.promise.escalating import escalate
from generations.reports.services import make_report
from generations.reviews import claiming, deciding
from generations.sharing.sets import submit_set
from portal import audit
from tests.generations.sharing.fixtures import MakeShare, MakeWork

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


def while_another(act: Callable[[], object], *steps: Callable[[], object]) -> None:
    """Do the first step, let another begin to act and wait for it, and then do the others."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            steps[0]()
            acting = threads.submit(run)
            _let_it_wait()
            for step in steps[1:]:
                step()
        acting.result(timeout=30)


def _let_it_wait() -> None:
    if connection.vendor != "postgresql":
        time.sleep(0.3)
        return
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nothing of theirs met what is locked here")


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
