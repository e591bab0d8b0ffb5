"""A fal queue: requests that are driven by hand or by a script, signed callbacks, and a CDN.

Over HTTP, `PUT /_jobs/<id>` changes one request, `PUT /_script` says how those to come go on,
`PUT /_expire` makes every address of a video run out, `PUT /_rotate` changes the signing keys and
`PUT /_callbacks` sends what was held back, with `{"replay": true}` all again.
"""

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from generations.providers.base import Account
from generations.providers.fal import Fal
from tests.emulators import base
from tests.emulators.base import Answer
from tests.emulators.deliveries import Deliveries
from tests.emulators.fal_keys import Keys

URL = "https://queue.fal.test"
CDN = "https://v3.fal.media"
KEYS_URL = "https://rest.fal.test/.well-known/jwks.json"
KEY = "0b2d5a9c-key:0123456789abcdef"
APP = "fal-ai/ltx-2/text-to-video"
REQUEST = re.compile(r"/((?:(?:workflows|comfy)/)?[^/]+/[^/]+)/requests/([^/]+)(/status|/cancel|)")
Job = dict[str, Any]


@dataclass
class Faults(base.Faults):
    """`callbacks` are words of deliveries.WAYS; `foreign` is the origin that the answers' addresses
    are on; a result lags behind its status for so many calls."""

    callbacks: list[str] = field(default_factory=list)
    foreign: str = ""
    result_lags: int = 0


class Emulator(base.Emulator):
    """One account of fal. `cdn` is where its videos are; empty: at its own origin."""

    faults: Faults

    def __init__(self, *, clip: bytes = b"", cdn: str = CDN) -> None:
        super().__init__(clip=clip)
        self.faults = Faults()
        self.cdn = cdn
        self.keys = Keys()
        self.deliveries = Deliveries()
        self.steps: list[Job] = []  # of the requests to come: each status takes the next
        self._tokens: set[str] = set()

    def provider(self, **account: Any) -> Fal:
        facts = {"name": "fal", "url": URL, "key": KEY, "keys_url": KEYS_URL} | account
        return Fal(Account(**facts), self.transport())

    def finish_all(self, **changes: Any) -> None:
        for job in self.jobs.values():
            self._change(job, {"status": "COMPLETED"} | changes)
        self.deliveries.send_due()

    def expire_outputs(self) -> None:
        self._tokens.clear()

    def answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._control(request) or super().answer(request)
        finally:
            self.deliveries.send_due()  # a create is not answered yet: its callback may come first

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        path = request.url.path
        if path.startswith("/files/"):
            return "content", self._content
        if path == "/.well-known/jwks.json":
            return "keys", lambda _: httpx.Response(200, json=self.keys.published())
        if request.headers.get("authorization") != f"Key {KEY}":
            return "unknown", lambda _: error(401, "Authentication is required")
        if not (found := REQUEST.fullmatch(path)):
            return "create", self._create
        home, request_id, rest = found.groups()
        job = self.jobs.get(request_id)
        if job is None or job["home"] != home or self.faults.forget_jobs:
            return "poll", lambda _: error(404, f"Request {request_id} not found")
        if request.method == "PUT":
            return "cancel", lambda _: self._cancel(job)
        if rest == "/status":
            return "poll", lambda asked: self._status(job, asked)
        return "result", lambda asked: self._result(job, asked)

    def _control(self, request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        wanted = json.loads(request.content or b"{}") if path.startswith("/_") else {}
        if path == "/_script":
            self.steps = wanted["steps"]
        elif path == "/_expire":
            self.expire_outputs()
        elif path == "/_rotate":
            self.keys.rotate()
        elif path == "/_callbacks":
            (self.deliveries.replay if wanted.get("replay") else self.deliveries.release)()
        elif path.startswith("/_jobs/"):
            self._change(self.jobs[path.removeprefix("/_jobs/")], wanted)
        else:
            return None
        return httpx.Response(204)

    def _create(self, request: httpx.Request) -> httpx.Response:
        app = request.url.path.strip("/")
        found = re.fullmatch(r"((?:(?:workflows|comfy)/)?[^/]+/[^/]+)(?:/.+)?", app)
        try:
            body = json.loads(request.content)
        except ValueError:
            return error(422, "The body is no JSON")
        if request.method != "POST" or not found or not isinstance(body, dict):
            return error(404, "Application not found")
        request_id = str(uuid4())
        job = self.jobs[request_id] = {
            "id": request_id,
            "home": found[1],
            "app": app,
            "body": body,
            "callback_url": request.url.params.get("fal_webhook", ""),
            "status": "IN_QUEUE",
            "queue_position": 2,
            "steps": [dict(step) for step in self.steps],
            "lags": self.faults.result_lags,
            "code": 200,
        }
        if not isinstance(body.get("prompt"), str):  # the queue takes it, and its app does not
            job |= refusal("missing", loc=["body", "prompt"])
        if "early" in self.faults.callbacks:
            self._change(job, {"status": "COMPLETED"})
        addresses = self._addresses(job, request) | {"gateway_request_id": request_id}
        return httpx.Response(
            200,
            json={"status": "IN_QUEUE", "request_id": request_id, "queue_position": 2} | addresses,
        )

    def _status(self, job: Job, request: httpx.Request) -> httpx.Response:
        if job["steps"] and not self.faults.stall_progress:
            self._change(job, job["steps"].pop(0))
        status = job["status"]
        shown = {"status": status, "request_id": job["id"]} | self._addresses(job, request)
        if status == "IN_QUEUE":
            return httpx.Response(202, json=shown | {"queue_position": job["queue_position"]})
        has_logs = request.url.params.get("logs") in ("1", "true")
        shown["logs"] = [{"message": "Painting", "level": "INFO"}] if has_logs else None
        if status != "COMPLETED":
            return httpx.Response(202, json=shown)
        told = {name: job[name] for name in ("error", "error_type") if name in job}
        return httpx.Response(200, json=shown | {"metrics": {"inference_time": 4.2}} | told)

    def _result(self, job: Job, request: httpx.Request) -> httpx.Response:
        if job["status"] != "COMPLETED" or job["lags"]:
            job["lags"] = max(job["lags"] - 1, 0)
            return error(400, "Request is still in progress")
        origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
        body = self._output(job, origin)
        retryable = {"x-fal-retryable": "false"} if "result" in job else {}
        return httpx.Response(job["code"], json=body, headers=retryable)

    def _output(self, job: Job, origin: str) -> Any:
        if "result" in job:
            return job["result"]
        token = secrets.token_hex(8)
        self._tokens.add(token)
        url = f"{self.cdn or origin}/files/{token}/{job['id']}.mp4"
        video = {"url": url, "content_type": "video/mp4", "file_size": len(self.clip)}
        return {"video": video, "seed": 7}

    def _cancel(self, job: Job) -> httpx.Response:
        if job["status"] == "COMPLETED":
            return httpx.Response(400, json={"status": "ALREADY_COMPLETED"})
        was_waiting = job["status"] == "IN_QUEUE"
        self._change(job, failure("client_cancelled", code=499))
        word = "OK" if was_waiting else "CANCELLATION_REQUESTED"
        return httpx.Response(200 if was_waiting else 202, json={"status": word})

    def _content(self, request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:
            return httpx.Response(400, text="Only what is public is here")
        if request.url.path.split("/")[2] not in self._tokens:
            return httpx.Response(403, text="Forbidden")
        return httpx.Response(200, content=self.clip, headers={"content-type": "video/mp4"})

    def _change(self, job: Job, changes: Job) -> None:
        had_ended = job["status"] == "COMPLETED"
        job.update(changes)
        if job["status"] == "COMPLETED" and not had_ended and job["callback_url"]:
            self._tell(job)

    def _tell(self, job: Job) -> None:
        ways = self.deliveries.ways = self.faults.callbacks
        event = {"request_id": job["id"], "gateway_request_id": job["id"]}
        said = job.get("error") or f"Invalid status code: {job['code']}"
        is_ok = job["code"] == 200 and "error" not in job
        event |= {"status": "OK" if is_ok else "ERROR", "error": None if is_ok else said}
        event["payload"] = self._output(job, self.cdn)
        stranger = Ed25519PrivateKey.generate() if "forged" in ways else None
        skew = self.faults.clock_skew_seconds - (600 if "stale" in ways else 0)
        delivery = self.keys.signed(job["callback_url"], event, skew_seconds=skew, key=stranger)
        self.deliveries.add(delivery)

    def _addresses(self, job: Job, request: httpx.Request) -> dict[str, str]:
        own = f"{request.url.scheme}://{request.url.netloc.decode()}"
        address = f"{self.faults.foreign or own}/{job['home']}/requests/{job['id']}"
        return {
            "response_url": address,
            "status_url": f"{address}/status",
            "cancel_url": f"{address}/cancel",
        }


def failure(error_type: str, *, code: int = 503, detail: str = "It went wrong") -> Job:
    """What a request becomes that the queue itself could not run."""
    result = {"detail": detail, "error_type": error_type}
    told = {"error": detail, "error_type": error_type}
    return {"status": "COMPLETED", "code": code, "result": result} | told


def refusal(kind: str, *, code: int = 422, loc: list[str] | None = None, **facts: Any) -> Job:
    """What a request becomes whose app says no: nothing of it is in its status."""
    problem = {"loc": loc or ["body"], "msg": "No", "type": kind, "url": "https://docs.fal.ai"}
    return {"code": code, "result": {"detail": [problem | facts]}}


def error(status: int, detail: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail}, headers=headers)
