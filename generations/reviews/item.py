"""The page of one review: a clip, how it was made, what was said of it, and the decision."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from artists.models import Artist
from artists.requests import ArtistRequest
from generations.appeals.forms import MessageForm
from generations.appeals.thread import messages_for
from generations.media.credentials.statements import Statement
from generations.models import (
    Check,
    Decision,
    Ground,
    Rendition,
    Review,
    SignedCopy,
    Submission,
)
from generations.notes.showing import notes_of
from generations.reviews.comparing import beside_of
from generations.reviews.finding import find_review, subject_of
from generations.reviews.following import before_of
from generations.reviews.forms import DecisionForm, form_for
from generations.reviews.guards import reviewers_only
from generations.reviews.neighbours import neighbours_of, set_of
from generations.reviews.replies import reply_templates
from generations.reviews.standing import heard, standing_of
from generations.veil.services import veils_of

EARLIER_SHOWN = 10


@require_safe
@reviewers_only
def show_review(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    review = find_review(review_id, reviewer=request.user)
    if review.kind == Review.Kind.REPORT:
        return redirect("generations:reported", review.pk)
    if review.about is None:
        return redirect("generations:review_prompt", review.pk)
    return show(request, review, form=form_for(review))


def show(
    request: ArtistRequest, review: Review, *, form: Form, status: int = HTTPStatus.OK
) -> HttpResponse:
    submission = subject_of(review)
    earlier = Decision.objects.filter(artist=review.artist).exclude(submission=submission)
    waveforms = submission.generation.renditions.filter(kind=Rendition.Kind.WAVEFORM)
    if review.submission_id is not None:
        submission.review = review  # its stage asks for it
    veils = veils_of(request.user)
    standing = standing_of(review, reviewer=request.user, had_part=review.had_part)
    has_claim = standing["claim"] is not None and standing["claim"].is_mine
    grounds = list(Ground.objects.in_force().with_overturns())
    if isinstance(form, DecisionForm):
        form.offer(grounds)
    facts = {
        "review": review,
        "submission": submission,
        "generation": submission.generation,
        "before": before_of(submission),
        "beside": beside_of(review, submission),
        "set": set_of(submission, reviewer=request.user),
        "veils": veils,
        "veil": veils.over(is_flagged=review.is_flagged),
        "waveform_url": review.waveform_url if waveforms.exists() else "",
        "neighbours": neighbours_of(review, reviewer=request.user),
        "said": _file_says(submission),
        "checks": Check.objects.of(submission.generation_id),
        "form": form,
        "grounds": grounds,
        "earlier": earlier.select_related("ground", "submission__review").order_by("-pk")[
            :EARLIER_SHOWN
        ],
        "heard": heard(review, reader=request.user),
        "templates": reply_templates(grounds) if has_claim else [],
        **standing,
        **_appeal_facts(review, reader=request.user),
        **notes_of(submission, reviewer=request.user, holds=has_claim and submission.is_undecided),
    }
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
