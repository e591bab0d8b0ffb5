"""The OpenAI Videos API (/v1/videos), in its strict dialect."""

import asyncio
import contextlib
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from generations.providers.base import (
    ArtifactTooLarge,
    FailureKind,
    JobState,
    OutcomeUnknown,
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
    Snapshot,
)
from generations.providers.http import (
    ANSWER_MAX_BYTES,
    answer,
    async_client,
    bounded,
    client,
    retry_after_seconds,
)

STATES = {
    "queued": JobState.QUEUED,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
}
FAILURES = {
    "moderation_blocked": FailureKind.SAFETY_INPUT,
    "content_policy_violation": FailureKind.SAFETY_INPUT,
    "output_moderation_blocked": FailureKind.SAFETY_OUTPUT,
    "insufficient_quota": FailureKind.FUNDS,
    "invalid_image": FailureKind.INVALID_ASSET,
}
BY_STATUS: dict[int, FailureKind] = {
    HTTPStatus.UNAUTHORIZED: FailureKind.AUTH,
    HTTPStatus.FORBIDDEN: FailureKind.AUTH,
    HTTPStatus.PAYMENT_REQUIRED: FailureKind.FUNDS,
    HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND,
}
NOT_NOW = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
CLOCK_SKEW = timedelta(seconds=30)
JOB_ID = re.compile(r"[\x21-\x7e]{1,1024}")  # LiteLLM's ids are long
WORD = re.compile(r"[A-Za-z0-9_. -]{1,64}")
LIST_LIMIT = 100
LIST_MAX_PAGES = 20  # a list may say for ever that there is more


class OpenAIVideos:
    """A client of one /v1/videos server. Its credential goes to the configured origin alone."""

    min_poll_seconds = 1.0

    def __init__(
        self, *, name: str, url: str, key: str, transport: httpx.MockTransport | None = None
    ) -> None:
        self.name = name
        self._url = url
        self._key = key
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {key}"}
        self._http = client(base_url=url, key=key, transport=transport)

    def submit(self, request: RenderRequest) -> str:
        fields: dict[str, str | int] = {
            "model": request.model,
            "prompt": request.prompt,
            "size": request.size,
            "seconds": str(request.duration_seconds),
        }
        if request.style:
            fields["style"] = request.style
        if request.seed is not None:
            fields["seed"] = request.seed
        try:
            response = self._post(fields, request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as exc:
            raise ProviderUnavailable("no connection") from exc  # nothing was sent
        except httpx.HTTPError as exc:
            raise OutcomeUnknown(type(exc).__name__) from exc
        if _was_not_accepted(response):
            raise ProviderUnavailable(
                f"HTTP {response.status_code}", retry_after_seconds=retry_after_seconds(response)
            )
        if response.is_client_error:
            raise self._failure(response)
        job_id = _job_id(_json_object(response))
        if not response.is_success or not job_id:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return job_id

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        try:
            response = await answer(http, "GET", self._job_url(job_id), headers=self._headers)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc
        job = _json_object(response)
        if job.get("object") == "video":  # a failed job may come with an HTTP error
            return self._snapshot(job)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return Snapshot(JobState.LOST, native_status="404")
        raise ProviderUnavailable(
            f"HTTP {response.status_code}", retry_after_seconds=retry_after_seconds(response)
        )

    @contextlib.contextmanager
    def open_artifact(self, job_id: str, *, max_bytes: int) -> Iterator[Iterator[bytes]]:
        try:
            with self._http.stream("GET", self._job_url(job_id) + "/content") as response:
                if response.is_client_error and response.status_code not in NOT_NOW:
                    body = bounded(
                        response.iter_bytes(),
                        max_bytes=ANSWER_MAX_BYTES,
                        seconds=settings.PROVIDER_TIMEOUT_SECONDS,
                    )
                    raise self._failure(
                        httpx.Response(response.status_code, content=b"".join(body))
                    )
                if not response.is_success:
                    raise ProviderUnavailable(f"HTTP {response.status_code}")
                yield _capped(response, max_bytes=max_bytes)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc

    def find(self, request: RenderRequest, *, sent_at: datetime) -> list[str]:
        """Jobs with our prompt, size and length: the strict dialect carries no id of ours."""
        since = (sent_at - CLOCK_SKEW).timestamp()
        found: list[str] = []
        after = ""
        for _ in range(LIST_MAX_PAGES):
            page = self._list_page(after)
            data = page.get("data")
            jobs = [job for job in data if isinstance(job, dict)] if isinstance(data, list) else []
            recent = [job for job in jobs if _number(job.get("created_at")) >= since]
            found += [_job_id(job) for job in recent if _job_id(job) and _is_for(job, request)]
            last_id = page.get("last_id")
            if not page.get("has_more") or not jobs or len(recent) < len(jobs) or last_id == after:
                break
            after = str(last_id)
        return found

    def _post(self, fields: dict[str, str | int], request: RenderRequest) -> httpx.Response:
        if request.first_image is None:
            return self._send("POST", "/videos", json=fields)
        with request.first_image.open("rb") as image:
            files = {"input_reference": (request.first_image.name, image)}
            return self._send("POST", "/videos", data=fields, files=files)

    def _list_page(self, after: str) -> dict[str, Any]:
        params = {"limit": str(LIST_LIMIT), "order": "desc"} | ({"after": after} if after else {})
        try:
            response = self._send("GET", "/videos", params=params)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc
        if not response.is_success:
            raise ProviderUnavailable(f"HTTP {response.status_code}")
        return _json_object(response)

    def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """One request from a worker's thread, whole, within one total time."""

        async def send() -> httpx.Response:
            async with async_client(transport=self._transport) as http:
                return await answer(http, method, self._url + path, headers=self._headers, **parts)

        return asyncio.run(send())

    def _snapshot(self, job: dict[str, Any]) -> Snapshot:
        """An unknown status word counts as running, until the deadline."""
        state = STATES.get(str(job.get("status", "")), JobState.RUNNING)
        progress = min(max(int(_number(job.get("progress"))), 0), 100)
        failure = None
        if state is JobState.FAILED:
            error = job["error"] if isinstance(job.get("error"), dict) else {}
            code = self._word(error.get("code"))
            failure = ProviderFailure(FAILURES.get(code, FailureKind.PROVIDER_ERROR), code)
        native = self._word(job.get("status"))
        return Snapshot(state, progress=progress, native_status=native, failure=failure)

    def _failure(self, response: httpx.Response) -> ProviderFailure:
        error = _json_object(response).get("error")
        code = self._word(error.get("code")) if isinstance(error, dict) else ""
        by_status = BY_STATUS.get(response.status_code, FailureKind.INVALID_REQUEST)
        kind = FAILURES.get(code, by_status)
        return ProviderFailure(kind, code or str(response.status_code))

    def _word(self, value: object) -> str:
        """A native word that can be kept and shown: short, plain, and not our credential (I2)."""
        if not isinstance(value, str) or not WORD.fullmatch(value) or self._key in value:
            return ""
        return value

    def _job_url(self, job_id: str) -> str:
        return f"{self._url}/videos/{quote(job_id, safe='')}"


def _was_not_accepted(response: httpx.Response) -> bool:
    """A refusal of the server itself; a bare 503 may come from a proxy after the call went on."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    says_so = "retry-after" in response.headers or "error" in _json_object(response)
    return response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and says_so


def _capped(response: httpx.Response, *, max_bytes: int) -> Iterator[bytes]:
    total = 0
    for block in response.iter_bytes():
        total += len(block)
        if total > max_bytes:
            raise ArtifactTooLarge
        yield block


def _json_object(response: httpx.Response) -> dict[str, Any]:
    """The body if it is a JSON object, else an empty one: a proxy may answer with HTML."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _job_id(job: dict[str, Any]) -> str:
    """The job's id if it can be kept, else nothing."""
    job_id = job.get("id")
    if not isinstance(job_id, str) or not JOB_ID.fullmatch(job_id) or job_id in (".", ".."):
        return ""
    return job_id


def _number(value: object) -> float:
    """A finite number of JSON as it is, anything else as 0: NaN and 1e999 are JSON to Python."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(value)


def _is_for(job: dict[str, Any], request: RenderRequest) -> bool:
    ours = (request.prompt, request.size, str(request.duration_seconds))
    return (job.get("prompt"), job.get("size"), job.get("seconds")) == ours
