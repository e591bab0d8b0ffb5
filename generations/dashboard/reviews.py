"""How reviews go: the managers' page, and its rows to take away."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.dashboard import reviewing, reviews_glance
from generations.dashboard.forms import ReviewsFilter
from generations.dashboard.reviewing import Asked
from portal.exporting import csv_response
from portal.forms import status_of

HEADINGS = [
    "submission",
    "cohort",
    "video_model",
    "submitted_at",
    "first_claimed_at",
    "due_at",
    "decided_at",
    "outcome",
    "by_silence",
    "ground",
    "reviewer",
    "on_time",
    "hours_to_decision",
]

managers_only = with_permission("generations.view_dashboard")


@require_safe
@managers_only
def reviews(request: ArtistRequest) -> HttpResponse:
    form = ReviewsFilter.read(request.GET)
    asked = form.asked
    facts = reviews_glance.read(asked) | {
        "form": form,
        "period": asked.period,
        "querystring": request.GET.urlencode(),
    }
    return render(request, "generations/dashboard/reviews.html", facts, status=status_of(form))


@require_safe
@managers_only
def reviews_csv(request: ArtistRequest) -> HttpResponseBase:
    """The decisions behind the figures, a row each; no title, prompt or word of anybody."""
    asked = ReviewsFilter.read(request.GET).asked
    name = f"reviews-{asked.period.first}-{asked.period.last}.csv"
    return csv_response(_rows(asked), headings=HEADINGS, filename=name)


def _rows(asked: Asked) -> Iterator[list[object]]:
    found = reviewing.decisions(asked).select_related(
        "ground",
        "reviewer",
        "submission__review__cohort",
        "submission__review__video_model",
    )
    for decision in found.order_by("created_at", "pk").iterator(chunk_size=500):
        submission = decision.submission
        review = submission.review
        seconds = (decision.created_at - submission.created_at).total_seconds()
        yield [
            submission.pk,
            review.cohort,
            review.video_model.name,
            submission.created_at.isoformat(),
            review.first_claimed_at and review.first_claimed_at.isoformat(),
            submission.due_at.isoformat(),
            decision.created_at.isoformat(),
            decision.outcome,
            decision.is_by_silence,
            decision.ground and decision.ground.code,
            decision.reviewer,
            decision.created_at <= submission.due_at,
            f"{seconds / 3600:.2f}",
        ]
