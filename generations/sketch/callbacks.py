"""Callbacks: a job that has ended is told to the portal that asked for it, signed.

Off without a secret. Nothing but the portal's own `/hooks/` is ever called, so that whoever may
create a job cannot make this server send requests to other places.
"""

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from standardwebhooks.webhooks import Webhook

from .errors import ApiError
from .jobs import Job, JobStore

RETRY_SECONDS: Final = (1.0, 5.0, 30.0, 120.0)
_TIMEOUT_SECONDS: Final = 10.0
_PATH: Final = re.compile(r"/hooks/[A-Za-z0-9/_-]{1,400}")

logger = logging.getLogger(__name__)


class Callbacks:
    """What is still to be told. `portals` are addresses without a path, as http://host:port."""

    def __init__(self, store: JobStore, *, secret: str, portals: Sequence[str]) -> None:
        self._store = store
        self._webhook = Webhook(secret) if secret else None
        self._portals = tuple(portals)
        self._tasks: set[asyncio.Task[None]] = set()

    def read_url(self, fields: Mapping[str, Any]) -> str | None:
        """The address that a create request wants to be called; raises ApiError if it is not the
        portal's. Where there are no callbacks it is a field like any other that is not known."""
        url = fields.get("callback_url")
        if self._webhook is None or url is None:
            return None
        if not isinstance(url, str) or not any(
            _is_hook_of(portal, url) for portal in self._portals
        ):
            raise ApiError(
                "callback_url must be an address under this portal's /hooks/.",
                code="invalid_value",
                param="callback_url",
            )
        return url

    def send(self, job: Job) -> None:
        """Tell that a job has ended, where somebody wants to know."""
        if job.callback_url is None or self._webhook is None:
            return
        task = asyncio.get_running_loop().create_task(self._deliver(job, self._webhook))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send what a stopped server left unsent; what this one leaves is for the next."""
        for job in self._store.to_call_back():
            self.send(job)
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, job: Job, webhook: Webhook) -> None:
        """Try a few times. It is a hint, and whoever misses it finds out by asking."""
        async with httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False
        ) as http:
            for seconds in (*RETRY_SECONDS, None):
                if await self._is_taken(http, job, webhook):
                    break
                if seconds is None:
                    logger.warning("nobody takes the callback of job %s", job.id)
                else:
                    await asyncio.sleep(seconds)
        if self._store.get(job.id) is not None:
            self._store.save(job.called_back())

    async def _is_taken(self, http: httpx.AsyncClient, job: Job, webhook: Webhook) -> bool:
        body, headers = signed(job, webhook)
        try:
            answer = await http.post(str(job.callback_url), content=body, headers=headers)
        except httpx.HTTPError as exc:
            logger.info("the callback of job %s does not arrive: %s", job.id, type(exc).__name__)
            return False
        return answer.is_success


def signed(job: Job, webhook: Webhook) -> tuple[bytes, dict[str, str]]:
    """The event of a job's end; its id is the same however often it is sent."""
    event_id, now = f"evt_{job.id.removeprefix('video_')}", datetime.now(UTC)
    event = {
        "id": event_id,
        "object": "event",
        "created_at": job.completed_at,
        "type": f"video.{job.status}",
        "data": {"id": job.id},
    }
    body = json.dumps(event)
    headers = {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(event_id, now, body),
    }
    return body.encode(), headers


def _is_hook_of(portal: str, url: str) -> bool:
    return url.startswith(f"{portal}/") and bool(_PATH.fullmatch(url.removeprefix(portal)))
