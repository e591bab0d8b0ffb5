"""The files of what is reviewed."""

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from artists.requests import ArtistRequest
from generations.media.delivery import serve_exactly
from generations.media.first_images import serve_first_image
from generations.reviews.finding import find_review, subject_of
from generations.reviews.guards import reviewers_only


@require_safe
@reviewers_only
def review_file(request: ArtistRequest, review_id: UUID, kind: str) -> HttpResponseBase:
    generation = subject_of(find_review(review_id, reviewer=request.user)).generation
    if generation.removed_at is not None:
        raise Http404
    rendition = get_object_or_404(generation.renditions, kind=kind)
    return serve_exactly(request, rendition, sha256=rendition.sha256)


@require_safe
@reviewers_only
def review_first_image(request: ArtistRequest, review_id: UUID) -> HttpResponseBase:
    review = find_review(review_id, reviewer=request.user)
    return serve_first_image(subject_of(review).generation)
