"""The reviewers' queue and one review of it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from artists.models import Artist
from artists.requests import ArtistRequest
from generations.appeals.forms import MessageForm
from generations.appeals.thread import messages_for
from generations.media.credentials.statements import Statement
from generations.media.delivery import serve_exactly
from generations.media.first_images import serve_first_image
from generations.models import (
    Check,
    Decision,
    Ground,
    Opinion,
    Rendition,
    Review,
    SignedCopy,
    Submission,
)
from generations.models.review import DECIDE_ESCALATED
from generations.notes.showing import notes_of
from generations.reviews import claiming, deciding
from generations.reviews.comparing import beside_of
from generations.reviews.forms import form_for
from generations.reviews.going_on import last_undoable
from generations.reviews.guards import reviewers_only
from generations.reviews.neighbours import neighbours_of, set_of
from generations.reviews.next_one import go_on
from generations.reviews.replies import reply_templates
from generations.veil.services import veils_of

EARLIER_SHOWN = 10


@dataclass(frozen=True)
class Claim:
    """Who holds a review, and until when."""

    by: Artist
    mine: bool
    expires_at: datetime


@require_safe
@reviewers_only
def review(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = _find(request, review_id)
    if review.kind == Review.Kind.REPORT:
        return redirect("generations:reported", review.pk)
    if review.about is None:
        return redirect("generations:review_prompt", review.pk)
    return _show(request, review, form=form_for(review))


@require_safe
@reviewers_only
def review_file(request: ArtistRequest, review_id: UUID, kind: str) -> HttpResponseBase:
    generation = _subject(_find(request, review_id)).generation
    if generation.removed_at is not None:
        raise Http404
    rendition = get_object_or_404(generation.renditions, kind=kind)
    return serve_exactly(request, rendition, sha256=rendition.sha256)


@require_safe
@reviewers_only
def review_first_image(request: ArtistRequest, review_id: UUID) -> HttpResponseBase:
    return serve_first_image(_subject(_find(request, review_id)).generation)


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
    form = form_for(review, request.POST)
    if not form.is_valid():
        return _show(request, review, form=form)
    said = form.cleaned_data
    reviews = _with_its_set(review, request.user) if said.pop("whole_set", False) else [review]
    deciding.decide_together(reviews=reviews, reviewer=request.user, **said)
    if "stop" in request.POST:
        return redirect("generations:queue")
    return go_on(request)


@require_POST
@reviewers_only
def undo(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = _find(request, review_id)
    opinion = get_object_or_404(review.opinions.pending(), reviewer=request.user)
    undone = deciding.undo(opinion=opinion, reviewer=request.user)
    nothing = f"none of the {len(undone)} clips" if len(undone) > 1 else "nothing"
    messages.success(request, f"Taken back: {nothing} was decided.")
    return redirect(review)


def _find(request: ArtistRequest, review_id: UUID) -> Review:
    shown = Review.objects.shown_to(request.user).select_related(
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
    judged = Opinion.objects.judging().filter(reviewer=request.user, about=OuterRef("about"))
    return get_object_or_404(shown.annotate(had_a_part=Exists(judged)), pk=review_id)


def _with_its_set(review: Review, reviewer: Artist) -> list[Review]:
    """The review with those of its set that the reviewer holds too."""
    held = Review.objects.held_by(reviewer)
    return list(held.filter(pk__in=held.together(review)).select_related("submission"))


def _subject(review: Review) -> Submission:
    if review.about is None:
        raise Http404
    return review.about


def _show(request: ArtistRequest, review: Review, *, form: Form) -> HttpResponse:
    submission = _subject(review)
    earlier = Decision.objects.filter(artist=review.artist).exclude(submission=submission)
    waveforms = submission.generation.renditions.filter(kind=Rendition.Kind.WAVEFORM)
    if review.submission_id is not None:
        submission.review = review  # its stage asks for it
    veils = veils_of(request.user)
    claim = running_claim(review, reviewer=request.user)
    holds = claim is not None and claim.mine and submission.is_undecided
    facts = {
        "review": review,
        "submission": submission,
        "generation": submission.generation,
        "beside": beside_of(review, submission),
        "set": set_of(submission, reviewer=request.user),
        "veils": veils,
        "veil": veils.over(is_flagged=review.is_flagged),
        "waveform_url": review.waveform_url if waveforms.exists() else "",
        "neighbours": neighbours_of(review, reviewer=request.user),
        "said": _file_says(submission),
        "checks": Check.objects.of(submission.generation_id),
        "form": form,
        "grounds": Ground.objects.in_force().with_overturns(),
        "earlier": earlier.select_related("ground", "submission").order_by("-pk")[:EARLIER_SHOWN],
        "claim": claim,
        "pending": undoable(review, reviewer=request.user),
        "heard": heard(review, reader=request.user),
        "templates": reply_templates(),
        "undoable": last_undoable(request.user),
        "late": review.opinions.due().exists(),
        **_appeal_facts(review, reader=request.user),
        **notes_of(submission, reviewer=request.user, holds=holds),
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "generations/review.html", facts, status=status)


def _appeal_facts(review: Review, *, reader: Artist) -> dict[str, Any]:
    """Of an appeal: what was said first, and the thread, if the reader is one of its two."""
    if review.appeal is None:
        return {}
    messages = messages_for(review.appeal, reader)
    return {
        "appeal": review.appeal,
        "first": review.appeal.against,
        "thread": messages,
        "message_form": MessageForm() if messages is not None and review.is_open else None,
    }


def _file_says(submission: Submission) -> Statement | None:
    """What the public file says, or would say if it were approved now; None after a refusal."""
    if submission.is_undecided:
        return Statement.public(submission, approved_at=timezone.now())
    copy = SignedCopy.objects.filter(submission=submission).only("says").first()
    return Statement(**copy.says) if copy else None


def running_claim(review: Review, *, reviewer: Artist) -> Claim | None:
    by, expires_at = review.claimed_by, review.claim_expires_at
    if not review.has_running_claim or by is None or expires_at is None:
        return None
    return Claim(by=by, mine=by == reviewer, expires_at=expires_at)


def heard(review: Review, *, reader: Artist) -> QuerySet[Opinion]:
    """What was said before, for a manager who decides: a second person sees the work fresh."""
    said = review.opinions.given().exclude(enacted_at=None).select_related("reviewer", "ground")
    is_for_managers = review.level == Review.Level.MANAGERS
    may_read = is_for_managers and reader.has_perm(DECIDE_ESCALATED)
    return said.order_by("pk") if may_read else said.none()


def undoable(review: Review, *, reviewer: Artist) -> Opinion | None:
    """The reviewer's own decision, while it may be taken back."""
    opinion = review.opinions.pending().filter(reviewer=reviewer).first()
    return opinion if opinion and opinion.can_be_undone else None
