"""The API of Runway (/v1/text_to_video, /v1/image_to_video, /v1/tasks), version 2024-11-06.

It calls nobody back, lists no tasks and knows no idempotency: a create whose answer was lost can
be resolved by a person or by the bill alone.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
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
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
    Snapshot,
)
from generations.providers.http import Wire, json_object, retry_after_seconds, unavailable
from generations.providers.images import data_uri
from generations.providers.reading import job_id as read_job_id
from generations.providers.reading import number, per_cent, word

VERSION = "2024-11-06"
STATES = {
    "PENDING": JobState.QUEUED,
    "THROTTLED": JobState.QUEUED,
    "RUNNING": JobState.RUNNING,
    "SUCCEEDED": JobState.SUCCEEDED,
    "FAILED": JobState.FAILED,
    "CANCELLED": JobState.CANCELLED,
}
TASK_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CAN_BE_STOPPED = ("PENDING", "THROTTLED", "RUNNING")
FAILURES = {  # by the first two parts of a failure code, or its first
    "SAFETY.INPUT": FailureKind.SAFETY_INPUT,
    "SAFETY.OUTPUT": FailureKind.SAFETY_OUTPUT,
    "SAFETY": FailureKind.SAFETY_UNSPECIFIED,
    "INTERNAL.BAD_OUTPUT": FailureKind.BAD_OUTPUT,
    "ASSET.INVALID": FailureKind.INVALID_ASSET,
}
BY_STATUS: dict[int, FailureKind] = {
    HTTPStatus.UNAUTHORIZED: FailureKind.AUTH,
    HTTPStatus.FORBIDDEN: FailureKind.AUTH,
    HTTPStatus.PAYMENT_REQUIRED: FailureKind.FUNDS,
    HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND,
}
NO_CREDITS = "You do not have enough credits"  # it comes as a plain 400
SHEDDING_LOAD = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE)
DAILY_QUOTA_REST_SECONDS = 900.0  # the day is a rolling one: a place may come free at any time
PROMPT_MAX_UNITS = {  # of UTF-16; of the other models Runway says no limit, and judges itself
    "gen4.5": 1000,
    "gen4_turbo": 1000,
    "veo3.1": 1000,
    "veo3.1_fast": 1000,
    "happyhorse_1_0": 2500,
    "seedance2": 3500,
    "seedance2_fast": 3500,
    "seedance2_mini": 3500,
    "seedance2_5": 15_000,
}
DATA_URI_MAX_CHARS = 5_000_000
PUBLIC_FIGURES = "publicFigureThreshold"  # Runway has it inside of contentModeration
CREDIT_PRICE = Decimal("0.01")
COST_MAX_CREDITS = 1_000_000


class Runway:
    """A client of one Runway account.

    `output_hosts` is what Runway's videos were seen to come from: it documents no host. An
    account may name its own (GREENROOM_PROVIDER_…_OUTPUT_HOSTS).
    """

    min_poll_seconds = 5.0
    extras = frozenset(
        {"audio", "negativePrompt", "cfgScale", "promptExpansionMode", PUBLIC_FIGURES}
    )
    sends_callbacks = False
    can_cancel = True
    bills_stopped = True
    job_id_form = "the UUID of a task"
    output_hosts = ("*.runwayml.com", "*.cloudfront.net")

    def __init__(self, account: Account, transport: httpx.MockTransport | None = None) -> None:
        self.account = account
        headers = {"Authorization": f"Bearer {account.key}", "X-Runway-Version": VERSION}
        self._wire = Wire(account, headers, output_hosts=self.output_hosts, transport=transport)

    def submit(self, request: RenderRequest) -> str:
        path = "/image_to_video" if request.first_image else "/text_to_video"
        response = self._wire.create(path, json=self._body(request))
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            wait = retry_after_seconds(response, default=DAILY_QUOTA_REST_SECONDS)
            raise ProviderUnavailable("the quota of the day is used up", retry_after_seconds=wait)
        if _was_not_accepted(response):
            raise unavailable(response)
        if response.is_client_error:
            raise _refusal(response)
        found = read_job_id(json_object(response).get("id"))
        if not response.is_success or not found:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return found

    def is_job_id(self, text: str) -> bool:
        return bool(TASK_ID.fullmatch(text))

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        return self._snapshot(await self._wire.ask(http, _task_path(job_id)))

    def open_artifact(
        self, job_id: str, *, max_bytes: int
    ) -> AbstractContextManager[Iterator[bytes]]:
        return self._wire.file_at(lambda: self._output(job_id), max_bytes=max_bytes)

    def find(self, request: RenderRequest, *, sent_at: datetime) -> None:
        """Runway has no list of tasks."""

    def cancel(self, job_id: str) -> Cancellation:
        """Stop a task that has not ended, as far as can be known.

        Runway's DELETE cancels a task that is still going, and deletes one that has ended with its
        output. So it is asked just before; a task that ends in between loses its output all the
        same, and no call can prevent that. What was running is billed.
        """
        task = self._snapshot(self._wire.call("GET", _task_path(job_id)))
        if task.native_status not in CAN_BE_STOPPED:
            return Cancellation.TOO_LATE
        response = self._wire.call("DELETE", _task_path(job_id))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return Cancellation.TOO_LATE
        if not response.is_success:
            raise unavailable(response)
        return Cancellation.REQUESTED

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        raise ForgedCallback("Runway sends no callbacks")

    def _body(self, request: RenderRequest) -> dict[str, Any]:
        """What is sent. Raises ProviderFailure for what can be known to be refused."""
        limit = PROMPT_MAX_UNITS.get(request.model)
        if limit and len(request.prompt.encode("utf-16-le")) // 2 > limit:
            raise ProviderFailure(FailureKind.INVALID_REQUEST, "prompt too long")
        if request.style:
            raise ProviderFailure(FailureKind.INVALID_REQUEST, "no styles")
        body: dict[str, Any] = {
            name: value for name, value in request.extras.items() if name in self.extras
        }
        if PUBLIC_FIGURES in body:
            body["contentModeration"] = {PUBLIC_FIGURES: body.pop(PUBLIC_FIGURES)}
        body |= {
            "model": request.model,
            "promptText": request.prompt,
            "ratio": request.size.replace("x", ":"),
            "duration": request.duration_seconds,
        }
        if request.seed is not None:
            body["seed"] = request.seed
        if request.first_image is not None:
            body["promptImage"] = _data_uri(request.first_image)
        return body

    def _output(self, job_id: str) -> object:
        """The address of a finished task's video. Raises what `open_artifact` does."""
        response = self._wire.call("GET", _task_path(job_id))
        snapshot = self._snapshot(response)
        if snapshot.failure:
            raise snapshot.failure
        if snapshot.state in (JobState.LOST, JobState.CANCELLED):
            raise ProviderFailure(FailureKind.NOT_FOUND, snapshot.native_status)
        if snapshot.state is not JobState.SUCCEEDED:
            raise ProviderUnavailable("the task is not finished")
        output = json_object(response).get("output")
        if not isinstance(output, list) or not output:
            raise ProviderFailure(FailureKind.BAD_OUTPUT, "done with no video")
        return output[0]

    def _snapshot(self, response: httpx.Response) -> Snapshot:
        """An unknown status word counts as running, until the deadline.

        A task is one whatever HTTP status it comes with; else the answer says nothing of it, and
        ProviderUnavailable is raised.
        """
        task = json_object(response)
        status = task.get("status")
        is_task = response.is_success or (task.get("id") and status in STATES)
        if not is_task or not isinstance(status, str):
            if response.status_code == HTTPStatus.NOT_FOUND:
                return Snapshot(JobState.LOST, native_status="404")
            raise unavailable(response)
        state = STATES.get(status, JobState.RUNNING)
        return Snapshot(
            state,
            progress=per_cent(min(number(task.get("progress")), 1.0) * 100),
            native_status=word(status, self.account),
            failure=self._failure(task) if state is JobState.FAILED else None,
            cost=self._cost(task.get("cost")),
        )

    def _failure(self, task: dict[str, Any]) -> ProviderFailure:
        """The third part of a code is a guess of Runway's and is not kept, nor is its prose."""
        parts = str(task.get("failureCode") or "").split(".")[:2]
        code = word(".".join(parts), self.account)
        kind = FAILURES.get(code) or FAILURES.get(parts[0], FailureKind.PROVIDER_ERROR)
        return ProviderFailure(kind, code)

    def _cost(self, cost: object) -> Decimal | None:
        """What an ended task costs: a refusal costs as much as a video."""
        credits = cost.get("credits") if isinstance(cost, dict) else None
        if isinstance(credits, bool) or not isinstance(credits, int | float):
            return None
        if not 0 <= credits <= COST_MAX_CREDITS:
            return None
        price = CREDIT_PRICE if self.account.credit_price is None else self.account.credit_price
        return Decimal(str(credits)) * price


def _task_path(job_id: str) -> str:
    return f"/tasks/{quote(job_id, safe='')}"


def _was_not_accepted(response: httpx.Response) -> bool:
    """Runway sheds load with 502 and 503, and its own errors are JSON with an `error`.

    A page of a proxy says nothing of what stands behind it, and a 504 may come after the call
    went on.
    """
    return response.status_code in SHEDDING_LOAD and bool(json_object(response).get("error"))


def _refusal(response: httpx.Response) -> ProviderFailure:
    kind = BY_STATUS.get(response.status_code, FailureKind.INVALID_REQUEST)
    if str(json_object(response).get("error", "")).startswith(NO_CREDITS):
        kind = FailureKind.FUNDS
    return ProviderFailure(kind, str(response.status_code))


def _data_uri(image: Path) -> str:
    """Raises ProviderFailure past Runway's limit; the portal's own of a photo is far below it."""
    uri = data_uri(image)
    if len(uri) > DATA_URI_MAX_CHARS:
        raise ProviderFailure(FailureKind.INVALID_ASSET, "image too large")
    return uri
