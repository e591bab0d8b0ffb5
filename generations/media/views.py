"""The files of a work, for those who may see it."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from artists.access.guards import signed_in_or_404, with_permission
from artists.requests import ArtistRequest
from generations.media.credentials.copies import private_copy
from generations.media.delivery import serve
from generations.media.filenames import name_download
from generations.models import FilesCheck, Rendition
from generations.pauses.guard import own_work


@require_safe
@signed_in_or_404
@own_work
def file(request: ArtistRequest, generation_id: UUID, kind: str) -> HttpResponseBase:
    """Show one rendition to its artist, and to nobody else (I7)."""
    return serve(request, get_object_or_404(_own(request), generation=generation_id, kind=kind))


@require_safe
@signed_in_or_404
@own_work
def download(request: ArtistRequest, generation_id: UUID) -> HttpResponseBase:
    """Give an artist their own work to keep: its share master, with Content Credentials."""
    masters = _own(request).filter(kind=Rendition.Kind.MASTER)
    master = get_object_or_404(
        masters.select_related("generation__artist", "generation__video_model"),
        generation=generation_id,
    )
    suffix = Rendition.SUFFIXES[Rendition.Kind.MASTER]
    filename = name_download(master.generation, suffix=suffix)
    return serve(request, private_copy(master), filename=filename)


@require_safe
@with_permission("generations.view_filescheck")
def files(request: ArtistRequest) -> HttpResponse:
    """Show managers what the last check of rows and files found."""
    context = {"check": FilesCheck.last(), "days": settings.FILES_REREAD_DAYS}
    return render(request, "generations/files.html", context)


def _own(request: ArtistRequest) -> QuerySet[Rendition]:
    """Renditions of one's own works."""
    return Rendition.objects.filter(generation__artist=request.user.pk, generation__removed_at=None)
