"""`/v1/videos` in the shape of the OpenAI Videos API."""

import asyncio
from http import HTTPStatus
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from .callbacks import Callbacks
from .errors import ApiError, NotFound
from .images import clean_image
from .intake import read_create
from .jobs import CLIP_FILE, THUMBNAIL_FILE, Job, JobStore, Status
from .offer import MODEL, NOTICE
from .renders import RenderQueue

POLL_AFTER_MS: Final = 1000
_DEFAULT_LIMIT: Final = 20
_MAX_LIMIT: Final = 100
_VARIANTS: Final = {
    "video": (CLIP_FILE, "video/mp4"),
    "thumbnail": (THUMBNAIL_FILE, "image/webp"),
}


def build_api(store: JobStore, queue: RenderQueue, callbacks: Callbacks) -> Starlette:
    """The application, without the gate."""
    videos = Videos(store, queue, callbacks)
    one = "/v1/videos/{video_id}"
    return Starlette(
        routes=[
            Route("/healthz", _health),
            Route("/v1/videos", videos.create, methods=["POST"]),
            Route("/v1/videos", videos.list, methods=["GET"]),
            Route(one, videos.retrieve, methods=["GET"]),
            Route(one, videos.delete, methods=["DELETE"]),
            Route(f"{one}/content", videos.content, methods=["GET"]),
        ],
        exception_handlers={
            ApiError: _answer_error,
            HTTPException: _answer_error,
            Exception: _answer_error,
        },
    )


class Videos:
    """The five calls on videos."""

    def __init__(self, store: JobStore, queue: RenderQueue, callbacks: Callbacks) -> None:
        self._store = store
        self._queue = queue
        self._callbacks = callbacks

    async def create(self, request: Request) -> Response:
        incoming = await read_create(request, self._callbacks)
        image = incoming.image
        if image is not None:
            image = await asyncio.to_thread(clean_image, image)
        job = self._store.add(incoming.order, image=image, callback_url=incoming.callback_url)
        self._queue.add(job)
        return _video_response(job)

    async def retrieve(self, request: Request) -> Response:
        return _video_response(self._find(request))

    async def list(self, request: Request) -> Response:
        limit, newest_first = _limit(request), _is_descending(request)
        jobs = self._store.newest_first()
        if not newest_first:
            jobs.reverse()
        after = request.query_params.get("after")
        if after:
            ids = [job.id for job in jobs]
            if after not in ids:
                raise NotFound(f"No video with id {after!r}.", param="after")
            jobs = jobs[ids.index(after) + 1 :]
        page = jobs[:limit]
        return JSONResponse(
            {
                "object": "list",
                "data": [video(job) for job in page],
                "first_id": page[0].id if page else None,
                "last_id": page[-1].id if page else None,
                "has_more": bool(page) and len(jobs) > limit,
            }
        )

    async def delete(self, request: Request) -> Response:
        job = self._find(request)
        if not job.status.is_final:
            raise ApiError(
                "Only a completed or failed video can be deleted.",
                code="video_not_finished",
                status=HTTPStatus.CONFLICT,
            )
        self._store.remove(job.id)
        return JSONResponse({"id": job.id, "object": "video.deleted", "deleted": True})

    async def content(self, request: Request) -> Response:
        job = self._find(request)
        variant = request.query_params.get("variant", "video")
        if variant not in _VARIANTS:
            raise ApiError(
                f"variant must be one of: {', '.join(_VARIANTS)}.",
                code="invalid_value",
                param="variant",
            )
        if job.status is not Status.COMPLETED:
            raise NotFound("The video has no content yet.", code="video_not_ready")
        name, media_type = _VARIANTS[variant]
        return FileResponse(self._store.folder(job.id) / name, media_type=media_type)

    def _find(self, request: Request) -> Job:
        video_id = request.path_params["video_id"]
        job = self._store.get(video_id)
        if job is None:
            raise NotFound(f"No video with id {video_id!r}.", param="video_id")
        return job


def video(job: Job) -> dict[str, Any]:
    """The Video object, all thirteen keys of it."""
    return {
        "id": job.id,
        "object": "video",
        "model": job.order.model,
        "status": job.status.value,
        "progress": job.progress,
        "created_at": job.created_at,
        "completed_at": job.completed_at,
        "expires_at": job.expires_at,
        "prompt": job.order.prompt,
        "size": job.order.size,
        "seconds": str(job.order.seconds),
        "remixed_from_video_id": None,
        "error": job.error,
    }


def _video_response(job: Job) -> Response:
    headers = {} if job.status.is_final else {"openai-poll-after-ms": str(POLL_AFTER_MS)}
    return JSONResponse(video(job), headers=headers)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(_DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= _MAX_LIMIT):
        raise ApiError(
            f"limit must be a whole number from 0 to {_MAX_LIMIT}.",
            code="invalid_value",
            param="limit",
        )
    return int(text)


def _is_descending(request: Request) -> bool:
    order = request.query_params.get("order", "desc")
    if order not in ("asc", "desc"):
        raise ApiError("order must be asc or desc.", code="invalid_value", param="order")
    return order == "desc"


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "model": MODEL, "notice": NOTICE})


async def _answer_error(request: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, ApiError) else _as_api_error(error)
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse(refusal.envelope(), refusal.status, headers=headers)


def _as_api_error(error: Exception) -> ApiError:
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        return ApiError(error.detail, code=status.name.lower(), status=status)
    return ApiError(
        "The server could not do this.",
        code="internal_error",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )
