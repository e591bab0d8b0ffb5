"""The public API: asking that somebody else decide again, on a submission or a refused prompt."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.appeals import services, thread
from generations.appeals.errors import AppealNotFound
from generations.appeals.refused import appeal_refused, own_refused
from generations.appeals.serializers import AppealSerializer, AppealTextRequest
from generations.models import Appeal
from generations.sharing.own import own_submission
from portal.api import ApiView
from portal.openapi.describing import describe

TEXT = {"application/json": AppealTextRequest, "multipart/form-data": AppealTextRequest}
CONFLICT = "As it stands, that cannot be done: `message` says why."
WRITE = "Write to whoever decides, while the appeal is open."
_describe = partial(
    describe,
    tag="submissions",
    parameters=(OpenApiParameter("submission_id", {"type": "string", "format": "uuid"}, "path"),),
    refused={404: "You have no such submission, or no appeal against it.", 409: CONFLICT},
)
_describe_of_prompt = partial(
    describe,
    tag="refused prompts",
    parameters=(OpenApiParameter("refused_id", {"type": "string", "format": "uuid"}, "path"),),
    refused={404: "You have no such refused prompt, or no appeal against it.", 409: CONFLICT},
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
        submission = own_submission(request.user, submission_id)
        return _answer(services.appeal(submission=submission, text=_read(request)))

    @_describe(
        "retrieveAppeal",
        "The appeal, with its thread; the last one, where a page was taken down more than once.",
        AppealSerializer,
        404,
    )
    def get(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _answer(_of_submission(request.user, submission_id))

    @_describe(
        "withdrawAppeal",
        "Take an appeal back while nobody is deciding on it. The first decision stands then.",
        AppealSerializer,
        *(404, 409, 429),
    )
    def delete(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _withdraw(_of_submission(request.user, submission_id))


class AppealMessagesView(ApiView):
    scopes = {"post": Scope.SUBMISSIONS}

    @_describe(
        "createAppealMessage",
        WRITE,
        AppealSerializer,
        *(400, 404, 409, 413, 415, 429),
        request=TEXT,
    )
    def post(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _write(request, _of_submission(request.user, submission_id))


class PromptAppealView(ApiView):
    scopes = {
        "get": Scope.SUBMISSIONS,
        "post": Scope.SUBMISSIONS,
        "delete": Scope.SUBMISSIONS,
    }

    @_describe_of_prompt(
        "createPromptAppeal",
        "Appeal against the refusal: a person decides what a machine refused, by a date that the "
        "answer names. If it is overturned, these words of yours pass from then on.",
        AppealSerializer,
        *(400, 404, 409, 413, 415, 429),
        request=TEXT,
    )
    def post(self, request: ArtistApiRequest, refused_id: UUID) -> Response:
        refused = own_refused(request.user, refused_id)
        return _answer(appeal_refused(refused.pk, artist=request.user, text=_read(request)))

    @_describe_of_prompt(
        "retrievePromptAppeal", "The appeal, with its thread.", AppealSerializer, 404
    )
    def get(self, request: ArtistApiRequest, refused_id: UUID) -> Response:
        return _answer(_of_prompt(request.user, refused_id))

    @_describe_of_prompt(
        "withdrawPromptAppeal",
        "Take an appeal back while nobody is deciding on it. The refusal stands then.",
        AppealSerializer,
        *(404, 409, 429),
    )
    def delete(self, request: ArtistApiRequest, refused_id: UUID) -> Response:
        return _withdraw(_of_prompt(request.user, refused_id))


class PromptAppealMessagesView(ApiView):
    scopes = {"post": Scope.SUBMISSIONS}

    @_describe_of_prompt(
        "createPromptAppealMessage",
        WRITE,
        AppealSerializer,
        *(400, 404, 409, 413, 415, 429),
        request=TEXT,
    )
    def post(self, request: ArtistApiRequest, refused_id: UUID) -> Response:
        return _write(request, _of_prompt(request.user, refused_id))


def _read(request: ArtistApiRequest) -> str:
    incoming = AppealTextRequest(data=request.data)
    incoming.is_valid(raise_exception=True)
    return str(incoming.validated_data["text"])


def _of_submission(artist: Artist, submission_id: UUID) -> Appeal:
    """Return the artist's own appeal (I7). Raises SubmissionNotFound, AppealNotFound."""
    found = services.appeal_of(own_submission(artist, submission_id))
    if found is None:
        raise AppealNotFound
    return found


def _of_prompt(artist: Artist, refused_id: UUID) -> Appeal:
    """Return the artist's own appeal (I7). Raises RefusedPromptNotFound, AppealNotFound."""
    found: Appeal | None = getattr(own_refused(artist, refused_id), "appeal", None)
    if found is None:
        raise AppealNotFound
    return found


def _write(request: ArtistApiRequest, appeal: Appeal) -> Response:
    thread.write(appeal=appeal, author=request.user, text=_read(request))
    return _answer(appeal)


def _withdraw(appeal: Appeal) -> Response:
    services.withdraw(appeal)
    return _answer(appeal)


def _answer(found: Appeal) -> Response:
    whole = Appeal.objects.of(found.artist).get(pk=found.pk)
    return Response(AppealSerializer(whole).data)
