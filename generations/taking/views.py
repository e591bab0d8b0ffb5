"""The page on which an artist takes along what is theirs."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from artists.access.guards import signed_in_or_404
from artists.models import Departure
from artists.requests import ArtistRequest
from artists.terms.guards import before_terms
from generations.media.delivery import serve
from generations.models import Archive, Generation
from generations.pauses.guard import own_work
from generations.taking.services import ask


@before_terms
@login_required
@own_work
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ArtistRequest) -> HttpResponse:
    """Say what there is to take, and have it made into one archive."""
    if request.method == "POST":
        ask(request.user)
        return redirect("generations:take")
    works = Generation.objects.filter(artist=request.user, removed_at=None)
    facts = works.aggregate(works=Count("pk", distinct=True), size=Sum("renditions__size_bytes"))
    context = {
        "work_count": facts["works"],
        "size_bytes": facts["size"] or 0,
        "days": settings.ARCHIVE_DAYS,
        "departure": Departure.objects.of(request.user),
    }
    return render(request, "generations/take.html", context | _archives(request))


@before_terms
@login_required
@own_work
@require_safe
def progress(request: ArtistRequest) -> HttpResponse:
    """How far the archive is: a fragment that asks for itself again until it is made."""
    return render(request, "generations/_archives.html", _archives(request))


@before_terms
@require_safe
@signed_in_or_404
@own_work
def download(request: ArtistRequest, archive_id: UUID) -> HttpResponseBase:
    """Give an artist their archive, whole or by ranges, until it expires (I7)."""
    own = Archive.objects.to_take().filter(artist=request.user)
    archive = get_object_or_404(own, pk=archive_id)
    return serve(request, archive, filename=archive.filename)


def _archives(request: ArtistRequest) -> dict[str, Any]:
    archives = list(Archive.objects.filter(artist=request.user).standing())
    return {
        "being_made": next((one for one in archives if one.is_being_made), None),
        "ready": next((one for one in archives if one.can_be_taken), None),
        "failed": archives and archives[0].status == Archive.Status.FAILED,
    }
