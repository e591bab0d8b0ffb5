"""Many at once: threads with connections of their own, on whatever database the suite runs."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from artists.models import Artist
from generations.judging.ending import withdraw_submissions
from generations.models import Decision, Generation, Ground, Review, Share, Submission
from generations.reviews import claiming
from generations.reviews.errors import AlreadyClaimed, AlreadyDecided
from generations.reviews.going_on import claim_next
from generations.sharing.errors import AlreadyEnded, AlreadyShared, AlreadySubmitted
from generations.sharing.services import submit, withdraw
from generations.sharing.sets import submit_set
from portal.audit_check import verify
from portal.errors import PortalError
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeSubmission, MakeWork

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 10
ROUNDS = 3


def at_once(act: Callable[[int], object]) -> Counter[str]:
    """Let ten threads act at the same moment; count who got through and who was told what."""
    barrier = Barrier(THREADS)

    def run(number: int) -> str:
        connection.ensure_connection()
        barrier.wait(timeout=30)
        try:
            act(number)
        except PortalError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(threads.map(run, range(THREADS)))


@pytest.fixture
def reviewers(make_artist) -> list[Artist]:
    return [make_artist(f"Rita{number}", role="reviewer") for number in range(THREADS)]


def test_of_ten_who_claim_one_submission_one_gets_it(
    submission: Submission, reviewers: list[Artist]
) -> None:
    outcomes = at_once(
        lambda number: claim(
            submission=Submission.objects.get(pk=submission.pk), reviewer=reviewers[number]
        )
    )

    assert outcomes == {"done": 1, AlreadyClaimed.__name__: 9}


def test_of_ten_who_ask_for_the_next_or_claim_one_of_a_set_one_gets_it_whole(
    reviewers: list[Artist], artist: Artist, make_work: MakeWork
) -> None:
    """Nobody waits for one of it while holding another: PostgreSQL would end both."""
    for _ in range(ROUNDS):
        words: dict[str, Any] = {
            "title": "Boats",
            "note": "",
            "credit_name": "A",
            "show_prompt": True,
        }
        made = submit_set(artist=artist, works=[make_work() for _ in range(6)], **words)
        reviews = list(Review.objects.filter(submission__set=made))

        def act(number: int, reviews: list[Review] = reviews) -> None:
            if number % 2:
                claiming.claim(review=reviews[number % 6], reviewer=reviewers[number])
            elif claim_next(reviewer=reviewers[number]) is None:
                raise AlreadyClaimed

        outcomes = at_once(act)

        assert outcomes == {"done": 1, AlreadyClaimed.__name__: 9}
        holders = Review.objects.filter(submission__set=made).values_list("claimed_by", flat=True)
        assert len(set(holders)) == 1
        withdraw_submissions(Submission.objects.filter(set=made))


def test_of_ten_decisions_on_one_submission_one_stands(
    claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    """I9: approvals and refusals race; one is kept, with the share that goes with it or none."""

    def act(number: int) -> None:
        outcome = "approve" if number % 2 else "reject"
        decide(
            submission=Submission.objects.get(pk=claimed.pk),
            reviewer=reviewer,
            outcome=outcome,
            ground=ground,
            reason="Whose face is it?",
        )

    outcomes = at_once(act)

    decision = Decision.objects.get()
    assert outcomes == {"done": 1, AlreadyDecided.__name__: 9}
    assert Share.objects.count() == (decision.outcome == Decision.Outcome.APPROVE)
    assert verify().is_whole


def test_of_ten_submissions_of_one_work_one_is_made(work: Generation) -> None:
    outcomes = at_once(
        lambda number: submit(
            generation=work, title=f"Boat {number}", note="", credit_name="Ada", show_prompt=True
        )
    )

    assert outcomes == {"done": 1, AlreadySubmitted.__name__: 9}


def test_of_ten_withdrawals_of_one_share_one_ends_it(share: Share, artist: Artist) -> None:
    outcomes = at_once(lambda number: withdraw(share, artist=artist))

    assert outcomes == {"done": 1, AlreadyEnded.__name__: 9}


def test_no_submission_slips_in_beside_an_approval(
    claimed: Submission, reviewer: Artist, make_submission: MakeSubmission
) -> None:
    def act(number: int) -> None:
        if number == 0:
            decide(submission=claimed, reviewer=reviewer, outcome="approve")
        else:
            make_submission(Generation.objects.get(pk=claimed.generation_id))

    outcomes = at_once(act)

    assert outcomes["done"] == 1
    assert outcomes[AlreadySubmitted.__name__] + outcomes[AlreadyShared.__name__] == 9
    assert Share.objects.live().count() == 1
    assert not Submission.objects.undecided().exists()


def test_decisions_and_remixes_of_the_same_works_do_not_stop_one_another(
    make_submission: MakeSubmission, reviewer: Artist, make_generation: MakeWork
) -> None:
    """PostgreSQL ended one of two that waited for the rows that the other referred to."""
    for _ in range(ROUNDS):
        claims = [claim(submission=make_submission(), reviewer=reviewer) for _ in range(5)]

        def act(number: int, claims: list[Submission] = claims) -> None:
            submission = claims[number // 2]
            if number % 2:
                decide(submission=submission, reviewer=reviewer, outcome="approve")
            else:
                make_generation(parent=submission.generation)

        assert at_once(act) == {"done": THREADS}
