"""The reviewer's queue and one submission; and the published list of grounds."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

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
from generations.models import Decision, Ground, Promise, Rendition, SignedCopy, Submission
from generations.reviews import services
from generations.reviews.forms import DecisionForm
from generations.reviews.paging import BadCursor, page_of

EARLIER_SHOWN = 10

reviewers_only = with_permission("generations.review_submission")


@dataclass(frozen=True)
class Claim:
    """Who holds a submission, and until when."""

    by: Artist
    mine: bool
    expires_at: datetime


@login_not_required
@require_safe
def grounds(request: HttpRequest) -> HttpResponse:
    facts = {"grounds": Ground.objects.in_force(), "promise": Promise.objects.in_force()}
    return render(request, "generations/grounds.html", facts)


@require_safe
@reviewers_only
def queue(request: ArtistRequest) -> HttpResponse:
    waiting = (
        Submission.objects.undecided()
        .reviewable_by(request.user)
        .select_related("artist", "claimed_by", "generation__video_model")
    )
    try:
        submissions, next_cursor = page_of(waiting, after=request.GET.get("after", ""))
    except BadCursor as error:
        raise Http404 from error
    name = "_queue_page.html" if "HX-Request" in request.headers else "queue.html"
    facts = {"submissions": submissions, "next_cursor": next_cursor}
    return render(request, f"generations/{name}", facts)


@require_safe
@reviewers_only
def review(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = _find(request, submission_id)
    return _show(request, submission, form=DecisionForm())


@require_safe
@reviewers_only
def review_file(request: ArtistRequest, submission_id: UUID, kind: str) -> HttpResponseBase:
    generation = _find(request, submission_id).generation
    if generation.removed_at is not None:
        raise Http404
    rendition = get_object_or_404(generation.renditions, kind=kind)
    return serve_exactly(request, rendition, sha256=rendition.sha256)


@require_POST
@reviewers_only
def claim(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = _find(request, submission_id)
    services.claim(submission=submission, reviewer=request.user)
    return redirect("generations:review", submission.pk)


@require_POST
@reviewers_only
def release(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = _find(request, submission_id)
    services.release(submission=submission, reviewer=request.user)
    return redirect("generations:queue")


@require_POST
@reviewers_only
def decide(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = _find(request, submission_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, submission, form=form)
    decision = services.decide(submission=submission, reviewer=request.user, **form.cleaned_data)
    messages.success(request, f"{submission.title}: {decision.result.lower()}.")
    return redirect("generations:queue")


def _find(request: ArtistRequest, submission_id: UUID) -> Submission:
    reviewable = Submission.objects.reviewable_by(request.user).select_related(
        "artist__cohort", "claimed_by", "generation__video_model", "rendition", "decision__ground"
    )
    return get_object_or_404(reviewable, pk=submission_id)


def _show(request: ArtistRequest, submission: Submission, *, form: DecisionForm) -> HttpResponse:
    earlier = Decision.objects.filter(artist=submission.artist).exclude(submission=submission)
    waveforms = submission.generation.renditions.filter(kind=Rendition.Kind.WAVEFORM)
    facts = {
        "submission": submission,
        "generation": submission.generation,
        "waveform_url": submission.waveform_url if waveforms.exists() else "",
        "said": _file_says(submission),
        "form": form,
        "grounds": Ground.objects.in_force(),
        "earlier": earlier.select_related("ground", "submission").order_by("-pk")[:EARLIER_SHOWN],
        "claim": _running_claim(submission, reviewer=request.user),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "generations/review.html", facts, status=status)


def _file_says(submission: Submission) -> Statement | None:
    """What the public file says, or would say if it were approved now; None after a refusal."""
    if submission.is_undecided:
        return Statement.public(submission, approved_at=timezone.now())
    copy = SignedCopy.objects.filter(submission=submission).only("says").first()
    return Statement(**copy.says) if copy else None


def _running_claim(submission: Submission, *, reviewer: Artist) -> Claim | None:
    by, expires_at = submission.claimed_by, submission.claim_expires_at
    if not submission.has_running_claim or by is None or expires_at is None:
        return None
    return Claim(by=by, mine=by == reviewer, expires_at=expires_at)
