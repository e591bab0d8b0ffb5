"""What a clip is compared with: an earlier version that was submitted too, and its first image."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from generations.models import Rendition, Review, Submission


@dataclass(frozen=True)
class Beside:
    """Something to look at beside the clip. `clip` is None for a picture."""

    words: str
    url: str
    poster_url: str = ""
    clip: Rendition | None = None


def beside_of(review: Review, submission: Submission) -> list[Beside]:
    """The earlier version first, then the first image; empty where there is neither."""
    found = []
    earlier = earlier_version(submission)
    if earlier is not None:
        found.append(
            Beside(
                words=f"the earlier version, “{earlier.title}”",
                url=earlier.review.video_url,
                poster_url=earlier.review.poster_url,
                clip=earlier.rendition,
            )
        )
    if submission.generation.first_image:
        url = reverse("generations:review_first_image", args=[review.pk])
        found.append(Beside(words="the first image", url=url))
    return found


def earlier_version(submission: Submission) -> Submission | None:
    """The latest submission of another clip that this one follows, or that it was made from.

    An artist's works are their own until they submit them: what was never submitted, or was taken
    back, is shown to no reviewer.
    """
    parent = submission.generation.parent_id
    if parent is None and submission.previous_id is None:
        return None
    follows = Q(pk=submission.previous_id) | Q(generation=parent, generation__isnull=False)
    versions = Submission.objects.filter(
        follows,
        artist=submission.artist_id,
        review__isnull=False,
        generation__removed_at=None,
        pk__lt=submission.pk,
    )
    others = versions.exclude(generation=submission.generation_id)
    shown = others.exclude(status=Submission.Status.WITHDRAWN)
    return shown.select_related("rendition", "review").order_by("-pk").first()
