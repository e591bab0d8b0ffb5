"""The files of a work, for those who may see it."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from generations.media.delivery import serve
from generations.media.filenames import name_download
from generations.models import Rendition, Submission


@require_safe
def file(request: HttpRequest, generation_id: UUID, kind: str) -> HttpResponseBase:
    """Show one rendition to its artist, and to reviewers once it was submitted (I7)."""
    rendition = _own(request).filter(generation=generation_id, kind=kind).first()
    if rendition is None:
        rendition = get_object_or_404(_submitted(request), generation=generation_id, kind=kind)
    return serve(request, rendition)


@require_safe
def download(request: HttpRequest, generation_id: UUID) -> HttpResponseBase:
    """Give an artist the share master of their own work, to keep."""
    masters = _own(request).select_related("generation").filter(kind=Rendition.Kind.MASTER)
    master = get_object_or_404(masters, generation=generation_id)
    suffix = Rendition.SUFFIXES[Rendition.Kind.MASTER]
    return serve(request, master, filename=name_download(master.generation, suffix=suffix))


def _standing(request: HttpRequest) -> QuerySet[Rendition]:
    """Renditions of works that were not removed; a visitor learns of none, not even by a 403."""
    if not request.user.is_authenticated:
        raise Http404
    return Rendition.objects.filter(generation__removed_at=None)


def _own(request: HttpRequest) -> QuerySet[Rendition]:
    return _standing(request).filter(generation__artist=request.user.pk)


def _submitted(request: HttpRequest) -> QuerySet[Rendition]:
    if not request.user.has_perm("generations.review_submission"):
        raise Http404
    return _standing(request).filter(
        Exists(Submission.objects.filter(generation=OuterRef("generation")))
    )
