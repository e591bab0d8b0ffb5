"""The page “How I review”."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from generations.models import ReviewerPreferences
from generations.veil.forms import PreferencesForm
from generations.veil.services import keep
from portal.forms import sent, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission("generations.review_submission")
def how_i_review(request: ArtistRequest) -> HttpResponse:
    kept = ReviewerPreferences.objects.of(request.user)
    form = PreferencesForm(sent(request), instance=kept)
    if form.is_valid():
        keep(reviewer=request.user, **form.cleaned_data)
        messages.success(request, "Kept. It holds from the next clip on.")
        return redirect("generations:how_i_review")
    return render(request, "generations/how_i_review.html", {"form": form}, status=status_of(form))
