"""What a reviewer does with a review: claim it, give it back, decide, and take that back."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from artists.models import Artist
from artists.requests import ArtistRequest
from generations.models import Review
from generations.reviews import claiming, deciding, item
from generations.reviews.finding import find_review
from generations.reviews.forms import form_for
from generations.reviews.guards import reviewers_only
from generations.reviews.recording import answer


@require_POST
@reviewers_only
def claim(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = find_review(review_id, reviewer=request.user)
    claiming.claim(review=review, reviewer=request.user)
    return redirect(review)


@require_POST
@reviewers_only
def release(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = find_review(review_id, reviewer=request.user)
    claiming.release(review=review, reviewer=request.user)
    return redirect("generations:queue")


@require_POST
@reviewers_only
def decide(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = find_review(review_id, reviewer=request.user)
    form = form_for(review, request.POST)

    def show(status: int) -> HttpResponse:
        as_it_stands = find_review(review_id, reviewer=request.user)
        return item.show(request, as_it_stands, form=form, status=status)

    record = partial(_record, review, request.user)
    return answer(request, review, form, record=record, show=show)


@require_POST
@reviewers_only
def undo(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = find_review(review_id, reviewer=request.user)
    opinion = get_object_or_404(review.opinions.pending(), reviewer=request.user)
    undone = deciding.undo(opinion=opinion, reviewer=request.user)
    nothing = f"none of the {len(undone)} clips" if len(undone) > 1 else "nothing"
    messages.success(request, f"Taken back: {nothing} was decided.")
    return redirect(review)


def _record(review: Review, reviewer: Artist, *, whole_set: bool = False, **said: Any) -> None:
    reviews = _with_its_set(review, reviewer) if whole_set else [review]
    deciding.decide_together(reviews=reviews, reviewer=reviewer, **said)


def _with_its_set(review: Review, reviewer: Artist) -> list[Review]:
    """The review, with those of its set that the reviewer holds too."""
    held = Review.objects.held_by(reviewer)
    others = held.filter(pk__in=held.together(review)).exclude(pk=review.pk)
    return [review, *others.select_related("submission")]
