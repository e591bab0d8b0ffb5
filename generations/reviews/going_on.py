"""Going from one review to the next: the most urgent that one may decide."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.models import Opinion, Review
from generations.models.review import ReviewQuerySet
from generations.reviews import claiming
from portal.errors import PortalError

TRIES = 20


def claim_next(*, reviewer: Artist) -> Review | None:
    """Give the most urgent review to a reviewer who may decide it; None where none is left.

    What the reviewer holds already comes first, so that nobody gathers what others wait for.
    """
    held = _first(Review.objects.held_by(reviewer))
    if held is not None:
        return claiming.renew(review=held, reviewer=reviewer)
    passed_over = set[UUID]()
    for _ in range(TRIES):
        with transaction.atomic():
            # Whom another is about to take is passed over, so that nobody waits for it in vain.
            most_urgent = _most_urgent(
                rows.exclude(pk__in=passed_over).select_for_update(no_key=True, skip_locked=True)
                for rows in _candidates(reviewer)
            )
            if most_urgent is None:
                return None
            together = set(Review.objects.decidable_by(reviewer).together(most_urgent))
            passed_over |= together | {most_urgent.pk}
            # Of a set all or none: waiting for the rest, two would each hold what the other wants.
            if len(together) > 1 and Review.objects.lock(together, skip_locked=True) != together:
                continue
            try:
                return claiming.claim(review=most_urgent, reviewer=reviewer)
            except PortalError:  # another was quicker, or holds another of its set
                continue
    return None


def look_ahead(*, reviewer: Artist, beside: UUID) -> Review | None:
    """Return the review that probably comes next, and leave it to everybody."""
    held = _first(Review.objects.held_by(reviewer).exclude(pk=beside))
    if held is not None:
        return held
    return _most_urgent(rows.exclude(pk=beside) for rows in _candidates(reviewer))


def last_undoable(reviewer: Artist) -> Opinion | None:
    """The reviewer's newest decision, while it may be taken back, with how many it takes along."""
    pending = Opinion.objects.pending().filter(reviewer=reviewer, stands_at__gt=timezone.now())
    related = pending.select_related("review__about", "review__submission")
    last = related.order_by("-pk").first()
    if last is not None and last.review.submission and last.review.submission.set_id:
        last.decided_together = Opinion.objects.given_with(last).count()
    return last


def _candidates(reviewer: Artist) -> tuple[ReviewQuerySet, ReviewQuerySet]:
    """Those that wait, and those whose claims ran out: each read by an index of its own."""
    others = Review.objects.decidable_by(reviewer)
    waiting = others.filter(status=Review.Status.WAITING)
    ran_out = others.filter(
        status=Review.Status.CLAIMED, claim_expires_at__lte=timezone.now(), closed_at=None
    )
    return waiting, ran_out


def _most_urgent(candidates: Iterable[ReviewQuerySet]) -> Review | None:
    found = [review for rows in candidates if (review := _first(rows))]
    return min(found, key=lambda review: (review.due_at, review.pk), default=None)


def _first(rows: ReviewQuerySet) -> Review | None:
    return rows.order_by("due_at", "pk").first()
