"""Many questions to providers at once, beside a thread that works with the database."""

import asyncio
import logging
import queue
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from uuid import UUID

import httpx

from generations.providers.base import Provider, ProviderUnavailable, Snapshot
from generations.providers.http import ManyPools, async_client
from portal.outbound import Loop

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.05  # answers that come this close together are kept in one transaction

Answer = Snapshot | ProviderUnavailable


@dataclass(frozen=True)
class Question:
    """A job to be asked about, and what is known of it."""

    generation_id: UUID
    attempt_id: UUID
    provider: str
    job_id: str
    progress: int
    native_status: str


class Asker:
    """One client in a loop of its own: questions go in, answers come out in the order they come.

    Django's database connections belong to a thread and may not be used in a loop, so the loop has
    a thread for itself. It starts with the first question.
    """

    def __init__(self, http: httpx.AsyncClient | None = None) -> None:
        self.in_flight = 0
        self._http = http
        self._answers: queue.SimpleQueue[tuple[Question, Answer]] = queue.SimpleQueue()
        self._loop = Loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "Asker":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
        self._loop.close()

    def ask(self, provider: Provider, question: Question) -> None:
        if not self._thread.is_alive():
            self._thread.start()
        self.in_flight += 1
        asyncio.run_coroutine_threadsafe(self._ask(provider, question), self._loop)

    def collect(self, *, seconds: float) -> list[tuple[Question, Answer]]:
        """Return the answers that have come; wait for the first of them for so long at most."""
        answers: list[tuple[Question, Answer]] = []
        until = time.monotonic() + seconds
        while len(answers) < self.in_flight and (left := until - time.monotonic()) > 0:
            try:
                answers.append(self._answers.get(timeout=left))
            except queue.Empty:
                break
            until = min(until, time.monotonic() + GATHER_SECONDS) if len(answers) == 1 else until
        self.in_flight -= len(answers)
        return answers

    async def _ask(self, provider: Provider, question: Question) -> None:
        answer: Answer = ProviderUnavailable("no answer")
        try:
            answer = await provider.poll(self._client(), question.job_id)
        except ProviderUnavailable as exc:
            answer = exc
        except Exception as exc:  # one strange answer leaves the other jobs alone
            logger.exception("the answer about attempt %s cannot be read", question.attempt_id)
            answer = ProviderUnavailable(type(exc).__name__)
        finally:  # whatever happens, each question is answered: a pass waits for all of them
            self._answers.put((question, answer))

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = async_client(transport=ManyPools())
        return self._http

    async def _close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
