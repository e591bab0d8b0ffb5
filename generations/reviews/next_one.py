"""What a reviewer's page asks for while they work: more time, the next one, and what follows it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from artists.requests import ArtistRequest
from generations.models import Review
from generations.reviews import claiming, item
from generations.reviews.finding import find_review
from generations.reviews.forms import form_for
from generations.reviews.going_on import claim_next, look_ahead
from generations.reviews.guards import reviewers_only
from generations.veil.services import veils_of


@require_POST
@reviewers_only
def take_next(request: ArtistRequest) -> HttpResponse:
    return go_on(request)


@require_safe
@reviewers_only
def ahead(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    """The files of what probably comes after a review, for a browser to fetch beforehand."""
    coming = look_ahead(reviewer=request.user, beside=review_id)
    if coming is None or coming.about_id is None:
        return render(request, "generations/_review_ahead.html")
    veil = veils_of(request.user).over(is_flagged=coming.is_flagged)
    facts = {"review": find_review(coming.pk, reviewer=request.user), "veil": veil}
    return render(request, "generations/_review_ahead.html", facts)


@require_POST
@reviewers_only
def renew(request: ArtistRequest, review_id: UUID) -> JsonResponse:
    """A sign that somebody works on what they claimed: it is theirs for longer."""
    shown = Review.objects.shown_to(request.user)
    review = claiming.renew(review=get_object_or_404(shown, pk=review_id), reviewer=request.user)
    return JsonResponse({"seconds_left": review.seconds_claimed})


def go_on(request: ArtistRequest) -> HttpResponse:
    """Lead to the next review, claimed; or to the queue where nothing is left to decide.

    A page that can take the next one in its place has it at once, in the answer.
    """
    review = claim_next(reviewer=request.user)
    if review is None:
        messages.info(request, "Nothing is left that you may decide. Thank you.")
        return lead_to(request, "generations:queue")
    if "HX-Request" not in request.headers or not review.has_clip_page:
        return lead_to(request, review)
    review = find_review(review.pk, reviewer=request.user)
    answer = item.show(request, review, form=form_for(review))
    return push_url(answer, review.get_absolute_url())


def lead_to(request: ArtistRequest, to: Review | str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(resolve_url(to))
    return redirect(to)
