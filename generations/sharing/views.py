"""What is done to a submission or a share after it was made; and several submitted together."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.models import Generation, Ground, Share, Submission
from generations.sharing import amending, services, sets
from generations.sharing.errors import TooLateToAmend
from generations.sharing.forms import FILE_CHOICES, AmendForm, SetForm, TakeDownForm
from portal.forms import sent, status_of

WORKS_SHOWN = 120


@before_terms
@require_POST
@login_required
def withdraw_submission(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = get_object_or_404(Submission, pk=submission_id, artist=request.user)
    services.withdraw_submission(submission)
    messages.success(request, "Taken back. Nobody will review it.")
    return redirect(submission.generation)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def amend(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    """Say something else about a submission that nobody reviews yet."""
    own = Submission.objects.of(request.user).select_related("generation")
    submission = get_object_or_404(own, pk=submission_id)
    if not submission.can_be_amended:
        raise TooLateToAmend
    form = AmendForm(sent(request), instance=submission)
    if form.is_valid():
        amending.amend(submission, **form.cleaned_data)
        messages.success(request, "Changed. The date of your answer stays the same.")
        return redirect(submission.generation)
    facts = {"submission": submission, "form": form}
    return render(request, "generations/amend.html", facts, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submit_set(request: ArtistRequest) -> HttpResponse:
    """Choose several finished works and submit them together."""
    usual = forms.model_to_dict(request.user, fields=["credit_name", *FILE_CHOICES])
    form = SetForm(sent(request), artist=request.user, initial=usual)
    if form.is_valid():
        made = sets.submit_set(artist=request.user, **form.cleaned_data)
        count = made.submissions.count()
        messages.success(request, f"{count} clips are submitted. Each page has its due date.")
        return redirect("generations:library")
    works = Generation.objects.shareable_by(request.user).order_by("-pk")
    facts = {
        "form": form,
        "works": works[:WORKS_SHOWN],
        "works_at_most": sets.WORKS_AT_MOST,
        "chosen": form["works"].value() or [],
    }
    return render(request, "generations/submit_set.html", facts, status=status_of(form))


@before_terms
@require_POST
@login_required
def withdraw(request: ArtistRequest, slug: str) -> HttpResponse:
    share = get_object_or_404(Share, slug=slug, submission__artist=request.user)
    services.withdraw(share, artist=request.user)
    messages.success(request, "The public page is closed.")
    return redirect(share.submission.generation)


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission("generations.take_down_share")
def take_down(request: ArtistRequest, slug: str) -> HttpResponse:
    live = Share.objects.live().select_related("submission__generation__video_model")
    share = get_object_or_404(live.exclude(submission__artist=request.user), slug=slug)
    form = TakeDownForm(sent(request))
    if form.is_valid():
        services.take_down(share, manager=request.user, **form.cleaned_data)
        messages.success(request, "Taken down. The artist is told why.")
        return redirect(share)
    facts = {"share": share, "form": form, "grounds": Ground.objects.in_force()}
    return render(request, "generations/take_down.html", facts, status=status_of(form))
