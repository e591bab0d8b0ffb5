"""The page of one work: what it is, how far it is, what happened, and whether others may see it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from artists.access.guards import signed_in_or_404
from artists.requests import ArtistRequest
from generations.appeals.services import appeal_of, appealable_of
from generations.library.playing import choose_copy
from generations.media.credentials.statements import Statement
from generations.media.marking import copies_of
from generations.models import Generation, Promise, Rendition, Submission
from generations.pauses.guard import own_work
from generations.providers.registry import stop_billing_providers, stoppable_providers
from generations.rendering.waiting import expected_wait
from generations.sharing import services as sharing
from generations.sharing.errors import NotShareable
from generations.sharing.following import place_of, with_steps
from generations.sharing.forms import SubmissionForm
from portal.forms import status_of
from portal.paging import cut

MOVES_SHOWN = 50
REMIXES_SHOWN = 12
SUBMISSIONS_SHOWN = 10


@require_safe
@signed_in_or_404
@own_work
def work(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    return _show(request, _find(request, generation_id))


@require_safe
@signed_in_or_404
@own_work
def progress(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    """How far a generation is: a fragment that asks for itself again until it has ended."""
    context = _progress_of(_find(request, generation_id))
    return render(request, "generations/_progress_update.html", context)


@require_POST
@login_required
@own_work
def submit(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    """Submit the work for sharing; a form that does not fit comes back with what is wrong."""
    generation = _find(request, generation_id)
    if not generation.is_ready:
        raise NotShareable
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return _show(request, generation, form=form)
    sharing.submit(generation=generation, **form.cleaned_data)
    messages.success(request, "Submitted. The date by which you have an answer stands below.")
    return redirect(generation)


def _find(request: ArtistRequest, generation_id: UUID) -> Generation:
    own = Generation.objects.visible_to(request.user).select_related(
        "artist", "video_model", "reservation", "parent__video_model", "pause"
    )
    return get_object_or_404(own.with_sent_at(), pk=generation_id)


def _show(
    request: ArtistRequest, generation: Generation, *, form: SubmissionForm | None = None
) -> HttpResponse:
    submissions, has_more_submissions = cut(
        Submission.objects.history(generation), size=SUBMISSIONS_SHOWN
    )
    remixes, has_more_remixes = cut(
        Generation.objects.visible_to(request.user).filter(parent=generation).order_by("-pk"),
        size=REMIXES_SHOWN,
    )
    parent = generation.parent
    renditions = list(generation.renditions.all()) if generation.is_ready else []
    kinds = {rendition.kind for rendition in renditions}
    submission_form = form or _submission_form(generation, submissions)
    context = {
        "playing": choose_copy(request, generation, renditions),
        "copies": copies_of(renditions),
        "waveform_url": generation.waveform_url if Rendition.Kind.WAVEFORM in kinds else "",
        "parent": parent if parent and not parent.removed_at else None,
        "remixes": remixes,
        "has_more_remixes": has_more_remixes,
        "submissions": submissions,
        "has_more_submissions": has_more_submissions,
        "submissions_with_steps": with_steps(submissions),
        "place": next((place_of(one.review) for one in submissions if one.is_undecided), None),
        "submission_form": submission_form,
        "promise": Promise.objects.in_force() if submission_form else None,
        "appealable": appealable_of(submissions),
        "draft_days": settings.DRAFT_DAYS,
        "said": Statement.private(generation),
    }
    context |= _progress_of(generation)
    return render(request, "generations/work.html", context, status=status_of(form))


def _progress_of(generation: Generation) -> dict[str, Any]:
    """How far a generation is, with its last steps in the order in which they were taken."""
    moves, has_earlier_moves = cut(generation.moves.order_by("-pk"), size=MOVES_SHOWN)
    return {
        "generation": generation,
        "wait": expected_wait(generation) if generation.is_active else None,
        "moves": moves[::-1],
        "stoppable_providers": stoppable_providers(),
        "stop_billing_providers": stop_billing_providers(),
        "has_earlier_moves": has_earlier_moves,
    }


def _submission_form(
    generation: Generation, submissions: list[Submission]
) -> SubmissionForm | None:
    """The form to submit a work, while nothing about it is undecided or public."""
    if not generation.is_ready:
        return None
    for submission in submissions:
        share = getattr(submission, "share", None)
        if submission.is_undecided or (share and share.is_live):
            return None
        if (appeal := appeal_of(submission)) and appeal.is_open:
            return None
    return SubmissionForm.for_work(generation)
