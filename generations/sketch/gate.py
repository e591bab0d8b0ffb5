"""What every request passes: its number, the key, and a limit on its size."""

import hmac
import uuid
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import ApiError
from .offer import MAX_IMAGE_BYTES

MAX_BODY_BYTES: Final = MAX_IMAGE_BYTES * 4 // 3 + 1_000_000  # an image in base64, and the rest
_OPEN_PATHS: Final = ("/healthz",)


class Gate:
    """Wraps the whole application, so that even its own failures carry a request number."""

    def __init__(self, app: ASGIApp, *, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_{uuid.uuid4().hex}"

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                if message["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    headers["x-should-retry"] = "false"
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope["path"], headers)
        if refusal is not None:
            challenge = {"www-authenticate": "Bearer"} if refusal.status == 401 else None
            answer = JSONResponse(refusal.envelope(), refusal.status, headers=challenge)
            await answer(scope, receive, numbered)
            return
        await self._app(scope, _limited(receive), numbered)

    def _refusal(self, path: str, headers: Headers) -> ApiError | None:
        if path not in _OPEN_PATHS:
            scheme, _, key = headers.get("authorization", "").partition(" ")
            known = hmac.compare_digest(key.strip().encode(), self._key)
            if scheme.lower() != "bearer" or not known:
                return ApiError(
                    "The API key is missing or not the right one.",
                    code="invalid_api_key",
                    status=HTTPStatus.UNAUTHORIZED,
                )
        length = headers.get("content-length", "0")
        return too_large() if length.isdigit() and int(length) > MAX_BODY_BYTES else None


def too_large() -> ApiError:
    return ApiError(
        f"The request is larger than {MAX_BODY_BYTES:,} bytes.",
        code="request_too_large",
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )


def _limited(receive: Receive) -> Receive:
    """Stop a body that says nothing of its length, or lies about it, at the same limit."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise too_large()
        return message

    return counted
