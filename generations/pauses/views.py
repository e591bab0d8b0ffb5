"""Pausing and lifting, for managers; and what is or was paused, for everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access import pausing
from artists.access.guards import with_permission
from artists.models import Pause
from artists.models.pause import PauseQuerySet
from artists.requests import ArtistRequest
from generations.models import VideoModel
from generations.pauses.forms import PauseForm
from generations.pauses.guard import titled
from generations.pauses.scopes import of_video_model, read_scope, search, slug_of
from portal.forms import sent, status_of
from portal.paging import newest_first
from portal.texts import words_looked_for

SHOWN = 30

managers_only = with_permission("artists.add_pause")


@require_safe
@managers_only
def show_pauses(request: ArtistRequest) -> HttpResponse:
    asked = words_looked_for(request)
    known = titled(
        Pause.objects.select_related("cohort", "artist", "token__artist", "made_by", "lifted_by")
    )
    return render(
        request,
        "generations/pauses.html",
        {
            "asked": asked,
            "found": [(one, slug_of(one)) for one in search(asked)] if asked else [],
            "choices": [(one, slug_of(one)) for one in _always_offered()],
        }
        | _in_force_and_earlier(request, known),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def pause(request: ArtistRequest, scope: str) -> HttpResponse:
    new = read_scope(scope)
    form = PauseForm(sent(request), instance=new)
    if form.is_valid():
        pausing.pause(form.instance, by=request.user)
        messages.success(request, f"Paused: {new.name}.")
        return redirect("generations:pauses")
    context = {"form": form, "pause": new}
    return render(request, "generations/pause.html", context, status=status_of(form))


@require_POST
@managers_only
def lift(request: ArtistRequest, pause_id: int) -> HttpResponse:
    paused = get_object_or_404(titled(Pause.objects.all()), pk=pause_id)
    pausing.lift(paused, by=request.user)
    messages.success(request, f"Lifted: {paused.name} goes on.")
    return redirect("generations:pauses")


@login_not_required
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What of the programme and of its video models is paused, and was: the same for everybody."""
    public = titled(Pause.objects.public())
    return render(request, "generations/status.html", _in_force_and_earlier(request, public))


def _always_offered() -> list[Pause]:
    """The programme and the video models that prompts may be sent to."""
    return [Pause(), *(of_video_model(one) for one in VideoModel.objects.served())]


def _in_force_and_earlier(request: HttpRequest, known: PauseQuerySet) -> dict[str, object]:
    """A page of those in force and one of those that were lifted, each by a cursor of its own."""
    standing = request.GET.get("standing", "")
    in_force = newest_first(known.in_force(), after=standing, size=SHOWN)
    lifted = known.filter(lifted_at__isnull=False)
    earlier = newest_first(lifted, after=request.GET.get("after", ""), size=SHOWN)
    return {
        "in_force": in_force.items,
        "more_in_force": in_force.next_cursor,
        "earlier": earlier.items,
        "more_earlier": earlier.next_cursor,
    }
