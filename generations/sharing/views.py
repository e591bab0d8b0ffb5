"""How a submission or a share is ended."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.models import Ground, Share, Submission
from generations.sharing import services
from generations.sharing.forms import TakeDownForm


@before_terms
@require_POST
@login_required
def withdraw_submission(request: ArtistRequest, submission_id: UUID) -> HttpResponse:
    submission = get_object_or_404(Submission, pk=submission_id, artist=request.user)
    services.withdraw_submission(submission)
    messages.success(request, "Taken back. Nobody will review it.")
    return redirect(submission.generation)


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
    form = TakeDownForm(request.POST or None)
    if form.is_valid():
        services.take_down(share, manager=request.user, **form.cleaned_data)
        messages.success(request, "Taken down. The artist is told why.")
        return redirect(share)
    facts = {"share": share, "form": form, "grounds": Ground.objects.in_force()}
    return render(request, "generations/take_down.html", facts)
