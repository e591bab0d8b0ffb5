"""The OpenAI Videos API (/v1/videos), in its strict dialect."""

import contextlib
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

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
from generations.providers.http import client, retry_after_seconds

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
JOB_ID_MAX_CHARS = 1024
LIST_LIMIT = 100
LIST_MAX_PAGES = 20  # a list may say for ever that there is more


class OpenAIVideos:
    """A client of one /v1/videos server. Its credential goes to the configured origin alone."""

    min_poll_seconds = 1.0

    def __init__(
        self, *, name: str, url: str, key: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.name = name
        self._url = url
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
        if response.status_code in NOT_NOW:
            raise ProviderUnavailable(
                f"HTTP {response.status_code}", retry_after_seconds=retry_after_seconds(response)
            )
        if response.is_client_error:
            raise _failure(response)
        job_id = _job_id(_json_object(response))
        if not response.is_success or not job_id:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return job_id

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        try:
            response = await http.get(self._job_url(job_id), headers=self._headers)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc
        job = _json_object(response)
        if job.get("object") == "video":  # a failed job may come with an HTTP error
            return _snapshot(job)
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
                    response.read()
                    raise _failure(response)
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
            return self._http.post("/videos", json=fields)
        with request.first_image.open("rb") as image:
            files = {"input_reference": (request.first_image.name, image)}
            return self._http.post("/videos", data=fields, files=files)

    def _list_page(self, after: str) -> dict[str, Any]:
        params = {"limit": str(LIST_LIMIT), "order": "desc"} | ({"after": after} if after else {})
        try:
            response = self._http.get("/videos", params=params)
        except httpx.HTTPError as exc:
            raise ProviderUnavailable(type(exc).__name__) from exc
        if not response.is_success:
            raise ProviderUnavailable(f"HTTP {response.status_code}")
        return _json_object(response)

    def _job_url(self, job_id: str) -> str:
        return f"{self._url}/videos/{quote(job_id, safe='')}"


def _snapshot(job: dict[str, Any]) -> Snapshot:
    """An unknown status word counts as running, until the deadline."""
    native = str(job.get("status", ""))
    state = STATES.get(native, JobState.RUNNING)
    progress = min(max(int(_number(job.get("progress"))), 0), 100)
    failure = None
    if state is JobState.FAILED:
        error = job["error"] if isinstance(job.get("error"), dict) else {}
        code = str(error.get("code") or "")
        failure = ProviderFailure(FAILURES.get(code, FailureKind.PROVIDER_ERROR), code)
    return Snapshot(state, progress=progress, native_status=native[:200], failure=failure)


def _failure(response: httpx.Response) -> ProviderFailure:
    error = _json_object(response).get("error")
    code = str(error.get("code") or "") if isinstance(error, dict) else ""
    by_status = BY_STATUS.get(response.status_code, FailureKind.INVALID_REQUEST)
    kind = FAILURES.get(code, by_status)
    return ProviderFailure(kind, code or str(response.status_code))


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
    if not isinstance(job_id, str) or len(job_id) > JOB_ID_MAX_CHARS or "\0" in job_id:
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
