"""The one place where httpx is set up."""

import asyncio
import ssl
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import httpx
from django.conf import settings

ANSWER_MAX_BYTES = 2_000_000  # a page of a hundred jobs with long prompts is smaller
KEPT_HEADERS = ("content-type", "retry-after")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """One TLS context a process: to make one costs 0.3 s."""
    return ssl.create_default_context()


def client(
    *, base_url: str, key: str, transport: httpx.BaseTransport | None = None
) -> httpx.Client:
    """A client that sends its credential to one origin, follows no redirect and retries nothing."""
    return httpx.Client(
        base_url=base_url,
        headers={"Authorization": f"Bearer {key}"},
        timeout=settings.PROVIDER_TIMEOUT_SECONDS,
        follow_redirects=False,
        verify=_tls(),
        transport=transport,
    )


def async_client(*, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client without a credential of its own, for a sweep over many jobs."""
    return httpx.AsyncClient(
        timeout=settings.PROVIDER_TIMEOUT_SECONDS,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=50),
        verify=_tls(),
        transport=transport,
    )


async def answer(http: httpx.AsyncClient, method: str, url: str, **parts: Any) -> httpx.Response:
    """Send one request and read its whole answer: a small one, within one total time.

    httpx's own time-out is for each read, so a server that drips could hold it for ever. Raises
    httpx.ReadTimeout after settings.PROVIDER_TIMEOUT_SECONDS in all, httpx.ReadError past
    ANSWER_MAX_BYTES, and whatever httpx raises.
    """
    try:
        async with (
            asyncio.timeout(settings.PROVIDER_TIMEOUT_SECONDS),
            http.stream(method, url, **parts) as response,
        ):
            body = bytearray()
            async for block in response.aiter_bytes():
                body += block
                if len(body) > ANSWER_MAX_BYTES:
                    raise httpx.ReadError("the answer is too large")
    except TimeoutError as exc:
        raise httpx.ReadTimeout("the answer took too long") from exc
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return httpx.Response(response.status_code, headers=kept, content=bytes(body))


def bounded(blocks: Iterator[bytes], *, max_bytes: int, seconds: float) -> Iterator[bytes]:
    """Pass blocks on up to a size and a total time; raises httpx.ReadError or ReadTimeout."""
    deadline, total = time.monotonic() + seconds, 0
    for block in blocks:
        total += len(block)
        if total > max_bytes:
            raise httpx.ReadError("the answer is too large")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer took too long")
        yield block


def retry_after_seconds(response: httpx.Response, *, default: float = 5.0) -> float:
    """Seconds that the answer asks to wait, 1 to 300; HTTP dates count as the default."""
    value = response.headers.get("retry-after", "")
    return min(max(float(value), 1.0), 300.0) if value.isdigit() else default
