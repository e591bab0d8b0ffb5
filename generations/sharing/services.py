"""Submissions and shares: how they are made, and how they end."""

from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from artists.access.membership import check_membership
from artists.models import Artist
from generations import notices
from generations.checks.services import is_flagged
from generations.judging import records
from generations.judging.ending import withdraw_appeals, withdraw_share, withdraw_submissions
from generations.models import (
    Appeal,
    Decision,
    Generation,
    Ground,
    Opinion,
    Promise,
    Rendition,
    Review,
    Share,
    Submission,
    SubmissionSet,
)
from generations.models.generation import Status
from generations.sharing.errors import (
    AlreadyEnded,
    AlreadyShared,
    AlreadySubmitted,
    NotOwnShare,
    NotShareable,
    OwnShare,
    TakeDownNeedsGround,
    TooLateToWithdraw,
    UnderAppeal,
)
from generations.tasks import tell
from portal import audit


class Words(TypedDict):
    """What an artist says of a submission, or of each in a set, beside its title.

    What the public file will say of them is chosen here too (FileChoices); a silence keeps it out.
    """

    note: str
    credit_name: str
    show_prompt: bool
    destination: NotRequired[str]
    file_has_name: NotRequired[bool]
    file_has_prompt: NotRequired[bool]
    file_allows_training: NotRequired[bool]


@transaction.atomic
def submit(
    *,
    generation: Generation,
    title: str,
    submission_set: SubmissionSet | None = None,
    **words: Unpack[Words],
) -> Submission:
    """Ask, as its artist, that the share master of a finished work may be shared.

    The due date is fixed now, by the programme's promise. What follows changes that a reviewer
    asked for is linked to it, and kept for that reviewer until half of the time is over. Raises
    MembershipEnded, NotShareable, AlreadySubmitted while an earlier submission is undecided,
    UnderAppeal, and AlreadyShared while a share of the work is live; after a refusal or a
    withdrawal the work may be submitted again.
    """
    # Who leaves takes this lock, and what is undecided then is taken back.
    artist = Artist.objects.select_for_update(no_key=True).get(pk=generation.artist_id)
    check_membership(artist)
    # A decision locks the work too, so that none falls between these checks and the new row.
    work = Generation.objects.select_for_update(no_key=True).get(pk=generation.pk)
    master = work.renditions.filter(kind=Rendition.Kind.MASTER).first()
    if work.status != Status.READY or work.removed_at is not None or master is None:
        raise NotShareable
    if Submission.objects.undecided().filter(generation=work).exists():
        raise AlreadySubmitted
    if Appeal.objects.open().about_work(work.pk).exists():
        raise UnderAppeal
    if Share.objects.live().filter(submission__generation=work).exists():
        raise AlreadyShared
    Generation.objects.keep(work.pk)
    promise = Promise.objects.in_force()
    now, answered = timezone.now(), _answered(work)
    submission = Submission.objects.create(
        artist=artist,
        generation=work,
        rendition=master,
        title=title,
        set=submission_set,
        promise=promise,
        due_at=promise.due_at(now),
        previous=answered.submission if answered else None,
        **words,
    )
    Review.objects.create(
        submission=submission,
        about=submission,
        artist=artist,
        cohort_id=artist.cohort_id,
        video_model_id=work.video_model_id,
        is_flagged=is_flagged(work.pk),
        due_at=submission.due_at,
        preferred_reviewer=answered.reviewer if answered else None,
        preferred_until=now + (submission.due_at - now) / 2 if answered else None,
    )
    return submission


def _answered(work: Generation) -> Decision | None:
    """The decision that this submission follows: the last one, where it asked for changes."""
    of_work = Decision.objects.filter(submission__generation=work).select_related("submission")
    last = of_work.order_by("-pk").first()
    return last if last and last.outcome == Decision.Outcome.CHANGES else None


@transaction.atomic
def withdraw_submission(submission: Submission) -> None:
    """Take a submission back before a review. Raises TooLateToWithdraw."""
    # The row of the review decides between this and a claim.
    if not Review.objects.free().filter(submission=submission).close():
        raise TooLateToWithdraw
    withdraw_submissions(Submission.objects.filter(pk=submission.pk))


@transaction.atomic
def withdraw(share: Share, *, artist: Artist) -> None:
    """End a live share for its artist, at once. Raises NotOwnShare, AlreadyEnded."""
    if share.submission.artist_id != artist.pk:
        raise NotOwnShare
    if not withdraw_share(share.pk):
        raise AlreadyEnded
    audit.record("share.withdrawn", actor=artist, subject=share)


@transaction.atomic
def withdraw_work(generation: Generation) -> None:
    """End whatever is submitted or shared of a work, because its artist removes it."""
    live = Share.objects.live().filter(submission__generation=generation)
    live.lock()
    Review.objects.filter(about__generation=generation).lock_open()
    withdraw_submissions(Submission.objects.filter(generation=generation))
    withdraw_appeals(Appeal.objects.about_work(generation.pk))
    for share in live:
        withdraw_share(share.pk)


@transaction.atomic
def take_down(share: Share, *, manager: Artist, ground: Ground | None, reason: str) -> None:
    """End another's live share on a ground, and tell its artist why.

    It is the manager's opinion of the work, so an appeal against it is not theirs to decide.
    Raises TakeDownNeedsGround, OwnShare, AlreadyEnded.
    """
    reason = reason.strip()
    if ground is None or not reason:
        raise TakeDownNeedsGround
    if share.submission.artist_id == manager.pk:
        raise OwnShare
    now = timezone.now()
    opinion = Opinion.objects.create(
        review=share.submission.review,
        about_id=share.submission_id,
        reviewer=manager,
        artist_id=share.submission.artist_id,
        outcome=Opinion.Outcome.TAKE_DOWN,
        ground=ground,
        reason=reason,
        stands_at=now,
        enacted_at=now,
    )
    if not records.take_down(share, opinion):
        raise AlreadyEnded
    tell.delay_on_commit("take_down", share.pk)
    for report_id in notices.reports_due(share):
        tell.delay_on_commit("report", report_id)
