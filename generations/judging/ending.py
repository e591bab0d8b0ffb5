"""How what is public, submitted or appealed against ends, with the reviews and reports of it.

Who ends several things locks the shares first, then the reviews, each in one order.
"""

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Appeal, Decision, Ground, Opinion, Report, Review, Share, Submission
from generations.models.appeal import AppealQuerySet
from generations.models.review import ReviewQuerySet
from generations.models.submission import SubmissionQuerySet


@transaction.atomic
def withdraw_share(share_id: int) -> bool:
    """Take a live share from the public for its artist; False means that it was not live."""
    if not Share.objects.withdraw(share_id):
        return False
    _answer_reports(share_id, Report.Outcome.ENDED)
    return True


@transaction.atomic
def take_down_share(share_id: int, *, by: Artist, ground: Ground, reason: str) -> bool:
    """Take a live share from the public on a ground; False means that it was not live."""
    if not Share.objects.take_down(share_id, by=by, ground=ground, reason=reason):
        return False
    _answer_reports(share_id, Report.Outcome.TAKEN_DOWN)
    return True


@transaction.atomic
def withdraw_submissions(submissions: SubmissionQuerySet) -> int:
    """Take back those that are undecided, with their reviews; return how many there were."""
    undecided = submissions.filter(closed_at=None)
    _close(Review.objects.filter(submission__in=undecided))
    return undecided.withdraw()


@transaction.atomic
def withdraw_appeals(appeals: AppealQuerySet) -> int:
    """Take back those that are open, with their reviews; return how many there were.

    What was refused is as it was before.
    """
    undecided = Appeal.objects.open().filter(pk__in=list(appeals.values_list("pk", flat=True)))
    _close(Review.objects.filter(appeal__in=undecided))
    of_submissions = Submission.objects.filter(appeal__in=undecided).select_related("decision")
    for submission in of_submissions:
        Submission.objects.end_appeal(submission.pk, to=_refused_as(submission.decision))
    return undecided.withdraw()


def _close(reviews: ReviewQuerySet) -> None:
    """End reviews, and what was said in them and nothing has followed from yet."""
    reviews.lock_open()
    reviews.close()
    Opinion.objects.pending().filter(review__in=reviews).update(undone_at=timezone.now())


def _refused_as(decision: Decision) -> Submission.Status:
    asked = decision.outcome == Decision.Outcome.CHANGES
    return Submission.Status.CHANGES_ASKED if asked else Submission.Status.REJECTED


def _answer_reports(share_id: int, outcome: Report.Outcome) -> None:
    """Answer what visitors reported of a share by its end, and close the review of it."""
    reports = Report.objects.open().filter(share=share_id)
    Review.objects.filter(reports__in=reports).close()
    reports.answer(outcome)
