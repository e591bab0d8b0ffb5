"""The queue of fal (queue.fal.run): many apps, one life of a request.

It lists no requests and knows no idempotency; a create whose answer was lost is found by its
callback. A request that has ended is COMPLETED whatever became of it: its result tells.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from http import HTTPStatus
from typing import Any

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
from generations.providers.fal_apps import endpoint, frame, home, is_job_id
from generations.providers.fal_apps import job_id as make_job_id
from generations.providers.fal_callbacks import what_was_signed
from generations.providers.fal_errors import failure_of, is_cancelled, typed_errors
from generations.providers.http import Wire, json_object, unavailable
from generations.providers.images import data_uri
from generations.providers.key_set import KeySet
from generations.providers.reading import word

STATES = {
    "IN_QUEUE": JobState.QUEUED,
    "IN_PROGRESS": JobState.RUNNING,
    "COMPLETED": JobState.SUCCEEDED,
}
KEYS_URL = "https://rest.fal.ai/.well-known/jwks.json"
VIDEOS_KEPT_FOR_SECONDS = 86_400  # at fal: longer than a fetch may take, and no longer than needed
HEADERS = {
    "x-fal-no-retry": "1",  # a failed run is made again by whoever pays for it
    "X-Fal-Object-Lifecycle-Preference": json.dumps(
        {"expiration_duration_seconds": VIDEOS_KEPT_FOR_SECONDS}
    ),
}
NOT_OURS_TO_READ = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
)
GOING_ON = "still in progress"


class Fal:
    """A client of one fal account.

    A job id is "owner/app/requests/<request id>", so that each address is made from the account's
    own: the addresses in fal's answers are never followed.
    """

    min_poll_seconds = 5.0
    extras = frozenset(
        {
            "auto_fix",
            "camera_fixed",
            "cfg_scale",
            "enhance_prompt",
            "fps",
            "generate_audio",
            "negative_prompt",
            "prompt_optimizer",
        }
    )
    sends_callbacks = True
    can_cancel = True
    bills_stopped = False
    job_id_form = "owner/app/requests/ID"
    output_hosts = ("fal.media", "*.fal.media")

    def __init__(self, account: Account, transport: httpx.MockTransport | None = None) -> None:
        self.account = account
        headers = {"Authorization": f"Key {account.key}"} | HEADERS
        self._wire = Wire(account, headers, output_hosts=self.output_hosts, transport=transport)
        self._keys = KeySet(account.keys_url or KEYS_URL, transport)

    def submit(self, request: RenderRequest) -> str:
        if not home(request.model):
            raise ProviderFailure(FailureKind.INVALID_REQUEST, "no id of an app")
        path = endpoint(request.model, has_image=request.first_image is not None)
        params = {"fal_webhook": request.callback_url} if request.callback_url else {}
        response = self._wire.create(f"/{path}", params=params, json=self._body(request))
        if _was_not_accepted(response):
            raise unavailable(response)
        if response.is_client_error:
            raise failure_of(json_object(response), response.status_code, self.account)
        job_id = make_job_id(request.model, json_object(response).get("request_id"))
        if not response.is_success or not job_id:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return job_id

    def is_job_id(self, text: str) -> bool:
        return is_job_id(text)

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        """One call, and a second for the result of a request that has ended."""
        if not is_job_id(job_id):
            return Snapshot(JobState.LOST, native_status="no request of fal")
        status = await self._wire.ask(http, f"/{job_id}/status")
        standing = self._standing(status)
        if standing.state is not JobState.SUCCEEDED:
            return standing
        outcome = self._outcome(await self._wire.ask(http, f"/{job_id}"))
        said = json_object(status)
        if outcome.state in (JobState.SUCCEEDED, JobState.LOST) and (
            said.get("error") or said.get("error_type")
        ):
            return self._failed(said, HTTPStatus.INTERNAL_SERVER_ERROR)
        return outcome

    def open_artifact(
        self, job_id: str, *, max_bytes: int
    ) -> AbstractContextManager[Iterator[bytes]]:
        return self._wire.file_at(lambda: self._output(job_id), max_bytes=max_bytes)

    def find(self, request: RenderRequest, *, sent_at: datetime) -> None:
        """The queue has no list of requests."""

    def cancel(self, job_id: str) -> Cancellation:
        """A request that waits is taken out; one that runs is stopped where its app can be."""
        if not is_job_id(job_id):
            return Cancellation.TOO_LATE
        response = self._wire.call("PUT", f"/{job_id}/cancel")
        if response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
            return Cancellation.TOO_LATE
        if not response.is_success:
            raise unavailable(response)
        return Cancellation.REQUESTED

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        """A callback names its request alone; the app is that of `model`.

        fal signs callbacks for all of its customers with the same keys: the signature tells that
        fal sent it, and the secret in its address that it was sent for us.
        """
        message, signature = what_was_signed(headers, body)
        if not self._keys.has_signed(message, signature):
            raise ForgedCallback("no key of fal fits its signature")
        try:
            event = json.loads(body)
        except (ValueError, RecursionError) as exc:
            raise ForgedCallback("a signed callback that is no JSON") from exc
        event = event if isinstance(event, dict) else {}
        request_id, status = event.get("request_id"), word(event.get("status"), self.account)
        if not (job_id := make_job_id(model, request_id)):
            raise ForgedCallback("a signed callback without a request")
        return Callback(delivery_id=f"{request_id}:{status}", job_id=job_id)

    def _body(self, request: RenderRequest) -> dict[str, Parameter]:
        """What is sent. Raises ProviderFailure for what can be known to be refused."""
        if request.style:
            raise ProviderFailure(FailureKind.INVALID_REQUEST, "no styles")
        body = {name: value for name, value in request.extras.items() if name in self.extras}
        body |= {"prompt": request.prompt} | frame(
            request.model, size=request.size, duration_seconds=request.duration_seconds
        )
        if request.seed is not None:
            body["seed"] = request.seed
        if request.first_image is not None:
            body["image_url"] = data_uri(request.first_image)
        return body

    def _standing(self, response: httpx.Response) -> Snapshot:
        """What a status says; a word that is not known counts as running, until the deadline.

        A request's status is one whatever HTTP status it comes with; else ProviderUnavailable is
        raised.
        """
        body = json_object(response)
        status = body.get("status")
        is_of_it = response.is_success or (body.get("request_id") and status in STATES)
        if not is_of_it or not isinstance(status, str):
            if response.status_code == HTTPStatus.NOT_FOUND:
                return Snapshot(JobState.LOST, native_status="404")
            raise unavailable(response)
        state = STATES.get(status, JobState.RUNNING)
        return Snapshot(state, native_status=word(status, self.account))

    def _outcome(self, response: httpx.Response) -> Snapshot:
        """What a result says of its request: fal repeats the app's own answer, errors and all.

        Raises ProviderUnavailable for what is no word about the request.
        """
        body, code = json_object(response), response.status_code
        detail = body.get("detail")
        if code == HTTPStatus.ACCEPTED or (isinstance(detail, str) and GOING_ON in detail):
            return Snapshot(JobState.RUNNING, native_status="IN_PROGRESS")
        if response.is_success and body:
            if not _video_url(body):
                failure = ProviderFailure(FailureKind.BAD_OUTPUT, "no video")
                return Snapshot(JobState.FAILED, native_status="COMPLETED", failure=failure)
            return Snapshot(JobState.SUCCEEDED, native_status="COMPLETED")
        is_typed = bool(typed_errors(body) or body.get("error_type"))
        if code == HTTPStatus.NOT_FOUND and not is_typed:
            return Snapshot(JobState.LOST, native_status="404")
        if not (is_typed or detail) or (code in NOT_OURS_TO_READ and not is_typed):
            raise unavailable(response)
        return self._failed(body, code)

    def _failed(self, body: dict[str, Any], code: int) -> Snapshot:
        failure = failure_of(body, code, self.account)
        state = JobState.CANCELLED if is_cancelled(failure) else JobState.FAILED
        return Snapshot(state, native_status="COMPLETED", failure=failure)

    def _output(self, job_id: str) -> object:
        """The address of a finished request's video. Raises what `open_artifact` does."""
        if not is_job_id(job_id):
            raise ProviderFailure(FailureKind.NOT_FOUND, "no request of fal")
        response = self._wire.call("GET", f"/{job_id}")
        outcome = self._outcome(response)
        if outcome.failure:
            raise outcome.failure
        if outcome.state is JobState.LOST:
            raise ProviderFailure(FailureKind.NOT_FOUND, outcome.native_status)
        if outcome.state is not JobState.SUCCEEDED:
            raise ProviderUnavailable("the request is not finished")
        return _video_url(json_object(response))


def _video_url(result: dict[str, Any]) -> str:
    video = result.get("video")
    url = video.get("url") if isinstance(video, dict) else None
    return url if isinstance(url, str) else ""


def _was_not_accepted(response: httpx.Response) -> bool:
    """A refusal in the queue's own words; any other 503, with Retry-After too, may come from a
    proxy after the call went on."""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    says_so = "detail" in json_object(response)
    return response.status_code == HTTPStatus.SERVICE_UNAVAILABLE and says_so
