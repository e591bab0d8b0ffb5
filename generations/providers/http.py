"""The one place where httpx is set up."""

import ssl
from functools import lru_cache

import httpx
from django.conf import settings


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


def retry_after_seconds(response: httpx.Response, *, default: float = 5.0) -> float:
    """Seconds that the answer asks to wait, 1 to 300; HTTP dates count as the default."""
    value = response.headers.get("retry-after", "")
    return min(max(float(value), 1.0), 300.0) if value.isdigit() else default
