"""What a reviewer's page asks for while they work: more time, the next one, and what follows it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from artists.requests import ArtistRequest
from generations.models import Review
from generations.reviews import claiming
from generations.reviews.going_on import claim_next, look_ahead
from generations.reviews.guards import reviewers_only


@require_POST
@reviewers_only
def take_next(request: ArtistRequest) -> HttpResponse:
    return go_on(request)


@require_safe
@reviewers_only
def ahead(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    """The files of what probably comes after a review, for a browser to fetch beforehand."""
    review = look_ahead(reviewer=request.user, beside=review_id)
    return render(request, "generations/_review_ahead.html", {"review": review})


@require_POST
@reviewers_only
def renew(request: ArtistRequest, review_id: UUID) -> JsonResponse:
    """A sign that somebody works on what they claimed: it is theirs for longer."""
    shown = Review.objects.shown_to(request.user)
    review = claiming.renew(review=get_object_or_404(shown, pk=review_id), reviewer=request.user)
    return JsonResponse({"seconds_left": review.seconds_claimed})


def go_on(request: ArtistRequest) -> HttpResponse:
    """Lead to the next review, claimed; or to the queue where nothing is left to decide."""
    review = claim_next(reviewer=request.user)
    if review is not None:
        return redirect(review)
    messages.info(request, "Nothing is left that you may decide. Thank you.")
    return redirect("generations:queue")
