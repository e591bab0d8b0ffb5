"""The public API: /v1/videos, in the shape that clients of the OpenAI Videos API speak."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from rest_framework.response import Response

from artists.models import Artist
from artists.models.token import Scope
from artists.requests import ArtistApiRequest
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from generations.prompts import openapi
from generations.prompts.api_errors import VideoNotFinished
from generations.prompts.errors import NotOffered, TooLateToCancel
from generations.prompts.idempotency import fingerprint, read_key, submit_once
from generations.prompts.offer import find_first_offered, find_served
from generations.prompts.own import find_video, own_videos
from generations.prompts.serializers import (
    DEFAULT_SIZE,
    DeletedVideoSerializer,
    ListRequest,
    RemixRequest,
    VideoListSerializer,
    VideoRequest,
    VideoSerializer,
)
from generations.prompts.services import cancel, remove, submit_prompt
from generations.prompts.standing import JUST_QUEUED, headers_of
from portal.api import ApiView, read_query
from portal.paging import cut

PARAM_NAMES = {
    "duration_seconds": "seconds",
    "first_image": "input_reference",
    "video_model": "model",
}


# One of each for all requests, which keeps nothing of any: to make one copies all its fields.
CREATE, REMIX, VIDEO = VideoRequest(), RemixRequest(), VideoSerializer()


class VideosView(ApiView):
    scopes = {"get": Scope.VIDEOS_READ, "post": Scope.VIDEOS_CREATE}
    param_names = PARAM_NAMES
    body_max_bytes = settings.BODY_MAX_BYTES

    @openapi.describe_create
    def post(self, request: ArtistApiRequest) -> Response:
        fields = CREATE.run_validation(request.data)
        return _answer_once(request, _sent(request, CREATE), lambda: _choose(request, fields))

    @openapi.describe_list
    def get(self, request: ArtistApiRequest) -> Response:
        asked = read_query(request, ListRequest)
        return Response(VideoListSerializer(_page(request.user, **asked)).data)


class VideoView(ApiView):
    scopes = {"get": Scope.VIDEOS_READ, "delete": Scope.VIDEOS_DELETE}

    @openapi.describe_retrieve
    def get(self, request: ArtistApiRequest, video_id: str) -> Response:
        generation = find_video(request.user, video_id)
        return _answer(generation, headers_of(generation))

    @openapi.describe_delete
    def delete(self, request: ArtistApiRequest, video_id: str) -> Response:
        generation = find_video(request.user, video_id)
        if generation.status == Status.QUEUED:
            with suppress(TooLateToCancel):  # it has just been sent: remove() says so
                cancel(generation)
        remove(generation)
        return Response(DeletedVideoSerializer(generation).data)


class RemixView(ApiView):
    scopes = {"post": Scope.VIDEOS_CREATE}
    param_names = PARAM_NAMES
    body_max_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    @openapi.describe_remix
    def post(self, request: ArtistApiRequest, video_id: str) -> Response:
        fields = REMIX.run_validation(request.data)
        parent = find_video(request.user, video_id)
        return _answer_once(
            request,
            _sent(request, REMIX) | {"remixed_from": str(parent.pk)},
            lambda: _choose_again(request, parent, prompt=fields["prompt"]),
        )


def _answer(generation: Generation, headers: dict[str, str]) -> Response:
    return Response(VIDEO.to_representation(generation), headers=headers)


def _answer_once(
    request: ArtistApiRequest, sent: dict[str, Any], choose: Callable[[], dict[str, Any]]
) -> Response:
    """Make a video, or answer with the one that this Idempotency-Key made before."""
    header = request.headers.get("Idempotency-Key")
    if header is None:
        return _answer(submit_prompt(artist=request.user, **choose()), JUST_QUEUED)
    generation, is_new = submit_once(
        artist=request.user, key=read_key(header), body_sha256=fingerprint(sent), choose=choose
    )
    if is_new:
        return _answer(generation, JUST_QUEUED)
    earlier = own_videos(request.user).get(pk=generation.pk)
    return _answer(earlier, headers_of(earlier) | {"idempotent-replayed": "true"})


def _sent(request: ArtistApiRequest, taken: RemixRequest) -> dict[str, Any]:
    """What was sent of what counts, as it was sent."""
    body: Any = request.data  # an object, as was checked
    return {name: value for name, value in body.items() if name in taken.fields}


def _choose(request: ArtistApiRequest, fields: dict[str, Any]) -> dict[str, Any]:
    """What submit_prompt shall make of a create."""
    video_model = _find_video_model(request.user, fields.get("model"))
    sizes = video_model.sizes
    size = DEFAULT_SIZE if DEFAULT_SIZE in sizes else next(iter(sizes), "")
    return {
        "token": request.auth,
        "video_model": video_model,
        "prompt": fields["prompt"],
        "size": fields.get("size") or size,
        "duration_seconds": fields.get("seconds") or next(iter(video_model.durations), 0),
        "style": fields.get("style") or "",
        "seed": fields.get("seed"),
        "first_image": fields.get("input_reference"),
    }


def _choose_again(request: ArtistApiRequest, parent: Generation, *, prompt: str) -> dict[str, Any]:
    """Other words for a finished video, and the rest of it as it was, where that is offered yet."""
    if not parent.is_ready:
        state = parent.get_status_display().lower()
        raise VideoNotFinished(f"Only a finished video can be remixed; this one's state: {state}.")
    return {
        "token": request.auth,
        "video_model": parent.video_model,
        "prompt": prompt,
        "size": parent.size,
        "duration_seconds": parent.duration_seconds,
        "style": parent.style,
        "seed": parent.seed,
        "parent": parent,
    }


def _find_video_model(artist: Artist, name: str | None) -> VideoModel:
    """Return the video model of that name, or the first that is offered to the artist.

    Of one that is not offered any more, submit_prompt says why. Raises NotOffered.
    """
    if found := find_served(artist, name) if name else find_first_offered(artist):
        return found
    offered = VideoModel.objects.offered_to(artist).values_list("name", flat=True)
    names = ", ".join(offered) or "none at the moment"
    raise NotOffered(f"There is no such video model. Offered: {names}.", field="model")


def _page(artist: Artist, *, limit: int, after: Any, order: str) -> dict[str, Any]:
    """A slice of the artist's videos by their time-ordered key; `after` needn't exist any more."""
    videos = own_videos(artist)
    if after is not None:
        videos = videos.filter(pk__gt=after) if order == "asc" else videos.filter(pk__lt=after)
    data, has_more = cut(videos.order_by("pk" if order == "asc" else "-pk"), size=limit)
    return {
        "data": data,
        "first_id": data[0].pk if data else None,
        "last_id": data[-1].pk if data else None,
        "has_more": bool(data) and has_more,  # a page without a last_id has no next one
    }
