"""The public API: /api/submissions/{id}/appeal, asking that somebody else decide again."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.appeals import services, thread
from generations.appeals.errors import AppealNotFound
from generations.appeals.serializers import AppealSerializer, AppealTextRequest
from generations.models import Appeal, Submission
from generations.sharing.errors import SubmissionNotFound
from portal.api import ApiView
from portal.openapi import describe

SUBMISSION_ID = OpenApiParameter("submission_id", {"type": "string", "format": "uuid"}, "path")
TEXT = {"application/json": AppealTextRequest, "multipart/form-data": AppealTextRequest}
_describe = partial(
    describe,
    tag="submissions",
    parameters=(SUBMISSION_ID,),
    refused={
        404: "You have no such submission, or no appeal against it.",
        409: "As it stands, that cannot be done: `message` says why.",
    },
)


class AppealView(ApiView):
    scopes = {
        "get": Scope.SUBMISSIONS,
        "post": Scope.SUBMISSIONS,
        "delete": Scope.SUBMISSIONS,
    }

    @_describe(
        "createAppeal",
        "Appeal against a refusal, a request for changes, or the take-down of the public page: "
        "somebody who had no part in it decides again, by a date that the answer names. What they "
        "overturn is undone by itself.",
        AppealSerializer,
        *(400, 404, 409, 413, 415, 429),
        request=TEXT,
    )
    def post(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        submission = _submission(request.user, submission_id)
        text = _read(request)
        return _answer(services.appeal(submission=submission, text=text))

    @_describe(
        "retrieveAppeal",
        "The appeal, with its thread; the last one, where a page was taken down more than once.",
        AppealSerializer,
        404,
    )
    def get(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _answer(_find(request.user, submission_id))

    @_describe(
        "withdrawAppeal",
        "Take an appeal back while nobody is deciding on it. The first decision stands then.",
        AppealSerializer,
        *(404, 409, 429),
    )
    def delete(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        services.withdraw(_find(request.user, submission_id))
        return _answer(_find(request.user, submission_id))


class AppealMessagesView(ApiView):
    scopes = {"post": Scope.SUBMISSIONS}

    @_describe(
        "createAppealMessage",
        "Write to whoever decides, while the appeal is open.",
        AppealSerializer,
        *(400, 404, 409, 413, 415, 429),
        request=TEXT,
    )
    def post(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        found = _find(request.user, submission_id)
        thread.write(appeal=found, author=request.user, text=_read(request))
        return _answer(found)


def _read(request: ArtistApiRequest) -> str:
    incoming = AppealTextRequest(data=request.data)
    incoming.is_valid(raise_exception=True)
    return str(incoming.validated_data["text"])


def _submission(artist: Artist, submission_id: UUID) -> Submission:
    """Return the artist's own submission (I7). Raises SubmissionNotFound."""
    submission = Submission.objects.of(artist).filter(pk=submission_id).first()
    if submission is None:
        raise SubmissionNotFound
    return submission


def _find(artist: Artist, submission_id: UUID) -> Appeal:
    """Return the artist's own appeal. Raises SubmissionNotFound, AppealNotFound."""
    found = services.appeal_of(_submission(artist, submission_id))
    if found is None:
        raise AppealNotFound
    return found


def _answer(found: Appeal) -> Response:
    whole = Appeal.objects.of(found.artist).get(pk=found.pk)
    return Response(AppealSerializer(whole).data)
