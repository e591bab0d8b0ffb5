"""What visitors report: the review in which it is read, and what comes of it."""

from django.db import transaction
from django.utils import timezone

from generations.judging.records import take_down
from generations.models import Opinion, Promise, Report, Review, Share
from portal import audit


def open_review(share: Share) -> Review:
    """The review in which a share's reports are read, in the queue from now on if it is new."""
    about = {"kind": Review.Kind.REPORT, "about": share.submission_id}
    review = Review.objects.open().filter(**about).first()
    if review is not None:
        return review
    submission = share.submission
    return Review.objects.create(
        kind=Review.Kind.REPORT,
        about=submission,
        artist_id=submission.artist_id,
        cohort_id=submission.artist.cohort_id,
        video_model_id=submission.generation.video_model_id,
        due_at=Promise.objects.in_force().report_due_at(timezone.now()),
    )


@transaction.atomic
def judge_reports(opinion: Opinion) -> Share | None:
    """Let follow what a reviewer said of what was reported, once it can no longer be undone; return
    the share, as it is then.

    A share that ended meanwhile has answered its reports already; then nothing follows.
    """
    share = Share.objects.select_for_update(no_key=True).get(submission=opinion.about_id)
    is_closed = Review.objects.close_decided(opinion.review_id)
    if not Opinion.objects.enact(opinion.pk):
        transaction.set_rollback(True)  # it was undone, or another worker is at it
        return None
    if not share.is_live or not is_closed:
        return None
    if opinion.outcome == Opinion.Outcome.TAKE_DOWN:
        take_down(share, opinion, reported_in=opinion.review)
        share.refresh_from_db()
        return share
    reports = opinion.review.reports.all()
    reports.filter(created_at__lte=opinion.created_at).answer(Report.Outcome.DISMISSED)
    if reports.open().exists():  # they came while this could be undone: nobody has read them
        reports.open().update(review=open_review(share))
    facts = {"review": str(opinion.review_id)}
    audit.record("report.dismissed", actor=opinion.reviewer, subject=share, facts=facts)
    return share
