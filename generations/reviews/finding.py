"""The review that an address names, with what its page shows of it."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from artists.models import Artist
from generations.models import Review, Submission


def find_review(review_id: UUID, *, reviewer: Artist) -> Review:
    """Raises Http404 where there is none that the reviewer is shown (I9)."""
    shown = Review.objects.shown_to(reviewer).select_related(
        "artist__cohort",
        "claimed_by",
        "submission__decision__ground",
        "appeal__against__reviewer",
        "appeal__against__ground",
        "appeal__decided_by",
        "appeal__artist",
        "appeal__share",
        "about__rendition",
        "about__generation__video_model",
        "about__generation__frames_due",
        "about__artist",
    )
    return get_object_or_404(shown.with_part_of(reviewer), pk=review_id)


def subject_of(review: Review) -> Submission:
    """What it is about. Raises Http404 for an appeal against a refused prompt."""
    if review.about is None:
        raise Http404
    return review.about
