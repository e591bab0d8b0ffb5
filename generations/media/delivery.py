"""Answering with a private file: ranges, revalidation and safe headers, in small blocks."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from generations.media.digests import digest_of
from generations.media.filenames import attachment
from generations.media.ranges import Span, Unsatisfiable, parse_range
from generations.media.storage import is_in_a_folder
from generations.models.render import MediaFile
from portal.errors import FilesAway

BLOCK_BYTES = 256 * 1024
# Kept by nobody but the one browser, which asks each time: what is revoked stops at once.
REVALIDATED = "private, no-cache"

logger = logging.getLogger(__name__)


def serve(request: HttpRequest, media_file: MediaFile, *, filename: str = "") -> HttpResponseBase:
    """Answer with a stored file, or the range of it that is asked for.

    With a `filename` the browser saves it under that name. Whether the person may have it is for
    the caller to know. Raises Http404 where the file is missing, and FilesAway where the storage
    does not answer.
    """
    file = _open(media_file)
    return _answer(request, media_file, file, filename=filename)


def serve_exactly(
    request: HttpRequest,
    media_file: MediaFile,
    *,
    sha256: str,
    cache_control: str = REVALIDATED,
    filename: str = "",
) -> HttpResponseBase:
    """Answer as `serve` does if the stored bytes, read now, are those of the hash (I1).

    Raises Http404 for any other bytes. Behind nginx, and at a signed address, the file is opened
    again by another: what keeps its bytes meanwhile is that its name is random and never written
    over, and that nobody but Greenroom may write in the folder or the bucket.
    """
    file = _open(media_file)
    if digest_of(file) != sha256 or media_file.sha256 != sha256:
        file.close()
        logger.error("%s does not hold the bytes that were approved", media_file)
        raise Http404
    return _answer(request, media_file, file, filename=filename, cache_control=cache_control)


class Blocks:
    """A span of an open file, in blocks; the server closes it, read or not."""

    def __init__(self, file: File, span: Span) -> None:
        self._file, self._span = file, span

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.start)
        left = self._span.length
        while left and (block := self._file.read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block

    def close(self) -> None:
        self._file.close()


def _open(media_file: MediaFile) -> File:
    try:
        file = media_file.file.storage.open(str(media_file.file.name), "rb")
    except (FileNotFoundError, ValueError) as error:
        logger.exception("the file %s is missing from storage", media_file)
        raise Http404 from error
    except FilesAway as away:
        logger.error("the file %s cannot be read: %s", media_file, away.reason)  # noqa: TRY400
        raise
    if file.size != media_file.size_bytes:
        file.close()
        logger.error("%s has %d bytes, not %d", media_file, file.size, media_file.size_bytes)
        raise Http404
    return file


def _answer(
    request: HttpRequest,
    media_file: MediaFile,
    file: File,
    *,
    filename: str = "",
    cache_control: str = REVALIDATED,
) -> HttpResponseBase:
    """Choose between not modified, a range and the whole; the file is closed in every case."""
    headers = {
        "ETag": f'"{media_file.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control,
        "Content-Disposition": attachment(filename) if filename else "inline",
        "X-Content-Type-Options": "nosniff",
    }
    size = media_file.size_bytes
    head = HttpResponse(content_type=media_file.content_type, headers=headers)
    known = get_conditional_response(request, etag=headers["ETag"], response=head)
    if known is not None and known is not head:
        file.close()
        return known
    if settings.DELIVERY.startswith("/") and is_in_a_folder(media_file.file):
        file.close()
        # nginx gives the bytes or the range, and says itself that it has ranges.
        del head["Accept-Ranges"]
        head["X-Accel-Redirect"] = f"{settings.DELIVERY}/{quote(str(media_file.file.name))}"
        return head
    if settings.DELIVERY == "signed" and _follows_elsewhere(request):
        file.close()
        return _to_signed_address(media_file, head)
    try:
        span = _asked_span(request, etag=headers["ETag"], size_bytes=size)
    except Unsatisfiable:
        file.close()
        head.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        head["Content-Range"] = f"bytes */{size}"
        return head
    if request.method == "HEAD":
        file.close()
        head["Content-Length"] = str(size)
        return head
    response = StreamingHttpResponse(
        Blocks(file, span or Span(0, size)), content_type=media_file.content_type, headers=headers
    )
    response["Content-Length"] = str(span.length if span else size)
    if span:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response


def _follows_elsewhere(request: HttpRequest) -> bool:
    """Browsers do. A program might take its token along to where it is sent, so it is not sent."""
    return request.method == "GET" and "Authorization" not in request.headers


def _to_signed_address(media_file: MediaFile, head: HttpResponse) -> HttpResponse:
    """Send a browser to where the bucket gives this file, under the headers that it may set."""
    headers = ("Content-Type", "Content-Disposition", "Cache-Control")
    parameters = {f"Response{name.replace('-', '')}": head[name] for name in headers}
    storage: Any = media_file.file.storage  # a Bucket
    address = storage.url(
        media_file.file.name, parameters=parameters, expire=settings.SIGNED_SECONDS
    )
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})


def _asked_span(request: HttpRequest, *, etag: str, size_bytes: int) -> Span | None:
    """Return the range that is asked for; ranges are for GET, and If-Range for these very bytes."""
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return parse_range(request.headers.get("Range", ""), size_bytes=size_bytes)
