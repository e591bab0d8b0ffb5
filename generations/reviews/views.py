"""The reviewers' queue and one review of it; and the published list of grounds."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from artists.access.guards import with_permission
from artists.models import Artist
from artists.requests import ArtistRequest
from generations.media.credentials.statements import Statement
from generations.media.delivery import serve_exactly
from generations.models import (
    Decision,
    Ground,
    Opinion,
    Rendition,
    Review,
    SignedCopy,
    Submission,
)
from generations.reviews import claiming, deciding
from generations.reviews.forms import DecisionForm
from generations.reviews.paging import BadCursor, page_of

EARLIER_SHOWN = 10

reviewers_only = with_permission("generations.review_submission")


@dataclass(frozen=True)
class Claim:
    """Who holds a review, and until when."""

    by: Artist
    mine: bool
    expires_at: datetime


@login_not_required
@require_safe
def grounds(request: HttpRequest) -> HttpResponse:
    facts = {"grounds": Ground.objects.in_force(), "review_days": settings.REVIEW_DAYS}
    return render(request, "generations/grounds.html", facts)


@require_safe
@reviewers_only
def queue(request: ArtistRequest) -> HttpResponse:
    waiting = Review.objects.open().shown_to(request.user).for_list()
    try:
        reviews, next_cursor = page_of(waiting, after=request.GET.get("after", ""))
    except BadCursor as error:
        raise Http404 from error
    name = "_queue_page.html" if "HX-Request" in request.headers else "queue.html"
    facts = {"reviews": reviews, "next_cursor": next_cursor}
    return render(request, f"generations/{name}", facts)


@require_safe
@reviewers_only
def review(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    found = _find(request, review_id)
    if found.kind == Review.Kind.REPORT:
        return redirect("generations:reported", found.pk)
    return _show(request, found, form=DecisionForm())


@require_safe
@reviewers_only
def review_file(request: ArtistRequest, review_id: UUID, kind: str) -> HttpResponseBase:
    generation = _subject(_find(request, review_id)).generation
    if generation.removed_at is not None:
        raise Http404
    rendition = get_object_or_404(generation.renditions, kind=kind)
    return serve_exactly(request, rendition, sha256=rendition.sha256)


@require_POST
@reviewers_only
def claim(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = _find(request, review_id)
    claiming.claim(review=review, reviewer=request.user)
    return redirect(review)


@require_POST
@reviewers_only
def release(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    claiming.release(review=_find(request, review_id), reviewer=request.user)
    return redirect("generations:queue")


@require_POST
@reviewers_only
def decide(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = _find(request, review_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, review, form=form)
    opinion = deciding.decide(review=review, reviewer=request.user, **form.cleaned_data)
    messages.success(request, f"{_subject(review).title}: {opinion.get_outcome_display().lower()}.")
    return redirect("generations:queue")


@require_POST
@reviewers_only
def undo(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = _find(request, review_id)
    opinion = get_object_or_404(review.opinions.pending(), reviewer=request.user)
    deciding.undo(opinion=opinion, reviewer=request.user)
    messages.success(request, "Taken back: nothing was decided.")
    return redirect(review)


def _find(request: ArtistRequest, review_id: UUID) -> Review:
    shown = Review.objects.shown_to(request.user).select_related(
        "artist__cohort",
        "claimed_by",
        "submission__decision__ground",
        "about__rendition",
        "about__generation__video_model",
        "about__artist",
    )
    return get_object_or_404(shown, pk=review_id)


def _subject(review: Review) -> Submission:
    if review.about is None:
        raise Http404
    return review.about


def _show(request: ArtistRequest, review: Review, *, form: DecisionForm) -> HttpResponse:
    submission = _subject(review)
    earlier = Decision.objects.filter(artist=review.artist).exclude(submission=submission)
    waveforms = submission.generation.renditions.filter(kind=Rendition.Kind.WAVEFORM)
    facts = {
        "review": review,
        "submission": submission,
        "generation": submission.generation,
        "waveform_url": review.waveform_url if waveforms.exists() else "",
        "said": _file_says(submission),
        "form": form,
        "grounds": Ground.objects.in_force(),
        "earlier": earlier.select_related("ground", "submission").order_by("-pk")[:EARLIER_SHOWN],
        "claim": _running_claim(review, reviewer=request.user),
        "pending": _undoable(review, reviewer=request.user),
        "late": review.opinions.due().exists(),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "generations/review.html", facts, status=status)


def _file_says(submission: Submission) -> Statement | None:
    """What the public file says, or would say if it were approved now; None after a refusal."""
    if submission.is_undecided:
        return Statement.public(submission, approved_at=timezone.now())
    copy = SignedCopy.objects.filter(submission=submission).only("says").first()
    return Statement(**copy.says) if copy else None


def _running_claim(review: Review, *, reviewer: Artist) -> Claim | None:
    by, expires_at = review.claimed_by, review.claim_expires_at
    if not review.has_running_claim or by is None or expires_at is None:
        return None
    return Claim(by=by, mine=by == reviewer, expires_at=expires_at)


def _undoable(review: Review, *, reviewer: Artist) -> Opinion | None:
    """The reviewer's own decision, while it may be taken back."""
    opinion = review.opinions.pending().filter(reviewer=reviewer).first()
    return opinion if opinion and opinion.can_be_undone else None
