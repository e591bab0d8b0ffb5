"""The page of the queue: narrowed down, in saved views, and up to date while others act."""

import time
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from artists.requests import ArtistRequest
from generations.models import SavedView, Tally
from generations.reviews import saved_views
from generations.reviews.errors import BadName
from generations.reviews.filtering import QueueFilter
from generations.reviews.glance import Choices, Glance
from generations.reviews.going_on import last_undoable
from generations.reviews.guards import reviewers_only
from generations.reviews.paging import BadCursor, page_of
from generations.reviews.saved_views import SavedViewForm
from generations.veil.services import veils_of
from portal.forms import status_of

CLOCK_SECONDS = 60  # after so long a page is drawn anew though nobody acted: time passes


@require_safe
@reviewers_only
def queue(request: ArtistRequest) -> HttpResponse:
    """The queue; of a page that tells which version it shows, only what is new, if anything is."""
    seen = request.GET.get("seen", "")
    if seen and seen == _at_this_time(Tally.objects.version()):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    choices, glance = Choices.of(request.user), Glance.of(request.user)
    form = choices.filter(request.GET)
    form.tell_counts(glance.counts)
    after = request.GET.get("after", "")
    rows = form.rows(request.user, in_hands=glance.in_hands)
    try:
        listed = rows.for_list(request.user)
        reviews, next_cursor = page_of(listed, after=after, is_of_closed=form.is_of_closed)
    except BadCursor as error:
        raise Http404 from error
    views = glance.views(choices)
    facts = {
        "form": form,
        "reviews": reviews,
        "count": glance.count_of(form),
        "views": views,
        "view": next((view for view in views if view.querystring == form.querystring), None),
        "querystring": form.querystring,
        "is_narrowed": bool(form.asked),
        "next_page": _address(form, after=next_cursor) if next_cursor else "",
        "first_page": _address(form) if after else "",
        "news": _address(form, after=after, seen=_at_this_time(glance.version)),
        "undoable": last_undoable(request.user),
        "veils": veils_of(request.user),
    }
    name = "_queue_page.html" if "HX-Request" in request.headers else "queue.html"
    return render(request, f"generations/{name}", facts, status=status_of(form))


@require_POST
@reviewers_only
def save_view(request: ArtistRequest) -> HttpResponse:
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        raise BadName
    asked = Choices.of(request.user).filter(QueryDict(form.cleaned_data["asked"]))
    view = saved_views.keep(
        reviewer=request.user, name=form.cleaned_data["name"], querystring=asked.querystring
    )
    return redirect(f"{reverse('generations:queue')}?{view.querystring}")


@require_POST
@reviewers_only
def rename_view(request: ArtistRequest, view_id: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=view_id, reviewer=request.user)
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        raise BadName
    saved_views.rename(view, name=form.cleaned_data["name"])
    return redirect(f"{reverse('generations:queue')}?{view.querystring}")


@require_POST
@reviewers_only
def remove_view(request: ArtistRequest, view_id: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=view_id, reviewer=request.user)
    saved_views.forget(view)
    messages.success(request, f"“{view.name}” is removed.")
    return redirect("generations:queue")


def _address(form: QueueFilter, **more: object) -> str:
    """An address of the queue, narrowed down as it is now."""
    added = urlencode({name: value for name, value in more.items() if value})
    return "?" + "&".join(filter(None, [form.querystring, added]))


def _at_this_time(version: str) -> str:
    return f"{version}.{int(time.time() // CLOCK_SECONDS)}"
