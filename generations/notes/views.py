"""Pinning, changing and removing notes, on the page of a review."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.models import Note, Review, Submission
from generations.notes import services
from generations.notes.forms import NoteForm
from generations.notes.showing import notes_of

reviewers_only = with_permission("generations.review_submission")


@require_POST
@reviewers_only
def pin(request: ArtistRequest, review_id: UUID) -> HttpResponse:
    submission = _find(request, review_id)
    form = NoteForm(request.POST, clip=submission.rendition)
    if not form.is_valid():
        return _ask_again(request, submission, form)
    services.pin(submission=submission, author=request.user, **form.cleaned_data)
    return _answer(request, submission)


@require_POST
@reviewers_only
def change(request: ArtistRequest, review_id: UUID, note_id: UUID) -> HttpResponse:
    submission = _find(request, review_id)
    note = _own(request, submission, note_id)
    form = NoteForm(request.POST, clip=submission.rendition, note=note)
    if not form.is_valid():
        return _ask_again(request, submission, form)
    services.change(note=note, author=request.user, **form.cleaned_data)
    return _answer(request, submission)


@require_POST
@reviewers_only
def remove(request: ArtistRequest, review_id: UUID, note_id: UUID) -> HttpResponse:
    submission = _find(request, review_id)
    services.remove(note=_own(request, submission, note_id), author=request.user)
    return _answer(request, submission)


def _find(request: ArtistRequest, review_id: UUID) -> Submission:
    """The submission of a review that the person may see; appeals and reports get no notes."""
    shown = Review.objects.shown_to(request.user).filter(pk=review_id)
    submissions = Submission.objects.filter(review__in=shown)
    return get_object_or_404(submissions.select_related("rendition", "review"))


def _own(request: ArtistRequest, submission: Submission, note_id: UUID) -> Note:
    own = Note.objects.own(request.user).filter(submission=submission)
    note = get_object_or_404(own, pk=note_id)
    note.submission = submission
    return note


def _answer(request: ArtistRequest, submission: Submission) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return redirect(submission.review)
    return _show(request, submission)


def _ask_again(request: ArtistRequest, submission: Submission, form: NoteForm) -> HttpResponse:
    """Show what is wrong: among the notes, or without script on a page of its own."""
    if "HX-Request" in request.headers:
        return _show(request, submission, form=form)
    facts = {"form": form, "submission": submission, "review": submission.review}
    return render(request, "generations/note.html", facts, status=400)


def _show(
    request: ArtistRequest, submission: Submission, *, form: NoteForm | None = None
) -> HttpResponse:
    shown = notes_of(submission, reviewer=request.user, holds=True, form=form)
    facts = shown | {"submission": submission, "review": submission.review}
    return render(request, "generations/_notes.html", facts)
