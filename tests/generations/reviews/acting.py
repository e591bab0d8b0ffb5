"""A submission's review, claimed and decided as one step each."""

from typing import Any

from django.utils import timezone

from artists.models import Artist
from generations import tasks
from generations.models import Decision, Opinion, Review, Submission
from generations.reviews import claiming, deciding


def review_of(submission: Submission) -> Review:
    """The review of a submission, as it is now."""
    return Review.objects.get(submission=submission)


def claim(*, submission: Submission, reviewer: Artist) -> Submission:
    claiming.claim(review=review_of(submission), reviewer=reviewer)
    submission.refresh_from_db()
    return submission


def release(*, submission: Submission, reviewer: Artist) -> None:
    claiming.release(review=review_of(submission), reviewer=reviewer)


def decide(*, submission: Submission, reviewer: Artist, **said: Any) -> Decision:
    """Decide, and let it stand once its time to be undone is over."""
    opinion = deciding.decide(review=review_of(submission), reviewer=reviewer, **said)
    let_stand(opinion)
    return Decision.objects.get(submission=submission)


def let_stand(*opinions: Opinion) -> None:
    """Enact what was decided, all of it unless told what, as workers do after its time to undo."""
    for opinion in opinions or Opinion.objects.pending():
        Opinion.objects.filter(pk=opinion.pk).update(stands_at=timezone.now())
        tasks.enact_opinion(opinion.pk)
