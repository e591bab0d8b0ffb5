"""The public API: /api/submissions, asking that a finished video may be shared."""

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.library.serializers import (
    AmendRequest,
    SubmissionListSerializer,
    SubmissionRequest,
    SubmissionSerializer,
)
from generations.models import Submission
from generations.prompts.api_errors import VideoNotFound
from generations.prompts.own import own_videos
from generations.sharing import services
from generations.sharing.amending import amend
from generations.sharing.own import own_submission
from portal.api import ApiView, read_query
from portal.api_fields import UuidPageRequest
from portal.openapi.describing import describe
from portal.paging import page_of

SUBMISSION_ID = OpenApiParameter("submission_id", {"type": "string", "format": "uuid"}, "path")
_describe = partial(
    describe,
    tag="submissions",
    refused={
        404: "You have no such submission, or no such video.",
        409: "As it or its video stands, that cannot be done: `message` says why.",
    },
)


class SubmissionsView(ApiView):
    scopes = {"get": Scope.SUBMISSIONS, "post": Scope.SUBMISSIONS}

    @_describe(
        "createSubmission",
        "Ask that a finished video may be shared. The answer names the date by which a reviewer "
        "decides; an approval opens a public page. A video has one undecided submission at a time.",
        SubmissionSerializer,
        *(400, 403, 404, 409, 413, 415, 429),
        request={
            "application/json": SubmissionRequest,
            "multipart/form-data": SubmissionRequest,
        },
    )
    def post(self, request: ArtistApiRequest) -> Response:
        incoming = SubmissionRequest(data=request.data, context={"artist": request.user})
        incoming.is_valid(raise_exception=True)
        words = incoming.validated_data
        generation = own_videos(request.user).filter(pk=words.pop("video_id")).first()
        if generation is None:
            raise VideoNotFound
        submission = services.submit(generation=generation, **words)
        return _answer(own_submission(request.user, submission.pk))

    @_describe(
        "listSubmissions",
        "Your submissions, the newest first.",
        SubmissionListSerializer,
        400,
        parameters=(UuidPageRequest,),
    )
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, UuidPageRequest)
        submissions = Submission.objects.of(request.user)
        page = page_of(submissions, **asked)
        return Response(SubmissionListSerializer(page).data)


class SubmissionView(ApiView):
    scopes = {
        "get": Scope.SUBMISSIONS,
        "patch": Scope.SUBMISSIONS,
        "delete": Scope.SUBMISSIONS,
    }

    @_describe(
        "retrieveSubmission",
        "One submission: by when it is answered, or how it was decided and on what ground.",
        SubmissionSerializer,
        404,
        parameters=(SUBMISSION_ID,),
    )
    def get(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        return _answer(own_submission(request.user, submission_id))

    @_describe(
        "amendSubmission",
        "Say something else about a submission that nobody reviews yet. Its due date stays.",
        SubmissionSerializer,
        *(400, 404, 409, 413, 415, 429),
        parameters=(SUBMISSION_ID,),
        request={"application/json": AmendRequest, "multipart/form-data": AmendRequest},
    )
    def patch(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        submission = own_submission(request.user, submission_id)
        incoming = AmendRequest(data=request.data, context={"submission": submission})
        incoming.is_valid(raise_exception=True)
        amend(submission, **incoming.validated_data)
        return _answer(own_submission(request.user, submission_id))

    @_describe(
        "withdrawSubmission",
        "Take a submission back before somebody reviews it. It stays in your list as withdrawn.",
        SubmissionSerializer,
        *(404, 409, 429),
        parameters=(SUBMISSION_ID,),
    )
    def delete(self, request: ArtistApiRequest, submission_id: UUID) -> Response:
        services.withdraw_submission(own_submission(request.user, submission_id))
        return _answer(own_submission(request.user, submission_id))


def _answer(submission: Submission) -> Response:
    return Response(SubmissionSerializer(submission).data)
