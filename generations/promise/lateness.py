"""When a date passes: an apology with a new date, or approval by silence.

What is promised is what the submission's own promise says. Nothing that a check has flagged, that
somebody has spoken on or handed to managers, no appeal and no report is decided by silence.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from generations.models import Apology, FramesDue, Opinion, Promise, Review
from generations.models.review import ReviewQuerySet
from portal.isolation import alone

AT_ONCE = 200
STILL_AT_WORK = timedelta(hours=1)  # whoever reviews it as the date passes may end within


def late() -> ReviewQuerySet:
    """What is due and not decided, the longest first; not what was decided a moment ago."""
    undecided = Review.objects.open().exclude(status=Review.Status.DECIDED)
    return undecided.filter(due_at__lte=timezone.now())


def silent() -> ReviewQuerySet:
    """Of what is late: what silence approves now, once no check of it is still to come."""
    unchecked = FramesDue.objects.filter(pk=OuterRef("about__generation"))
    ready = late().filter(_silence_decides(), ~Exists(unchecked))
    return ready.exclude(_is_at_work())


def to_apologise() -> ReviewQuerySet:
    """Of what is late: what gets a new date."""
    return late().exclude(_silence_decides())


def _silence_decides() -> Q:
    spoken = Opinion.objects.given().filter(review=OuterRef("pk"))
    return Q(
        ~Exists(spoken),
        kind=Review.Kind.SUBMISSION,
        level=Review.Level.REVIEWERS,
        is_flagged=False,
        submission__promise__when_late=Promise.WhenLate.SILENCE,
    )


def _is_at_work() -> Q:
    now = timezone.now()
    return Q(
        status=Review.Status.CLAIMED,
        claim_expires_at__gt=now,
        due_at__gt=now - STILL_AT_WORK,
    )


def apologise() -> list[int]:
    """Give what is late a new date, AT_ONCE at most in one go; return the apologies' keys."""
    found = to_apologise().select_related("submission__promise", "appeal")
    made = []
    for review in found[:AT_ONCE]:
        with alone(f"review {review.pk}"):
            made.append(_apologise(review))
    return [apology_id for apology_id in made if apology_id is not None]


def _apologise(review: Review) -> int | None:
    """Move one date; None where it was decided, or moved, in the meantime.

    A new date is after now, however long nobody was there to give one.
    """
    promise = promise_of(review)
    passed, now = review.due_at, timezone.now()
    due_at = promise.new_due_at(passed)
    if due_at <= now:
        due_at = promise.new_due_at(now)
    same = unmoved(review)
    if not same.update(due_at=due_at, told_to_reviewers=None, told_to_managers=None):
        return None
    if review.kind == Review.Kind.REPORT:
        return None  # whose work was reported is not told before something is decided
    apology = Apology.objects.create(
        review=review, artist_id=review.artist_id, passed_at=passed, due_at=due_at
    )
    return apology.pk


def unmoved(review: Review) -> ReviewQuerySet:
    """A review while it is as it was read, in terms of its own row alone.

    Of two that wait for each other PostgreSQL checks that row again, and nothing else.
    """
    same = Review.objects.filter(pk=review.pk, closed_at=None, due_at=review.due_at)
    same = same.filter(claimed_by=review.claimed_by_id)
    return same.exclude(status=Review.Status.DECIDED)


def promise_of(review: Review) -> Promise:
    """The promise that a review holds to: its submission's own, or the one in force."""
    own = review.submission.promise if review.submission else None
    return own or Promise.objects.in_force()
