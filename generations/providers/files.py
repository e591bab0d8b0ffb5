"""Opening a file at a provider: every wait for the other side ends, that for its headers too."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from typing import TypeVar

import httpx
from django.conf import settings

from portal.outbound import Loop

Got = TypeVar("Got")


def refuse_stacked(answer: httpx.Response) -> None:
    """Refuse an answer that is compressed more than once, before anything of it is read.

    Each coding makes a block up to a thousand times larger, and httpx undoes them all before a
    bound can count: by two of them 64 kB become 64 GB. Raises httpx.DecodingError.
    """
    if len(answer.headers.get_list("content-encoding", split_commas=True)) > 1:
        raise httpx.DecodingError("the answer is compressed more than once")


@contextlib.contextmanager
def opened(
    http: httpx.AsyncClient, url: str, request_headers: Mapping[str, str]
) -> Iterator[httpx.Response]:
    """Yield the answer to a GET, its body still to be read, for code that waits.

    httpx's own time-out is for each read, so headers that drip could hold a worker for ever. Raises
    httpx.ReadTimeout where the headers, or the next block, take more than
    settings.PROVIDER_TIMEOUT_SECONDS, what refuse_stacked raises, and whatever httpx does.
    """
    with asyncio.Runner(loop_factory=Loop) as runner:
        try:
            request = http.build_request("GET", url, headers=request_headers)
            answer = runner.run(_in_time(http.send(request, stream=True)))
            refuse_stacked(answer)
            headers = answer.headers.copy()
            headers.pop("content-encoding", None)  # the blocks are decoded
            yield httpx.Response(
                answer.status_code, headers=headers, stream=_Blocks(runner, answer)
            )
        finally:
            runner.run(http.aclose())


class _Blocks(httpx.SyncByteStream):
    """The body of an answer, waited for block by block."""

    def __init__(self, runner: asyncio.Runner, answer: httpx.Response) -> None:
        self._runner = runner
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        blocks = self._answer.aiter_bytes()
        while (block := self._runner.run(_in_time(_next(blocks)))) is not None:
            yield block


async def _next(blocks: AsyncIterator[bytes]) -> bytes | None:
    return await anext(blocks, None)


async def _in_time(coming: Awaitable[Got]) -> Got:
    try:
        async with asyncio.timeout(settings.PROVIDER_TIMEOUT_SECONDS):
            return await coming
    except TimeoutError as exc:
        raise httpx.ReadTimeout("the file took too long") from exc
