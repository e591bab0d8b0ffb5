"""The artist's page of one refused prompt, where they may appeal against it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from artists.access.guards import signed_in_or_404
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.appeals.forms import AppealForm
from generations.appeals.refused import appeal_refused, last_moment
from generations.models import Promise, RefusedPrompt
from generations.pauses.guard import own_work
from portal.forms import sent, status_of


@before_terms
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_404
@own_work
def refused_prompt(request: ArtistRequest, refused_id: UUID) -> HttpResponse:
    """One refused prompt, with its ground and the way to an appeal; its artist's alone (I7)."""
    own = RefusedPrompt.objects.visible_to(request.user).with_appeals()
    refused = get_object_or_404(own, pk=refused_id)
    form = AppealForm(sent(request))
    form.fields["text"].help_text = "For the person who decides. They see what refused it, and why."
    if form.is_valid():
        made = appeal_refused(refused.pk, artist=request.user, text=form.cleaned_data["text"])
        messages.success(request, "Your appeal has come in. Its due date stands below.")
        return redirect(made)
    facts = {
        "refused": refused,
        "form": form,
        "last_moment": last_moment(refused),
        "answer_days": Promise.objects.in_force().appeal_days,
    }
    return render(request, "generations/checks/refused_prompt.html", facts, status=status_of(form))
