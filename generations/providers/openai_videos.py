"""The OpenAI Videos API (/v1/videos): its strict dialect, and three servers that differ from it."""

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
from generations.providers.webhooks import read_signed

STATES = {
    "queued": JobState.QUEUED,
    "in_progress": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    # No words of the API's own, and ends of a job all the same.
    "cancelled": JobState.CANCELLED,
    "deleted": JobState.CANCELLED,
}
FAILURES = {
    "moderation_blocked": FailureKind.SAFETY_INPUT,
    "content_policy_violation": FailureKind.SAFETY_INPUT,
    "output_moderation_blocked": FailureKind.SAFETY_OUTPUT,
    "insufficient_quota": FailureKind.FUNDS,
    "budget_exceeded": FailureKind.FUNDS,
    "invalid_image": FailureKind.INVALID_ASSET,
    "expired": FailureKind.NOT_FOUND,
}
BY_STATUS: dict[int, FailureKind] = {
    HTTPStatus.UNAUTHORIZED: FailureKind.AUTH,
    HTTPStatus.FORBIDDEN: FailureKind.AUTH,
    HTTPStatus.PAYMENT_REQUIRED: FailureKind.FUNDS,
    HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND,
    HTTPStatus.GONE: FailureKind.NOT_FOUND,
}
NOT_NOW = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
CALLBACKS = ("video.completed", "video.failed")
CLOCK_SKEW = timedelta(seconds=30)
LIST_LIMIT = 100
LIST_MAX_PAGES = 20  # a list may say for ever that there is more

# What a server made for diffusion models lets one steer. None of it is a path or an address on
# the server's side, and none changes how many clips are made, or how long.
SAMPLING = frozenset(
    {
        "fps",
        "negative_prompt",
        "guidance_scale",
        "guidance_scale_2",
        "true_cfg_scale",
        "num_inference_steps",
        "flow_shift",
        "enable_frame_interpolation",
        "frame_interpolation_exp",
        "frame_interpolation_scale",
    }
)


class OpenAIVideos:
    """A client of one /v1/videos server, strict dialect.

    With a webhook secret, a create carries `callback_url`. The API itself has no such field: it is
    an extension for a model owner's own server, which signs what it calls back with.
    """

    min_poll_seconds = 1.0
    extras: frozenset[str] = frozenset()
    can_cancel = False
    bills_stopped = False
    job_id_form = "the id of a video"
    takes_json = True
    takes_callback_url = True
    takes_end_user = False
    lists_prompts = True
    error_keys: tuple[str, ...] = ("error",)  # one of them is in an error that it wrote itself

    def __init__(self, account: Account, transport: httpx.MockTransport | None = None) -> None:
        self.account = account
        self.sends_callbacks = self.takes_callback_url and bool(account.webhook_secret)
        headers = {"Authorization": f"Bearer {account.key}"}
        self._wire = Wire(account, headers, transport=transport)

    def submit(self, request: RenderRequest) -> str:
        response = self._create(self._fields(request), request)
        if self._was_not_accepted(response):
            raise unavailable(response)
        if response.is_client_error:
            raise self._refusal(response, otherwise=FailureKind.INVALID_REQUEST)
        found = read_job_id(json_object(response).get("id"))
        if not response.is_success or not found:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return found

    def is_job_id(self, text: str) -> bool:
        return bool(read_job_id(text))

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        response = await self._wire.ask(http, _job_path(job_id))
        return self._snapshot(response)

    @contextlib.contextmanager
    def open_artifact(self, job_id: str, *, max_bytes: int) -> Iterator[Iterator[bytes]]:
        with self._wire.stream(f"{_job_path(job_id)}/content") as response:
            if response.is_client_error and response.status_code not in NOT_NOW:
                kind = FailureKind.PROVIDER_ERROR  # it is "completed", and an error all the same
                raise self._refusal(read_small(response), otherwise=kind)
            if not response.is_success:
                raise unavailable(response)
            yield capped(response, max_bytes=max_bytes)

    def find(self, request: RenderRequest, *, sent_at: datetime) -> list[str] | None:
        """Jobs with our prompt, size and length: the API carries no id of ours."""
        if not self.lists_prompts:
            return None
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
        """There is no way to stop a job: DELETE is for those that have ended."""
        return Cancellation.UNSUPPORTED

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        if not self.sends_callbacks:
            raise ForgedCallback("this account takes no callbacks")
        delivery_id, event = read_signed(self.account.webhook_secret, headers, body)
        data = event.get("data")
        is_of_a_job = event.get("type") in CALLBACKS and isinstance(data, dict)
        job_id = read_job_id(data.get("id")) if is_of_a_job and data else ""
        return Callback(delivery_id, job_id or None)

    def _fields(self, request: RenderRequest) -> dict[str, Parameter]:
        if unknown := sorted(request.extras.keys() - self.extras):
            code = word(f"may not send {unknown[0]}", self.account)
            raise ProviderFailure(FailureKind.INVALID_REQUEST, code)
        fields: dict[str, Parameter] = {
            "model": request.model,
            "prompt": request.prompt,
            "size": request.size,
            "seconds": str(request.duration_seconds),
            **request.extras,
        }
        if request.style:
            fields["style"] = request.style
        if request.seed is not None:
            fields["seed"] = request.seed
        if self.takes_end_user and request.end_user:
            fields["user"] = request.end_user
        if self.sends_callbacks and request.callback_url:
            fields["callback_url"] = request.callback_url
        return fields

    def _create(self, fields: Mapping[str, Parameter], request: RenderRequest) -> httpx.Response:
        if request.first_image is None and self.takes_json:
            return self._wire.create("/videos", json=fields)
        parts: dict[str, Any] = {name: (None, _text(value)) for name, value in fields.items()}
        if request.first_image is None:
            return self._wire.create("/videos", files=parts)
        with request.first_image.open("rb") as image:
            parts["input_reference"] = (request.first_image.name, image)
            return self._wire.create("/videos", files=parts)

    def _list_page(self, after: str) -> dict[str, Any]:
        params = {"limit": str(LIST_LIMIT), "order": "desc"} | ({"after": after} if after else {})
        response = self._wire.call("GET", "/videos", params=params)
        if not response.is_success:
            raise unavailable(response)
        return json_object(response)

    def _snapshot(self, response: httpx.Response) -> Snapshot:
        """How a job stands; an unknown status word counts as running, until the deadline.

        Raises ProviderUnavailable where the answer says nothing about it.
        """
        job = json_object(response)
        if job.get("object") != "video":  # a failed job may come with an HTTP error
            if response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                return Snapshot(JobState.LOST, native_status=str(response.status_code))
            raise unavailable(response)
        state = STATES.get(str(job.get("status", "")), JobState.RUNNING)
        if state is JobState.SUCCEEDED and _has_error(job):
            state = JobState.FAILED
        return Snapshot(
            state,
            progress=per_cent(job.get("progress")),
            native_status=word(job.get("status"), self.account),
            failure=self._job_failure(job) if state is JobState.FAILED else None,
            poll_after_seconds=_poll_after(response),
        )

    def _job_failure(self, job: Mapping[str, Any]) -> ProviderFailure:
        code = self._code(job.get("error"))
        return ProviderFailure(FAILURES.get(code, FailureKind.PROVIDER_ERROR), code)

    def _refusal(self, response: httpx.Response, *, otherwise: FailureKind) -> ProviderFailure:
        error = json_object(response).get("error")
        code = self._code(error)
        kind = FAILURES.get(code) or FAILURES.get(self._code(error, key="type"))
        kind = kind or BY_STATUS.get(response.status_code, otherwise)
        return ProviderFailure(kind, code or str(response.status_code))

    def _code(self, error: object, *, key: str = "code") -> str:
        """An error's native code as a word: some servers write a number, some nothing."""
        value = error.get(key) if isinstance(error, dict) else None
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return word(str(value) if is_number else value, self.account)

    def _was_not_accepted(self, response: httpx.Response) -> bool:
        """A refusal in the server's own words; any other 503, with Retry-After too, may come from a
        proxy after the call went on."""
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return True
        says_so = any(key in json_object(response) for key in self.error_keys)
        return response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and says_so


class SGLang(OpenAIVideos):
    """SGLang-diffusion. Jobs live in its memory, and its DELETE lets a job run on unseen.

    With its cloud storage switched on it hands out addresses: their hosts belong into the
    account's `output_hosts`.
    """

    extras = SAMPLING | {"max_sequence_length", "enable_teacache"}
    takes_callback_url = False
    lists_prompts = False
    error_keys = ("detail",)

    @contextlib.contextmanager
    def open_artifact(self, job_id: str, *, max_bytes: int) -> Iterator[Iterator[bytes]]:
        with contextlib.ExitStack() as opened:
            try:
                blocks = opened.enter_context(super().open_artifact(job_id, max_bytes=max_bytes))
            except ProviderFailure as failure:
                url = self._stored_elsewhere(job_id, failure)
                response = opened.enter_context(self._wire.stream_from(url))
                if not response.is_success:
                    raise unavailable(response) from failure
                blocks = capped(response, max_bytes=max_bytes)
            yield blocks

    def _stored_elsewhere(self, job_id: str, failure: ProviderFailure) -> str:
        """The address of a video that /content does not give out; raises `failure` if there is
        none, or ProviderUnavailable where the job has not ended."""
        response = self._wire.call("GET", _job_path(job_id))
        state = self._snapshot(response).state
        if state in (JobState.QUEUED, JobState.RUNNING):
            raise ProviderUnavailable("the job has not ended")
        url = json_object(response).get("url")
        if state is not JobState.SUCCEEDED or not isinstance(url, str) or not url:
            raise failure
        return url


class VLLMOmni(OpenAIVideos):
    """vLLM-Omni. It takes forms alone, and its DELETE stops a job that has not ended."""

    extras = SAMPLING | {"boundary_ratio", "quality", "generate_sound", "sound_duration"}
    can_cancel = True
    takes_json = False
    takes_callback_url = False
    takes_end_user = True
    error_keys = ("detail", "error")

    def cancel(self, job_id: str) -> Cancellation:
        """Looked at first: DELETE of a job that has ended would delete its video.

        A job that was stopped is not known any more.
        """
        asked = self._wire.call("GET", _job_path(job_id))
        if self._snapshot(asked).state not in (JobState.QUEUED, JobState.RUNNING):
            return Cancellation.TOO_LATE
        response = self._wire.call("DELETE", _job_path(job_id))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return Cancellation.TOO_LATE
        if response.is_success or response.status_code == HTTPStatus.CONFLICT:  # still stopping
            return Cancellation.REQUESTED
        raise unavailable(response)

    def _job_failure(self, job: Mapping[str, Any]) -> ProviderFailure:
        """Its code is the HTTP status that the answer has too: 4xx is the request's fault."""
        failure = super()._job_failure(job)
        code = failure.native_code
        if not (code.isdigit() and len(code) == 3 and code.startswith("4")):
            return failure
        kind = BY_STATUS.get(int(code), FailureKind.INVALID_REQUEST)
        return ProviderFailure(kind, code)


class LiteLLM(OpenAIVideos):
    """The LiteLLM proxy: other APIs behind /v1/videos, whose words leak through.

    Its id of a job is everything that it knows of it, and up to a thousand characters long. What
    failed may be called completed, and shows as an error when the video is fetched. A 503 with its
    envelope may be one of a server behind it, so it does not say that nothing was accepted.
    """

    extras = SAMPLING | {"aspect_ratio", "generate_sound", "resolution"}
    takes_callback_url = False
    lists_prompts = False
    error_keys = ()


def _job_path(job_id: str) -> str:
    return f"/videos/{quote(job_id, safe='')}"


def _text(value: Parameter) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _has_error(job: Mapping[str, Any]) -> bool:
    error = job.get("error")
    return any(error.values()) if isinstance(error, dict) else bool(error)


def _poll_after(response: httpx.Response) -> float | None:
    """Seconds until the server wants to be asked again, where it says so (openai-poll-after-ms)."""
    value = response.headers.get("openai-poll-after-ms", "")
    return int(value) / 1000 if value.isascii() and value.isdigit() and len(value) < 8 else None


def _is_for(job: dict[str, Any], request: RenderRequest) -> bool:
    ours = (request.prompt, request.size, str(request.duration_seconds))
    is_like = (job.get("prompt"), job.get("size"), job.get("seconds")) == ours
    return is_like and bool(read_job_id(job.get("id")))
