"""Looking at what one has made: home and library."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from artists.access.second_factor import shows_second_factor
from artists.models import Artist, Departure, Limit
from artists.quotas.windows import credit_windows
from artists.requests import ArtistRequest
from generations.library.forms import LibraryForm
from generations.models import Appeal, Generation, Submission
from generations.models.generation import RUNNING, GenerationQuerySet, Status
from generations.pauses.guard import own_work
from generations.providers.registry import stop_billing_providers, stoppable_providers
from generations.rendering.waiting import expected_wait
from generations.reviews.glance import Glance
from portal.paging import cut, newest_first

LATEST = 8
PAGE_SIZE = 24
ROWS_SHOWN = 50


@login_required
@require_safe
@own_work
def home(request: ArtistRequest) -> HttpResponse:
    works = _works(request.user)
    submissions = Submission.objects.filter(artist=request.user, generation__removed_at=None)
    context: dict[str, object] = {
        "windows": credit_windows(Limit.objects.binding(request.user)),
        "latest": works.filter(status=Status.READY).order_by("-pk")[:LATEST],
        "submissions": submissions.select_related("generation").order_by("-pk")[:LATEST],
        "caps": _caps(request.user),
        "departure": Departure.objects.of(request.user),
        "asking": Appeal.objects.of(request.user).asking(),
    }
    if request.user.has_perm("generations.review_submission") and shows_second_factor(request):
        context["queue"] = Glance.of(request.user).usual
    return render(request, "generations/home.html", context | _being_made(request.user))


@login_required
@require_safe
@own_work
def active(request: ArtistRequest) -> HttpResponse:
    """What is being made, with what has ended while it was `watched`: one fragment for all.

    It asks for itself again until nothing is active any more.
    """
    watched = _read_ids(request.GET.getlist("watched"))
    return render(request, "generations/_active.html", _being_made(request.user, watched=watched))


@login_required
@require_safe
@own_work
def library(request: ArtistRequest) -> HttpResponse:
    form = LibraryForm(request.GET)
    found = form.apply(_works(request.user))
    page = newest_first(found, after=request.GET.get("after", ""), size=PAGE_SIZE)
    asked = request.GET.copy()
    asked.pop("after", None)
    is_part = "HX-Request" in request.headers and "after" in request.GET
    name = "_library_page.html" if is_part else "library.html"
    context = {"form": form, "page": page, "querystring": asked.urlencode()}
    context |= {"draft_days": settings.DRAFT_DAYS, "notice_days": settings.DRAFT_NOTICE_DAYS}
    return render(request, f"generations/{name}", context)


def _works(artist: Artist) -> GenerationQuerySet:
    return Generation.objects.visible_to(artist).select_related("video_model")


def _being_made(artist: Artist, *, watched: Iterable[UUID] = ()) -> dict[str, Any]:
    """What the fragment of active generations shows, read with one query."""
    works = _works(artist).select_related("reservation")
    found = (works.active() | works.filter(pk__in=watched)).with_sent_at().order_by("-pk")
    rows, has_more = cut(found, size=ROWS_SHOWN)
    return {
        "rows": [
            {"generation": one, "wait": expected_wait(one) if one.is_active else None}
            for one in rows
        ],
        "has_more_rows": has_more,
        "stoppable_providers": stoppable_providers(),
        "stop_billing_providers": stop_billing_providers(),
        "active_count": sum(one.is_active for one in rows),
        "ready_count": sum(one.is_ready for one in rows),
        "watched": urlencode({"watched": [one.pk for one in rows]}, doseq=True),
    }


def _read_ids(texts: Iterable[str]) -> list[UUID]:
    """The ids among so many texts; what is no id is left out."""
    ids = []
    for text in texts:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return ids[:ROWS_SHOWN]


def _caps(artist: Artist) -> dict[str, int]:
    counts = (
        Generation.objects.active()
        .filter(artist=artist)
        .aggregate(
            running=Count("pk", filter=Q(status__in=RUNNING)),
            queued=Count("pk", filter=Q(status=Status.QUEUED)),
        )
    )
    cohort = artist.cohort
    return counts | {
        "running_cap": cohort.running_cap if cohort else 0,
        "queued_cap": cohort.queued_cap if cohort else 0,
    }
