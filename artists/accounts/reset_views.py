"""A manager's page that removes the second factors of somebody who lost them."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from artists.access.guards import said_who_they_are, with_permission
from artists.accounts.errors import OwnFactors
from artists.accounts.resetting import REASON_MAX_CHARS, kinds_of, reset_factors
from artists.models import Artist, LetterKind
from artists.requests import ArtistRequest
from portal.forms import sent, status_of
from portal.people_fields import ProseField

SHOWN = 5


class ResetForm(forms.Form):
    reason = ProseField(
        max_length=REASON_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They read it in the letter. Say how you know that it is them who asked.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_permission("artists.give_roles")
@said_who_they_are
def reset(request: ArtistRequest, artist_id: int) -> HttpResponse:
    """Say what goes and what stays, ask for the reason, and do it."""
    person = get_object_or_404(Artist, pk=artist_id, is_active=True)
    if person == request.user:
        raise OwnFactors
    form = ResetForm(sent(request))
    if form.is_valid():
        reset_factors(person, by=request.user, **form.cleaned_data)
        messages.success(request, f"Removed. {person} is signed out, and told by mail.")
        return redirect("artists:roles_of", person.pk)
    before = person.letters.filter(kind=LetterKind.FACTORS).select_related("by")[:SHOWN]
    facts = {"person": person, "form": form, "kinds": kinds_of(person), "before": before}
    return render(request, "artists/reset_factors.html", facts, status=status_of(form))
