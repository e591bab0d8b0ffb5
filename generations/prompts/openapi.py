"""How the API's own description tells of /v1/videos."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from generations.prompts.api_fields import ConstantField
from generations.prompts.serializers import (
    ContentRequest,
    DeletedVideoSerializer,
    ListRequest,
    VideoListSerializer,
    VideoRequest,
    VideoSerializer,
)
from portal.openapi import REQUEST_ID, ErrorSerializer

Handler = TypeVar("Handler", bound=Callable[..., Any])

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Send the same key with the same body again, and the answer is the video that the first "
        "one made. It is kept for as long as the video is."
    ),
)
POLL_AFTER = OpenApiParameter(
    "openai-poll-after-ms",
    int,
    OpenApiParameter.HEADER,
    description="While the video is being made: when to ask again, in milliseconds.",
    response=[200],
)
VIDEO_ID = OpenApiParameter(
    "video_id", {"type": "string"}, OpenApiParameter.PATH, description="The id of a video."
)
REFUSED = {
    400: "Something in the request does not fit: `param` names it.",
    401: "No token, or not a live one.",
    403: "Your account may not do this.",
    404: "There is no such video, or nothing of it to download yet.",
    409: "It cannot be done as things stand.",
    413: "The body is too large.",
    415: "The body is neither JSON nor a form with files.",
    422: "The Idempotency-Key was sent before with another body.",
    429: "A quota, a queue or your haste: `message` says which, and what helps.",
}


class ConstantFieldSchema(OpenApiSerializerFieldExtension):
    """A key that always says the same is described by what it says."""

    target_class = ConstantField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        value = self.target.value
        return {"type": "boolean" if isinstance(value, bool) else "string", "const": value}


def _describe(
    operation_id: str,
    description: str,
    answer: Any,
    *refusals: int,
    parameters: tuple[Any, ...] = (),
    request: Any = None,
) -> Callable[[Handler], Handler]:
    responses: dict[Any, Any] = answer if isinstance(answer, dict) else {200: answer}
    responses |= {
        status: OpenApiResponse(ErrorSerializer, REFUSED[status]) for status in (401, *refusals)
    }
    return extend_schema(
        operation_id=operation_id,
        description=description,
        tags=["videos"],
        request=request,
        parameters=[*parameters, REQUEST_ID],
        responses=responses,
    )


describe_create = _describe(
    "createVideo",
    "Queue one video, holding the credits that it will cost. A parameter that is not in this list "
    "is refused; `user`, `safety_identifier` and `metadata` are let pass and not kept.",
    VideoSerializer,
    *(400, 403, 409, 413, 415, 422, 429),
    parameters=(IDEMPOTENCY_KEY, POLL_AFTER),
    request={"multipart/form-data": VideoRequest, "application/json": VideoRequest},
)
describe_list = _describe(
    "listVideos",
    "Your videos, the newest first.",
    VideoListSerializer,
    400,
    parameters=(ListRequest,),
)
describe_retrieve = _describe(
    "retrieveVideo",
    "One video as it stands now.",
    VideoSerializer,
    404,
    parameters=(VIDEO_ID, POLL_AFTER),
)
describe_delete = _describe(
    "deleteVideo",
    "Delete a video and its files, for good. One that still waits is cancelled and its credits "
    "come back; one that is being made can't be deleted until it has ended.",
    DeletedVideoSerializer,
    *(404, 409, 429),
    parameters=(VIDEO_ID,),
)
describe_content = _describe(
    "retrieveVideoContent",
    "The video as MP4, or its poster or film strip as WebP. Ranges are answered.",
    {(200, "video/mp4"): OpenApiTypes.BINARY, (200, "image/webp"): OpenApiTypes.BINARY},
    *(400, 404),
    parameters=(VIDEO_ID, ContentRequest),
)
