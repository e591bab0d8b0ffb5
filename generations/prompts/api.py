"""The public API: /v1/videos, in the shape that clients of the OpenAI Videos API speak."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from artists.models import Artist, Token
from generations.media import delivery
from generations.models import Generation, Rendition, VideoModel
from generations.models.generation import Status
from generations.paging import cut
from generations.prompts import openapi
from generations.prompts.api_errors import VideoNotFound, VideoNotReady
from generations.prompts.errors import NotOffered, TooLateToCancel
from generations.prompts.idempotency import fingerprint, read_key, submit_once
from generations.prompts.ids import read_video_id
from generations.prompts.serializers import (
    DEFAULT_SIZE,
    ContentRequest,
    DeletedVideoSerializer,
    ListRequest,
    VideoListSerializer,
    VideoRequest,
    VideoSerializer,
)
from generations.prompts.services import cancel, remove, submit_prompt
from portal.api import ApiView

POLL_AFTER_MILLISECONDS = 1000  # progress is read from the provider about once a second
VARIANTS = {
    "video": Rendition.Kind.MASTER,
    "thumbnail": Rendition.Kind.POSTER,
    "spritesheet": Rendition.Kind.FILMSTRIP,
}


class ArtistApiRequest(Request):
    """A request with a live token."""

    user: Artist
    auth: Token


class VideosView(ApiView):
    param_names = {
        "duration_seconds": "seconds",
        "first_image": "input_reference",
        "video_model": "model",
    }
    body_max_bytes = settings.BODY_MAX_BYTES

    @openapi.describe_create
    def post(self, request: ArtistApiRequest) -> Response:
        incoming = VideoRequest(data=request.data)
        incoming.is_valid(raise_exception=True)
        header = request.headers.get("Idempotency-Key")
        if header is None:
            return _answer(_submit(request, incoming.validated_data))
        given = incoming.initial_data.items()
        sent = {name: value for name, value in given if name in incoming.fields}
        generation, is_new = submit_once(
            artist=request.user,
            key=read_key(header),
            body_sha256=fingerprint(sent),
            submit=lambda: _submit(request, incoming.validated_data),
        )
        return _answer(generation, headers={} if is_new else {"idempotent-replayed": "true"})

    @openapi.describe_list
    def get(self, request: ArtistApiRequest) -> Response:
        asked = ListRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(VideoListSerializer(_page(request.user, **asked.validated_data)).data)


class VideoView(ApiView):
    @openapi.describe_retrieve
    def get(self, request: ArtistApiRequest, video_id: str) -> Response:
        return _answer(_find(request.user, video_id))

    @openapi.describe_delete
    def delete(self, request: ArtistApiRequest, video_id: str) -> Response:
        generation = _find(request.user, video_id)
        if generation.status == Status.QUEUED:
            with suppress(TooLateToCancel):  # it has just been sent: remove() says so
                cancel(generation)
        remove(generation)
        return Response(DeletedVideoSerializer(generation).data)


class VideoContentView(ApiView):
    @openapi.describe_content
    def get(self, request: ArtistApiRequest, video_id: str) -> HttpResponseBase:
        generation = _find(request.user, video_id)
        asked = ContentRequest(data=request.query_params)
        asked.is_valid(raise_exception=True)
        variant = asked.validated_data["variant"]
        rendition = generation.renditions.filter(kind=VARIANTS[variant]).first()
        if not generation.is_ready or rendition is None:
            state = generation.get_status_display().lower()
            raise VideoNotReady(f"This video has no {variant} to download; its state: {state}.")
        suffix = Rendition.SUFFIXES[rendition.kind]
        filename = f"{video_id}{suffix}"
        return delivery.serve(request._request, rendition, filename=filename)


def _answer(generation: Generation, *, headers: dict[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if generation.is_active:
        headers["openai-poll-after-ms"] = str(POLL_AFTER_MILLISECONDS)
    return Response(VideoSerializer(generation).data, headers=headers)


def _submit(request: ArtistApiRequest, fields: dict[str, Any]) -> Generation:
    video_model = _find_video_model(fields.get("model"))
    sizes = video_model.sizes
    return submit_prompt(
        artist=request.user,
        token=request.auth,
        video_model=video_model,
        prompt=fields["prompt"],
        size=fields.get("size")
        or (DEFAULT_SIZE if DEFAULT_SIZE in sizes else next(iter(sizes), "")),
        duration_seconds=fields.get("seconds") or next(iter(video_model.durations), 0),
        style=fields.get("style") or "",
        seed=fields.get("seed"),
        first_image=fields.get("input_reference"),
    )


def _find_video_model(name: str | None) -> VideoModel:
    """Return the video model of that name, or the first that is offered."""
    offered = list(VideoModel.objects.offered().prefetch_related("rates"))
    for video_model in offered:
        if name is None or video_model.name == name:
            return video_model
    ended = VideoModel.objects.select_related("successor").filter(name=name).first()
    if ended and ended.is_past_sunset:
        return ended  # submit_prompt says what to choose in its place
    names = ", ".join(video_model.name for video_model in offered) or "none at the moment"
    raise NotOffered(f"There is no such video model. Offered: {names}.", field="model")


def _find(artist: Artist, video_id: str) -> Generation:
    """Return the artist's own video; another's is as unknown as one that never was (I7)."""
    own = Generation.objects.visible_to(artist).select_related("video_model", "parent")
    generation_id = read_video_id(video_id)
    generation = own.filter(pk=generation_id).first() if generation_id else None
    if generation is None:
        raise VideoNotFound
    return generation


def _page(artist: Artist, *, limit: int, after: Any, order: str) -> dict[str, Any]:
    """A slice of the artist's videos by their time-ordered key; `after` needn't exist any more."""
    videos = Generation.objects.visible_to(artist).select_related("video_model", "parent")
    if after is not None:
        videos = videos.filter(pk__gt=after) if order == "asc" else videos.filter(pk__lt=after)
    data, has_more = cut(videos.order_by("pk" if order == "asc" else "-pk"), size=limit)
    return {
        "data": data,
        "first_id": data[0].pk if data else None,
        "last_id": data[-1].pk if data else None,
        "has_more": bool(data) and has_more,  # a page without a last_id has no next one
    }
