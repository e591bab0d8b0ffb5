"""The one place where httpx is set up, and where what goes wrong on a wire gets our words."""

import asyncio
import contextlib
import email.utils
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

import httpx
from django.conf import settings

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    FailureKind,
    OutcomeUnknown,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.providers.files import opened, refuse_stacked
from portal.outbound import NotPublic, PublicTransport, run, tls

ANSWER_MAX_BYTES = 2_000_000  # a page of a hundred jobs with long prompts is smaller
KEPT_HEADERS = ("content-type", "retry-after", "retry-after-ms", "openai-poll-after-ms")
RETRY_AFTER_MAX_SECONDS = 3600.0  # a manager may end a rest before
CONNECT_MAX_SECONDS = 10.0
POLLS_AT_ONCE = 100
POOLS, POOL_SIZE = 25, 8
RUN_OUT = (401, 403, 404, 410)  # what stores of files say of an address that has run out
MAY_HAVE_PASSED = (408, 499)  # whoever says so gave up waiting, with the call sent on perhaps
NOTHING_WAS_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Parts(TypedDict, total=False):
    """What a request carries, as httpx takes it."""

    params: Mapping[str, str | int]
    json: Mapping[str, Any]
    files: Mapping[str, Any]


def async_client(*, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client without a credential of its own: it follows no redirect and retries nothing."""
    seconds = settings.PROVIDER_TIMEOUT_SECONDS
    # To connect takes less than a call in all, so that a call which never left is known as one.
    before = min(seconds / 2, CONNECT_MAX_SECONDS)
    return httpx.AsyncClient(
        timeout=httpx.Timeout(seconds, connect=before, pool=before),
        follow_redirects=False,
        verify=tls(),
        transport=transport,
    )


class ManyPools(httpx.AsyncBaseTransport):
    """Small pools by turns: httpx looks through a pool's connections for every request, so that
    one of a hundred costs 12 ms of CPU a request and this 1.4 ms."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=POOL_SIZE)
        self._pools = [httpx.AsyncHTTPTransport(verify=tls(), limits=limits) for _ in range(POOLS)]
        self._turns = itertools.cycle(self._pools)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await next(self._turns).handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools:
            await pool.aclose()


class Wire:
    """The way to one provider. Its headers, and so its credential, go to this origin alone."""

    def __init__(
        self,
        account: Account,
        headers: Mapping[str, str],
        *,
        output_hosts: Iterable[str] = (),
        transport: httpx.MockTransport | None = None,
    ) -> None:
        """`output_hosts` are those known of this API; the account's own come before them."""
        self._url = account.url
        self._headers = headers
        self._output_hosts = account.output_hosts or tuple(output_hosts)
        self._transport = transport

    def create(self, path: str, **parts: Unpack[Parts]) -> httpx.Response:
        """Send a create call, once.

        Raises ProviderUnavailable where nothing was sent, else OutcomeUnknown.
        """
        try:
            response = run(self._send("POST", path, **parts))
        except NOTHING_WAS_SENT as exc:
            raise ProviderUnavailable("no connection") from exc
        except httpx.HTTPError as exc:
            raise OutcomeUnknown(type(exc).__name__) from exc
        if response.status_code in MAY_HAVE_PASSED:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return response

    def call(self, method: str, path: str, **parts: Unpack[Parts]) -> httpx.Response:
        """Send a request that may be sent twice. Raises ProviderUnavailable."""
        try:
            return run(self._send(method, path, **parts))
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc

    async def ask(self, http: httpx.AsyncClient, path: str) -> httpx.Response:
        """Read with a client that many jobs share. Raises ProviderUnavailable."""
        try:
            return await _answer(http, "GET", self._url + path, headers=self._headers)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc

    def stream(self, path: str) -> AbstractContextManager[httpx.Response]:
        """Open a file at the provider's own origin. Raises ProviderUnavailable."""
        return self._stream(self._url + path, self._headers)

    def stream_from(self, url: object) -> AbstractContextManager[httpx.Response]:
        """Open a file at an address that the provider named, without a credential.

        Raises ProviderUnavailable, and ProviderFailure where the address is on no host that its
        videos may come from, or in no public network.
        """
        try:
            found, own = httpx.URL(str(url)), httpx.URL(self._url)
        except httpx.InvalidURL as exc:
            raise ProviderFailure(FailureKind.BAD_OUTPUT, "output address unreadable") from exc
        if found.scheme not in ("https", own.scheme) or found.userinfo:
            raise ProviderFailure(FailureKind.BAD_OUTPUT, "output address not allowed")
        if (found.host, found.port) == (own.host, own.port):
            return self._stream(str(found), {})
        if not any(_is_on(found.host, host) for host in self._output_hosts):
            raise ProviderFailure(FailureKind.BAD_OUTPUT, "output host not allowed")
        public = PublicTransport(verify=tls(), allowed=settings.OUTPUT_NETWORKS)
        return self._stream(str(found), {}, transport=public)

    @contextlib.contextmanager
    def file_at(
        self, address: Callable[[], object], *, max_bytes: int
    ) -> Iterator[Iterator[bytes]]:
        """Stream a file whose address runs out: it is asked for anew each time, and once more
        where it has run out meanwhile. Raises as `stream_from` does, and ArtifactTooLarge."""
        for is_second in (False, True):
            with self.stream_from(address()) as response:
                if response.status_code in RUN_OUT and not is_second:
                    continue
                if not response.is_success:
                    raise unavailable(response)
                yield capped(response, max_bytes=max_bytes)
                return

    @contextlib.contextmanager
    def _stream(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> Iterator[httpx.Response]:
        http = async_client(transport=self._transport or transport)
        try:
            with opened(http, url, headers) as response:
                yield response
        except NotPublic as exc:
            raise ProviderFailure(FailureKind.BAD_OUTPUT, "output host not public") from exc
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc

    async def _send(self, method: str, path: str, **parts: Unpack[Parts]) -> httpx.Response:
        async with async_client(transport=self._transport) as http:
            return await _answer(http, method, self._url + path, headers=self._headers, **parts)


def _is_on(host: str, allowed: str) -> bool:
    """Tell whether a host is the allowed one, or below it where that begins with `*.`."""
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed


async def _answer(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    **parts: Unpack[Parts],
) -> httpx.Response:
    """Send one request and read its whole answer: a small one, within one total time.

    httpx's own time-out is for each read, so a server that drips could hold it for ever. Raises
    httpx.ReadTimeout after settings.PROVIDER_TIMEOUT_SECONDS in all, httpx.ReadError past
    ANSWER_MAX_BYTES, what refuse_stacked raises, and whatever httpx does.
    """
    try:
        async with (
            asyncio.timeout(settings.PROVIDER_TIMEOUT_SECONDS),
            http.stream(method, url, headers=headers, **parts) as response,
        ):
            refuse_stacked(response)
            body = b"".join([block async for block in _small(response.aiter_bytes())])
    except TimeoutError as exc:
        raise httpx.ReadTimeout("the answer took too long") from exc
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return httpx.Response(response.status_code, headers=kept, content=body)


async def _small(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    total = 0
    async for block in blocks:
        total += len(block)
        if total > ANSWER_MAX_BYTES:
            raise httpx.ReadError("the answer is too large")
        yield block


def read_public(
    url: str, *, within_seconds: float, transport: httpx.MockTransport | None = None
) -> httpx.Response:
    """Read what is public at an address of the settings, with no credential of ours.

    Raises ProviderUnavailable.
    """

    async def read() -> httpx.Response:
        async with asyncio.timeout(within_seconds), async_client(transport=transport) as http:
            return await _answer(http, "GET", url)

    try:
        return run(read())
    except (httpx.HTTPError, TimeoutError) as exc:
        raise ProviderUnavailable(type(exc).__name__) from exc


def post_small(
    url: str,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    within_seconds: float,
) -> httpx.Response:
    """Ask an address of the settings something that may be asked twice; its answer is small.

    Raises ProviderUnavailable.
    """

    async def post() -> httpx.Response:
        async with asyncio.timeout(within_seconds), async_client() as http:
            return await _answer(http, "POST", url, json=body, headers=headers)

    try:
        return run(post())
    except (httpx.HTTPError, TimeoutError) as exc:
        raise ProviderUnavailable(type(exc).__name__) from exc


def read_small(response: httpx.Response) -> httpx.Response:
    """Read an opened answer that is an error, not a file, within one total time.

    Raises httpx.ReadError past ANSWER_MAX_BYTES and httpx.ReadTimeout past the provider's time.
    """
    deadline, body = time.monotonic() + settings.PROVIDER_TIMEOUT_SECONDS, b""
    for block in response.iter_bytes():
        body += block
        if len(body) > ANSWER_MAX_BYTES:
            raise httpx.ReadError("the answer is too large")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer took too long")
    return httpx.Response(response.status_code, content=body)


def capped(response: httpx.Response, *, max_bytes: int) -> Iterator[bytes]:
    """Pass a file on up to a size. Raises ArtifactTooLarge, and ProviderFailure if it is empty."""
    total = 0
    for block in response.iter_bytes():
        total += len(block)
        if total > max_bytes:
            raise ArtifactTooLarge
        yield block
    if not total:
        raise ProviderFailure(FailureKind.BAD_OUTPUT, "empty file")


def json_object(response: httpx.Response) -> dict[str, Any]:
    """The body if it is a JSON object, else an empty one: a proxy may answer with HTML."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def unavailable(response: httpx.Response) -> ProviderUnavailable:
    """What an answer that cannot be used is, with the rest that it asks for."""
    return ProviderUnavailable(
        f"HTTP {response.status_code}", retry_after_seconds=retry_after_seconds(response)
    )


def retry_after_seconds(response: httpx.Response, *, default: float = 5.0) -> float:
    """Seconds that an answer asks to wait, from 1 to 3600: Retry-After-Ms, or Retry-After as a
    number or as a date of HTTP (RFC 9110, section 10.2.3)."""
    asked = _seconds_asked(response.headers)
    return default if asked is None else min(max(asked, 1.0), RETRY_AFTER_MAX_SECONDS)


def _seconds_asked(headers: httpx.Headers) -> float | None:
    milliseconds, value = headers.get("retry-after-ms", ""), headers.get("retry-after", "")
    if _is_number(milliseconds):
        return int(milliseconds) / 1000
    if _is_number(value):
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
