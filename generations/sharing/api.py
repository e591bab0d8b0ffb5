"""The public API: /api/submissions/{id}/share, how the public page of a video is shown."""

from functools import partial
from uuid import UUID

from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.models import Share
from generations.sharing.choices import choose
from generations.sharing.errors import ShareNotFound
from generations.sharing.own import own_submission
from generations.sharing.serializers import SharingRequest, SharingSerializer
from generations.sharing.services import withdraw
from portal.api import ApiView
from portal.openapi.describing import describe

SUBMISSION_ID = OpenApiParameter("submission_id", {"type": "string", "format": "uuid"}, "path")
_describe = partial(
    describe,
    tag="submissions",
    parameters=(SUBMISSION_ID,),
    refused={
        404: "You have no such submission, or it has no public page.",
        409: "As the page or your submission stands, that cannot be done: `message` says why.",
    },
)


class ShareView(ApiView):
    scopes = {
        "get": Scope.SUBMISSIONS,
        "patch": Scope.SUBMISSIONS,
        "delete": Scope.SUBMISSIONS,
    }

    @_describe(
        "retrieveShare",
        "How the public page of an approved video is shown, and how often it was opened.",
        SharingSerializer,
        404,
    )
    def get(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _answer(_find(request.user, submission_id))

    @_describe(
        "updateShare",
        "Choose how the public page is shown: it holds from the next request on, and needs no new "
        "review, for no picture changes. A prompt that is hidden leaves the public file too.",
        SharingSerializer,
        *(400, 404, 409, 413, 415, 429),
        request={"application/json": SharingRequest, "multipart/form-data": SharingRequest},
    )
    @sensitive_variables("incoming")
    def patch(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        share = _find(request.user, submission_id)
        incoming = SharingRequest(data=request.data)
        incoming.is_valid(raise_exception=True)
        choose(share, artist=request.user, **incoming.validated_data)
        return _answer(_find(request.user, submission_id))

    @_describe(
        "withdrawShare",
        "Close the public page at once. To share the video again you submit it again.",
        SharingSerializer,
        *(404, 409, 429),
    )
    def delete(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        withdraw(_find(request.user, submission_id), artist=request.user)
        return _answer(_find(request.user, submission_id))


def _find(artist: Artist, submission_id: UUID) -> Share:
    """Return the public page of the artist's own submission. Raises ShareNotFound (I7)."""
    own = Share.objects.filter(submission=own_submission(artist, submission_id))
    found = own.select_related("ground", "submission__rendition").first()
    if found is None:
        raise ShareNotFound
    return found


def _answer(share: Share) -> Response:
    return Response(SharingSerializer(share).data)
