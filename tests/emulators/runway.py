"""A Runway server: tasks that are driven by hand or by a script, and outputs behind signed URLs.

Over HTTP, `PUT /_jobs/<id>` changes one task, `PUT /_script` says how the tasks to come go on,
and `PUT /_expire` makes every address that was given out run out.
"""

import itertools
import json
import secrets
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from generations.providers.base import Account
from generations.providers.runway import Runway
from tests.emulators import base
from tests.emulators.base import Answer
from tests.emulators.runway_models import CREDITS_PER_SECOND, complaint

URL = "https://runway.test/v1"
CDN = "https://d0000000000000.cloudfront.net"
KEY = "key_0123456789abcdef"
VERSION = "2024-11-06"
GOING = ("PENDING", "THROTTLED", "RUNNING")


@dataclass
class Script:
    """How tasks go on. Each GET of a task takes the next of `steps`, until there is none left.

    `cancelled_vanish`: a task that was cancelled is not found any more, in place of CANCELLED.
    `ends_before_delete`: a task ends between the GET and the DELETE of whoever cancels it.
    """

    steps: list[dict[str, Any]] = field(default_factory=list)
    cancelled_vanish: bool = False
    ends_before_delete: bool = False


class Emulator(base.Emulator):
    """One organization of Runway. `cdn` is where its outputs are; empty: at its own origin."""

    def __init__(self, *, clip: bytes = b"", cdn: str = CDN) -> None:
        super().__init__(clip=clip)
        self.cdn = cdn
        self.script = Script()
        self._signatures: dict[str, str] = {}  # of outputs, with the task of each
        self._numbers = itertools.count(1)

    def provider(self, **account: Any) -> Runway:
        facts = {"name": "runway", "url": URL, "key": KEY} | account
        return Runway(Account(**facts), self.transport())

    def finish_all(self, **changes: Any) -> None:
        for task in self.jobs.values():
            task.update({"status": "SUCCEEDED"} | changes)

    def expire_outputs(self) -> None:
        self._signatures.clear()

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/_script":
            known = {one.name for one in fields(Script)}
            self.script = Script(
                **{k: v for k, v in json.loads(request.content).items() if k in known}
            )
        elif path == "/_expire":
            self.expire_outputs()
        elif path.startswith("/_jobs/"):
            self.jobs[path.removeprefix("/_jobs/")].update(json.loads(request.content))
        else:
            return super().answer(request)
        return httpx.Response(204)

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        path = request.url.path
        if path.startswith("/outputs/"):
            return "content", self._content
        call = request.method, path.removeprefix("/v1")
        if call in (("POST", "/text_to_video"), ("POST", "/image_to_video")):
            return "create", self._checked(self._create)
        if not call[1].startswith("/tasks/"):
            return "unknown", self._checked(lambda _: error(404, "Not found"))
        if call[0] == "DELETE":
            return "delete", self._checked(self._delete)
        return "poll", self._checked(self._retrieve)

    def _checked(self, answer: Answer) -> Answer:
        def check(request: httpx.Request) -> httpx.Response:
            if request.headers.get("x-runway-version") != VERSION:
                return error(400, "A valid X-Runway-Version header is needed")
            if request.headers.get("authorization") != f"Bearer {KEY}":
                return error(401, "The API key is not valid")
            return answer(request)

        return check

    def _create(self, request: httpx.Request) -> httpx.Response:
        try:
            body = json.loads(request.content)
        except ValueError:
            return error(400, "The body is no JSON")
        if problem := complaint(request.url.path.rpartition("/")[2], body):
            return error(400, problem)
        task_id = str(uuid4())
        estimate = CREDITS_PER_SECOND[body["model"]] * body.get("duration", 5)
        self.jobs[task_id] = {
            "id": task_id,
            "status": "PENDING",
            "progress": 0.0,
            "created_at": datetime.now(UTC),
            "estimate": estimate,
            "body": body,
            "steps": [dict(step) for step in self.script.steps],
            "asked": 0,
        }
        return httpx.Response(200, json={"id": task_id, "estimatedCost": {"credits": estimate}})

    def _retrieve(self, request: httpx.Request) -> httpx.Response:
        task = self._task(request)
        if task is None:
            return error(404, "No task was found with that id")
        task["asked"] += 1
        if task["steps"] and not self.faults.stall_progress:
            task.update(task["steps"].pop(0))
        return httpx.Response(200, json=self._shown(task, request))

    def _shown(self, task: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
        skew = timedelta(seconds=self.faults.clock_skew_seconds)
        created_at = (task["created_at"] + skew).isoformat().replace("+00:00", "Z")
        shown = {"id": task["id"], "createdAt": created_at, "status": task["status"]}
        if task["status"] in GOING:
            shown["estimatedCost"] = {"credits": task["estimate"]}
        elif task["status"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            shown["cost"] = {"credits": task.get("cost", _cost(task))}
        if task["status"] == "RUNNING":
            is_back = self.faults.progress_jumps_back and task["asked"] % 2 == 0
            shown["progress"] = task["progress"] / 2 if is_back else task["progress"]
        elif task["status"] == "SUCCEEDED":
            shown["output"] = task.get("output", [self._sign(task["id"], request)])
        elif task["status"] == "FAILED":
            shown["failure"] = task.get("failure", "An unexpected error occurred.")
            if "failureCode" in task:
                shown["failureCode"] = task["failureCode"]
        return shown

    def _delete(self, request: httpx.Request) -> httpx.Response:
        task = self._task(request)
        if task is None:
            return error(404, "No task was found with that id")
        if self.script.ends_before_delete:
            task["status"] = "SUCCEEDED"
        if task["status"] in GOING:
            charged = task["estimate"] if task["status"] == "RUNNING" else 0
            task.update(status="CANCELLED", cost=charged, steps=[])
            task["is_gone"] = self.script.cancelled_vanish
        else:
            task["is_gone"] = True
            self._signatures = {s: i for s, i in self._signatures.items() if i != task["id"]}
        return httpx.Response(204)

    def _content(self, request: httpx.Request) -> httpx.Response:
        if "authorization" in request.headers:  # as S3 does where there is a signature as well
            return httpx.Response(400, text="Only one auth mechanism allowed")
        if request.url.params.get("_jwt") not in self._signatures:
            return httpx.Response(403, text="Forbidden")
        return httpx.Response(200, content=self.clip, headers={"content-type": "video/mp4"})

    def _sign(self, task_id: str, request: httpx.Request) -> str:
        signature = secrets.token_hex(8)
        self._signatures[signature] = task_id
        origin = self.cdn or f"{request.url.scheme}://{request.url.netloc.decode()}"
        return f"{origin}/outputs/{task_id}.mp4?_jwt={signature}"

    def _task(self, request: httpx.Request) -> dict[str, Any] | None:
        task = self.jobs.get(request.url.path.removeprefix("/v1/tasks/"))
        is_gone = task is None or task.get("is_gone") or self.faults.forget_jobs
        return None if is_gone else task


def _cost(task: dict[str, Any]) -> int:
    """What an ended task is charged: all of it for a refusal, nothing for Runway's own failure."""
    is_refused = str(task.get("failureCode")).startswith("SAFETY")
    return task["estimate"] if task["status"] == "SUCCEEDED" or is_refused else 0


def error(status: int, message: str, **headers: str) -> httpx.Response:
    body = {"error": message, "docUrl": "https://docs.dev.runwayml.com/errors/errors"}
    return httpx.Response(status, json=body, headers=headers)
