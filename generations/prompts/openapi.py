"""How the API's own description tells of /v1/videos."""

from functools import partial

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from generations.prompts.serializers import (
    ContentRequest,
    DeletedVideoSerializer,
    ListRequest,
    RemixRequest,
    VideoListSerializer,
    VideoRequest,
    VideoSerializer,
)
from generations.prompts.standing import POLL_AFTER, POSITION, SECONDS
from portal.openapi.describing import describe

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Send the same key with the same body again, and the answer is the video that the first "
        "one made. It is kept for as long as the video is."
    ),
)
STANDING = tuple(
    OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=description, response=[200])
    for name, kind, description in (
        (POLL_AFTER, int, "While it is being made: when to ask again, in milliseconds."),
        (POSITION, int, "While it is being made: its place in the queue, 0 once it runs."),
        (
            SECONDS,
            str,
            "While it is being made: seconds until it is ready, as in `20-45`. Half and nine of "
            "ten of the last hundred were ready by then.",
        ),
    )
)
VIDEO_ID = OpenApiParameter(
    "video_id", {"type": "string"}, OpenApiParameter.PATH, description="The id of a video."
)
_describe = partial(describe, tag="videos")

describe_create = _describe(
    "createVideo",
    "Queue one video, holding the credits that it will cost. A parameter that is not in this list "
    "is refused; `user`, `safety_identifier` and `metadata` are let pass and not kept.",
    VideoSerializer,
    *(400, 403, 409, 413, 415, 422, 429),
    parameters=(IDEMPOTENCY_KEY, STANDING[0]),
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
    parameters=(VIDEO_ID, *STANDING),
)
describe_remix = _describe(
    "remixVideo",
    "Queue a video with other words for one of yours that is finished. Model, size, seconds, style "
    "and seed are those of that video, as far as they are offered yet. Its first image is not "
    "taken along.",
    VideoSerializer,
    *(400, 403, 404, 409, 413, 415, 422, 429),
    parameters=(VIDEO_ID, IDEMPOTENCY_KEY, STANDING[0]),
    request={"application/json": RemixRequest, "multipart/form-data": RemixRequest},
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
