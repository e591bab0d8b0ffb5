"""The OpenAI Videos API (/v1/videos), in its strict dialect."""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from generations.providers.base import (
    Account,
    Callback,
    Cancellation,
    FailureKind,
    ForgedCallback,
    JobState,
    OutcomeUnknown,
    Parameter,
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
    Snapshot,
)
from generations.providers.http import (
    Wire,
    capped,
    json_object,
    read_small,
    unavailable,
)
from generations.providers.reading import job_id as read_job_id
from generations.providers.reading import number, per_cent, word

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
LIST_LIMIT = 100
LIST_MAX_PAGES = 20  # a list may say for ever that there is more


class OpenAIVideos:
    """A client of one /v1/videos server. Its credential goes to the configured origin alone."""

    min_poll_seconds = 1.0
    extras: frozenset[str] = frozenset()
    sends_callbacks = False
    can_cancel = False

    def __init__(self, account: Account, transport: httpx.MockTransport | None = None) -> None:
        self.account = account
        headers = {"Authorization": f"Bearer {account.key}"}
        self._wire = Wire(account, headers, transport=transport)

    def submit(self, request: RenderRequest) -> str:
        fields: dict[str, Parameter] = {
            "model": request.model,
            "prompt": request.prompt,
            "size": request.size,
            "seconds": str(request.duration_seconds),
        }
        if request.style:
            fields["style"] = request.style
        if request.seed is not None:
            fields["seed"] = request.seed
        response = self._create(fields, request)
        if _was_not_accepted(response):
            raise unavailable(response)
        if response.is_client_error:
            raise self._failure(response)
        found = read_job_id(json_object(response).get("id"))
        if not response.is_success or not found:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return found

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        response = await self._wire.ask(http, _job_path(job_id))
        job = json_object(response)
        if job.get("object") == "video":  # a failed job may come with an HTTP error
            return self._snapshot(job, response)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return Snapshot(JobState.LOST, native_status="404")
        raise unavailable(response)

    @contextlib.contextmanager
    def open_artifact(self, job_id: str, *, max_bytes: int) -> Iterator[Iterator[bytes]]:
        with self._wire.stream(f"{_job_path(job_id)}/content") as response:
            if response.is_client_error and response.status_code not in NOT_NOW:
                raise self._failure(read_small(response))
            if not response.is_success:
                raise unavailable(response)
            yield capped(response, max_bytes=max_bytes)

    def find(self, request: RenderRequest, *, sent_at: datetime) -> list[str]:
        """Jobs with our prompt, size and length: the strict dialect carries no id of ours."""
        since = (sent_at - CLOCK_SKEW).timestamp()
        found: list[str] = []
        after = ""
        for _ in range(LIST_MAX_PAGES):
            page = self._list_page(after)
            data = page.get("data")
            jobs = [job for job in data if isinstance(job, dict)] if isinstance(data, list) else []
            recent = [job for job in jobs if number(job.get("created_at")) >= since]
            found += [str(job["id"]) for job in recent if _is_for(job, request)]
            last_id = page.get("last_id")
            if not page.get("has_more") or not jobs or len(recent) < len(jobs) or last_id == after:
                break
            after = str(last_id)
        return found

    def cancel(self, job_id: str) -> Cancellation:
        """The strict dialect has no way to stop a job: its DELETE is for those that have ended."""
        return Cancellation.UNSUPPORTED

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        raise ForgedCallback("this account takes no callbacks")

    def _create(self, fields: dict[str, Parameter], request: RenderRequest) -> httpx.Response:
        if request.first_image is None:
            return self._wire.create("/videos", json=fields)
        with request.first_image.open("rb") as image:
            files = {"input_reference": (request.first_image.name, image)}
            return self._wire.create("/videos", data=fields, files=files)

    def _list_page(self, after: str) -> dict[str, Any]:
        params = {"limit": str(LIST_LIMIT), "order": "desc"} | ({"after": after} if after else {})
        response = self._wire.call("GET", "/videos", params=params)
        if not response.is_success:
            raise ProviderUnavailable(f"HTTP {response.status_code}")
        return json_object(response)

    def _snapshot(self, job: dict[str, Any], response: httpx.Response) -> Snapshot:
        """An unknown status word counts as running, until the deadline."""
        state = STATES.get(str(job.get("status", "")), JobState.RUNNING)
        progress = per_cent(job.get("progress"))
        failure = None
        if state is JobState.FAILED:
            error = job["error"] if isinstance(job.get("error"), dict) else {}
            code = word(error.get("code"), self.account)
            failure = ProviderFailure(FAILURES.get(code, FailureKind.PROVIDER_ERROR), code)
        native = word(job.get("status"), self.account)
        return Snapshot(
            state,
            progress=progress,
            native_status=native,
            failure=failure,
            poll_after_seconds=_poll_after(response),
        )

    def _failure(self, response: httpx.Response) -> ProviderFailure:
        error = json_object(response).get("error")
        code = word(error.get("code"), self.account) if isinstance(error, dict) else ""
        by_status = BY_STATUS.get(response.status_code, FailureKind.INVALID_REQUEST)
        kind = FAILURES.get(code, by_status)
        return ProviderFailure(kind, code or str(response.status_code))


def _job_path(job_id: str) -> str:
    return f"/videos/{quote(job_id, safe='')}"


def _poll_after(response: httpx.Response) -> float | None:
    """Seconds until the server wants to be asked again, where it says so (openai-poll-after-ms)."""
    value = response.headers.get("openai-poll-after-ms", "")
    return int(value) / 1000 if value.isascii() and value.isdigit() and len(value) < 8 else None


def _was_not_accepted(response: httpx.Response) -> bool:
    """A refusal of the server itself; a bare 503 may come from a proxy after the call went on."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    says_so = "retry-after" in response.headers or "error" in json_object(response)
    return response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and says_so


def _is_for(job: dict[str, Any], request: RenderRequest) -> bool:
    ours = (request.prompt, request.size, str(request.duration_seconds))
    is_like = (job.get("prompt"), job.get("size"), job.get("seconds")) == ours
    return is_like and bool(read_job_id(job.get("id")))
