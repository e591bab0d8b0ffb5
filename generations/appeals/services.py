"""Appeals: how artists make them and take them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.appeals.errors import (
    AlreadyAppealed,
    AppealIsOver,
    NothingToAppeal,
    SubmittedAgain,
    TooLateToAppeal,
    TooLateToTakeBack,
)
from generations.appeals.letters import write_letter
from generations.judging.ending import withdraw_appeals
from generations.models import (
    Appeal,
    AppealLetter,
    Generation,
    Ground,
    Opinion,
    Promise,
    Review,
    Share,
    Submission,
)
from generations.models.appeal import appealable_until, last_moment_to_appeal
from generations.models.submission import SubmissionQuerySet
from portal import audit


@dataclass(frozen=True)
class Appealable:
    """Something that may be appealed against, and until when."""

    submission: Submission
    share: Share | None
    decided_at: datetime

    @property
    def until(self) -> datetime:
        return appealable_until(self.decided_at)

    @property
    def last_moment(self) -> datetime:
        return last_moment_to_appeal(self.decided_at)

    @property
    def is_open(self) -> bool:
        return timezone.now() < self.until


@transaction.atomic
def appeal(*, submission: Submission, text: str) -> Appeal:
    """Ask, as its artist, that somebody else decide again on a refusal or a take-down.

    Its due date is fixed now, by the programme's promise for appeals. Raises NothingToAppeal,
    AlreadyAppealed, SubmittedAgain and TooLateToAppeal; then nothing is changed.
    """
    # Who leaves takes the first lock, whoever submits or decides takes the second.
    artist = Artist.objects.select_for_update(no_key=True).get(pk=submission.artist_id)
    work = Generation.objects.select_for_update(no_key=True).get(pk=submission.generation_id)
    found = Submission.objects.of(artist).get(pk=submission.pk)
    refusal = appealable(found)
    if refusal is None or work.removed_at is not None or not artist.is_active:
        raise AlreadyAppealed if _was_appealed(found) else NothingToAppeal
    if _came_later(found).exists():
        raise SubmittedAgain
    if not refusal.is_open:
        raise TooLateToAppeal
    if refusal.share is None and not Submission.objects.appeal(found.pk):
        raise AlreadyAppealed
    against, ground = _against(found, share=refusal.share)
    made = Appeal.objects.create(
        artist=artist,
        submission=None if refusal.share else found,
        share=refusal.share,
        against=against,
        ground=ground,
        text=text,
    )
    Review.objects.create(
        kind=Review.Kind.APPEAL,
        appeal=made,
        about=found,
        artist=artist,
        cohort_id=artist.cohort_id,
        video_model_id=work.video_model_id,
        due_at=Promise.objects.in_force().appeal_due_at(timezone.now()),
    )
    facts = {"submission": str(found.pk), "against": against.outcome}
    audit.record("appeal.made", actor=artist, subject=made, facts=facts)
    write_letter(made, to=artist, kind=AppealLetter.Kind.RECEIVED)
    return made


@transaction.atomic
def withdraw(made: Appeal) -> None:
    """Take an appeal back, as its artist, while nobody is deciding on it.

    What was refused stands again as it was. Raises AppealIsOver, TooLateToTakeBack.
    """
    # The row of the review decides between this and a claim.
    if not Review.objects.free().filter(appeal=made).close():
        made.refresh_from_db()
        raise TooLateToTakeBack if made.is_open else AppealIsOver
    withdraw_appeals(Appeal.objects.filter(pk=made.pk))
    audit.record("appeal.withdrawn", actor=made.artist, subject=made)


def appealable(submission: Submission) -> Appealable | None:
    """What of a submission may be appealed against: its refusal, or the take-down of its page.

    None where nothing was refused, or where that was appealed against already. The submission was
    read with how it ended.
    """
    share = getattr(submission, "share", None)
    if share is not None and share.ended_at and share.is_taken_down and not share.appeal:
        return Appealable(submission, share, share.ended_at)
    if submission.is_refused and not hasattr(submission, "appeal"):
        return Appealable(submission, None, submission.decision.created_at)
    return None


def appealable_of(history: Iterable[Submission]) -> Appealable | None:
    """What may be appealed against now in the submissions of one work, the latest first."""
    for submission in history:
        if submission.status != Submission.Status.WITHDRAWN:
            found = appealable(submission)
            return found if found and found.is_open else None
    return None


def appeal_of(submission: Submission) -> Appeal | None:
    """The appeal against a refusal or a take-down, open or not."""
    share = getattr(submission, "share", None)
    of_share = share.appeal if share is not None else None
    of_refusal: Appeal | None = getattr(submission, "appeal", None)
    return of_share or of_refusal


def _was_appealed(submission: Submission) -> bool:
    return appeal_of(submission) is not None


def _came_later(submission: Submission) -> SubmissionQuerySet:
    others = Submission.objects.filter(generation=submission.generation_id, pk__gt=submission.pk)
    return others.exclude(status=Submission.Status.WITHDRAWN)


def _against(submission: Submission, *, share: Share | None) -> tuple[Opinion, Ground]:
    """The opinion that refused, or that took the page down, and the ground that it named."""
    said = submission.opinions.judging().exclude(enacted_at=None).order_by("-pk")
    if share is not None:
        said = said.filter(outcome=Opinion.Outcome.TAKE_DOWN, reviewer=share.taken_down_by)
    else:
        said = said.filter(reviewer=submission.decision.reviewer)
    against = said.select_related("ground")[0]
    if against.ground is None:
        raise ValueError(f"{against} names no ground")
    return against, against.ground
