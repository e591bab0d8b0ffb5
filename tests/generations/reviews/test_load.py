"""Fifty reviewers and five thousand submissions at once: each decided once, none lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from artists.models import Artist
from generations.judging import tallying
from generations.models import Ground, Opinion, Review, Submission, Tally
from generations.reviews import deciding
from generations.reviews.going_on import claim_next
from portal.audit import Event
from portal.audit_check import verify

pytestmark = pytest.mark.django_db(transaction=True)

REVIEWERS = 50
SUBMISSIONS = 5_000


def submit_many(like: Submission, count: int) -> None:
    """Submit the same work anew so often, past the services: a queue to be decided."""
    facts = {
        field.attname: getattr(like, field.attname)
        for field in Submission._meta.concrete_fields
        if not field.primary_key
    }
    facts |= {"status": "rejected", "closed_at": timezone.now()}
    made = Submission.objects.bulk_create(Submission(**facts) for _ in range(count))
    Review.objects.bulk_create(
        Review(
            submission=each,
            about=each,
            artist_id=each.artist_id,
            video_model=like.generation.video_model,
            due_at=each.due_at,
        )
        for each in made
    )


def decide_all(reviewer: Artist, ground: Ground, barrier: Barrier) -> int:
    """Decide on what comes next until nothing does; return on how many."""
    connection.ensure_connection()
    barrier.wait(timeout=120)
    decided = 0
    try:
        while review := claim_next(reviewer=reviewer):
            said = "escalate" if decided % 2 else "reject"
            deciding.decide(
                review=review,
                reviewer=reviewer,
                outcome=said,
                ground=ground,
                reason="Whose face?",
                words_inside="Hard.",
            )
            decided += 1
    finally:
        connection.close()
    return decided


def test_no_decision_is_made_twice_and_none_is_lost(
    submission: Submission, ground: Ground, make_artist
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: PostgreSQL is where many meet")
    submit_many(submission, SUBMISSIONS - 1)
    reviewers = [make_artist(f"Rita{number}", role="reviewer") for number in range(REVIEWERS)]
    before, barrier = Event.objects.count(), Barrier(REVIEWERS)

    with ThreadPoolExecutor(REVIEWERS) as threads:
        decided = list(threads.map(lambda one: decide_all(one, ground, barrier), reviewers))

    assert sum(decided) == SUBMISSIONS
    of_each = Counter(Opinion.objects.values_list("review", flat=True))
    assert (len(of_each), set(of_each.values())) == (SUBMISSIONS, {1})
    assert not Review.objects.exclude(status=Review.Status.DECIDED).exists()
    verbs = Counter(Event.objects.filter(sequence__gt=before).values_list("verb", flat=True))
    assert verbs == {"review.claimed": SUBMISSIONS, "opinion.given": SUBMISSIONS}
    assert Tally.objects.read()[0] == tallying.recount()
    assert verify().is_whole
