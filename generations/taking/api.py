"""The public API: /api/exports, everything of one's own in one archive."""

from functools import partial
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.media.delivery import serve
from generations.models import Archive
from generations.taking.errors import ExportNotFound, ExportNotReady
from generations.taking.services import ask
from portal.api import ApiView, read_query
from portal.api_fields import ConstantField, ListAnswer, UnixTimeField, UuidPageRequest
from portal.openapi.describing import describe
from portal.paging import page_of

EXPORT_ID = OpenApiParameter("export_id", {"type": "string", "format": "uuid"}, "path")
_describe = partial(
    describe,
    tag="exports",
    refused={
        404: "There is no such export, or it is not made yet.",
        429: "One was made a few minutes ago, or you are too hasty: `message` says which.",
    },
)


class ExportSerializer(serializers.Serializer[Archive]):
    """An archive of everything that is yours: works, words, decisions, ledger, tokens, terms."""

    id = serializers.UUIDField()
    object = ConstantField("export")
    status = serializers.ChoiceField(choices=Archive.Status.values)
    progress = serializers.SerializerMethodField(help_text="Per cent; 100 once it is ready.")
    created_at = UnixTimeField()
    completed_at = UnixTimeField(source="made_at", allow_null=True)
    expires_at = UnixTimeField(allow_null=True, help_text="When it is deleted.")
    size_bytes = serializers.IntegerField(help_text="0 until it is ready.")
    sha256 = serializers.CharField(help_text="Of the whole file; empty until it is ready.")

    def get_progress(self, archive: Archive) -> int:
        return 100 if archive.can_be_taken else archive.progress


class ExportListSerializer(ListAnswer):
    """A page of exports; the next one begins `after` this one's `last_id`."""

    data = ExportSerializer(many=True)
    first_id = serializers.UUIDField(allow_null=True)
    last_id = serializers.UUIDField(allow_null=True)
    has_more = serializers.BooleanField()


class ExportsView(ApiView):
    scopes = {"get": Scope.EXPORTS, "post": Scope.EXPORTS}
    is_before_terms = True

    @_describe(
        "createExport",
        "Have everything of yours made into one archive, in the background. While one is being "
        "made it is the answer; ten minutes after the last another can be made.",
        ExportSerializer,
        *(413, 429),
    )
    def post(self, request: ArtistApiRequest) -> Response:
        return Response(ExportSerializer(ask(request.user)).data)

    @_describe(
        "listExports",
        "What can be downloaded, is being made or failed, the newest first.",
        ExportListSerializer,
        400,
        parameters=(UuidPageRequest,),
    )
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, UuidPageRequest)
        exports = Archive.objects.filter(artist=request.user).standing()
        page = page_of(exports, **asked)
        return Response(ExportListSerializer(page).data)


class ExportView(ApiView):
    scopes = {"get": Scope.EXPORTS}

    @_describe(
        "retrieveExport",
        "How far one is. Ask every few seconds.",
        ExportSerializer,
        404,
        parameters=(EXPORT_ID,),
    )
    def get(self, request: ArtistApiRequest, export_id: UUID) -> Response:
        return Response(ExportSerializer(_find(request.user, export_id)).data)


class ExportContentView(ApiView):
    scopes = {"get": Scope.EXPORTS}

    @_describe(
        "retrieveExportContent",
        "The archive, a zip file. Ranges are answered, so a download that broke off goes on.",
        {(200, "application/zip"): OpenApiTypes.BINARY},
        404,
        parameters=(EXPORT_ID,),
    )
    def get(self, request: ArtistApiRequest, export_id: UUID) -> HttpResponseBase:
        archive = _find(request.user, export_id)
        if not archive.can_be_taken:
            raise ExportNotReady
        return serve(request._request, archive, filename=archive.filename)


def _find(artist: Artist, export_id: UUID) -> Archive:
    """Return the artist's own archive (I7). Raises ExportNotFound."""
    archive = Archive.objects.filter(artist=artist, pk=export_id).standing().first()
    if archive is None:
        raise ExportNotFound
    return archive
