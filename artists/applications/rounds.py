"""Rounds: what a manager sets, and the pages on which they do."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from artists.access.guards import with_permission
from artists.applications.errors import TakenPlaces
from artists.applications.forms import RoundForm
from artists.models import Application, Artist, Cohort, Round
from artists.requests import ArtistRequest
from portal.audit import record
from portal.forms import RefusalsShownIn, sent, status_of

ROUNDS_SHOWN = 100
WAITING = Q(applications__state=Application.State.RECEIVED)

managers_only = with_permission("artists.change_round")


@transaction.atomic
def save_round(
    round_: Round | None,
    *,
    by: Artist,
    name: str,
    cohort: Cohort,
    opens_at: datetime,
    closes_at: datetime,
    places: int,
) -> Round:
    """Make a round, or change one. Raises TakenPlaces for fewer places than are taken."""
    if round_ is None:
        saved, verb = Round(), "round.made"
    else:
        saved = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
        verb = "round.changed"
        if places < saved.taken:
            raise TakenPlaces
    saved.name, saved.cohort, saved.places = name, cohort, places
    saved.opens_at, saved.closes_at = opens_at, closes_at
    saved.save()
    facts = {"name": name, "cohort": cohort.pk, "places": places}
    record(verb, actor=by, subject=saved, facts=facts | {"opens": opens_at, "closes": closes_at})
    return saved


@require_safe
@managers_only
def rounds(request: ArtistRequest) -> HttpResponse:
    found = Round.objects.select_related("cohort").annotate(
        received=Count("applications", filter=~Q(applications__state="withdrawn")),
        waiting=Count("applications", filter=WAITING),
    )
    return render(request, "artists/rounds.html", {"rounds": found[:ROUNDS_SHOWN]})


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def edit_round(request: ArtistRequest, round_id: int | None = None) -> HttpResponse:
    """Make a round, or change one."""
    round_ = get_object_or_404(Round, pk=round_id) if round_id else None
    form = RoundForm(sent(request), round_=round_)
    if form.is_valid():
        with RefusalsShownIn(form):
            saved = save_round(round_, by=request.user, **form.cleaned_data)
            messages.success(request, f"“{saved}” is saved.")
            return redirect("artists:rounds")
    facts = {"form": form, "round": round_}
    return render(request, "artists/round.html", facts, status=status_of(form))
