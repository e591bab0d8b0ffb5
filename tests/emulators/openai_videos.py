"""A /v1/videos server, in the dialect of choice.

Over HTTP, `PUT /_dialect {"name": …}` changes the dialect, `PUT /_jobs/<id>` a job, and
`POST /_callbacks` sends the callbacks that were held back, with `{"replay": true}` all again.
"""

import json
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np

from generations.providers import openai_videos as providers
from generations.providers.base import Account
from generations.providers.openai_videos import OpenAIVideos
from tests.emulators import base
from tests.emulators.base import Answer
from tests.emulators.openai_dialects import DIALECTS, ENDED, Job, Refused, Strict, told
from tests.emulators.webhooks import Webhooks

URL = "http://provider.test/v1"
CLOUD = "https://bucket.cloud.test"
KEY = "sk-0123456789abcdef"
PROVIDERS: dict[str, type[OpenAIVideos]] = {
    "strict": providers.OpenAIVideos,
    "sglang": providers.SGLang,
    "vllm_omni": providers.VLLMOmni,
    "litellm": providers.LiteLLM,
}


@dataclass
class Faults(base.Faults):
    """`callbacks` are words of deliveries.WAYS; `cloud` has a finished video handed out by
    address alone; with `polls_to_finish` a job moves each time it is asked about."""

    callbacks: list[str] = field(default_factory=list)
    cloud: bool = False
    expire_urls: bool = False
    has_more_stuck: bool = False
    poll_after_ms: int = 0
    polls_to_finish: int = 0


class Emulator(base.Emulator):
    """A /v1/videos server. A page of its list holds two jobs, whatever one asks for."""

    faults: Faults

    def __init__(self, *, clip: bytes = b"", dialect: str = "strict", cloud: str = CLOUD) -> None:
        super().__init__(clip=clip)
        self.faults = Faults()
        self.name = dialect
        self.dialect: Strict = DIALECTS[dialect]()
        self.webhooks = Webhooks()
        self.callback_urls: dict[str, str] = {}
        self.on_create: Answer | None = None
        self.on_content: Answer | None = None
        self._cloud = cloud
        self._polls: dict[str, int] = {}

    def provider(self, name: str = "sketch", **account: Any) -> OpenAIVideos:
        facts = {"name": name, "url": URL, "key": KEY} | account
        return PROVIDERS[self.name](Account(**facts), self.transport())

    def finish_all(self, **changes: Any) -> None:
        for job in self.jobs.values():
            self._change(job, {"status": "completed", "progress": 100} | changes)
        self.webhooks.send_due()

    def answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._control(request) or super().answer(request)
        finally:
            self.webhooks.send_due()  # the call is not answered yet: a callback may come first

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        if request.url.path.startswith("/cloud/"):
            return "cloud", self._from_cloud
        name, answer = self._route(request)
        is_known = request.headers.get("authorization") == f"Bearer {KEY}"
        if self.dialect.needs_key and not is_known:
            return name, lambda _: self.dialect.error(Refused(401, "invalid_api_key"))
        return name, lambda asked: self._refusing(answer, asked)

    def _route(self, request: httpx.Request) -> tuple[str, Answer]:
        path = request.url.path.removeprefix("/v1/videos").strip("/")
        if request.method == "POST":
            return "create", self.on_create or self._create
        if not path:
            return "list", self._list
        job_id, _, rest = path.partition("/")
        name = "content" if rest == "content" else "poll"
        name = "delete" if request.method == "DELETE" else name
        if job_id not in self.jobs or self.faults.forget_jobs:
            return name, lambda _: self.dialect.error(Refused(404, "not_found"))
        job = self.jobs[job_id]
        if name == "content":
            return name, self.on_content or (lambda _: self.dialect.content(job, self.clip))
        if name == "delete":
            return name, lambda _: self.dialect.delete(job, self.jobs)
        return name, lambda _: self._poll(job)

    def _refusing(self, answer: Answer, request: httpx.Request) -> httpx.Response:
        try:
            return answer(request)
        except Refused as refused:
            return self.dialect.error(refused)

    def _control(self, request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        if path == "/_dialect":
            self.name = json.loads(request.content)["name"]
            self.dialect = DIALECTS[self.name]()
        elif path.startswith("/_jobs/"):
            self._change(self.jobs[path.removeprefix("/_jobs/")], json.loads(request.content))
        elif path == "/_callbacks":
            wants = json.loads(request.content or b"{}")
            (self.webhooks.replay if wants.get("replay") else self.webhooks.release)()
        else:
            return None
        return httpx.Response(204)

    def _create(self, request: httpx.Request) -> httpx.Response:
        fields = self.dialect.read(request)
        known = {name: fields[name] for name in ("prompt", "size", "model") if name in fields}
        job = video(self.dialect.new_id(), **known, seconds=str(fields.get("seconds", "4")))
        job["created_at"] += self.faults.clock_skew_seconds
        self.jobs[job["id"]] = job
        if self.dialect.calls_back and fields.get("callback_url"):
            self.callback_urls[job["id"]] = fields["callback_url"]
            if "early" in self.faults.callbacks:
                self._tell(job["id"], "video.completed")
        return told(self.dialect.shape(job))

    def _poll(self, job: Job) -> httpx.Response:
        if self.faults.polls_to_finish and job["status"] not in ENDED:
            self._go_on(job)
        response = self.dialect.poll(job)
        if self.faults.poll_after_ms:
            response.headers["openai-poll-after-ms"] = str(self.faults.poll_after_ms)
        return response

    def _go_on(self, job: Job) -> None:
        """One step on, or what the faults make of it."""
        done = self._polls[job["id"]] = self._polls.get(job["id"], 0) + 1
        progress = min(done * 100 // self.faults.polls_to_finish, 100)
        if self.faults.stall_progress:
            progress = min(progress, 40)
        elif self.faults.progress_jumps_back and done % 2 and progress < 100:
            progress //= 2
        status = "completed" if progress == 100 else "in_progress"
        self._change(job, {"status": status, "progress": progress})

    def _change(self, job: Job, changes: dict[str, Any]) -> None:
        had_ended = job["status"] in ENDED
        job.update(changes)
        if job["status"] == "completed" and self.faults.cloud:
            job["url"] = f"{self._cloud}/cloud/{job['id']}"
        if job["status"] in ENDED and not had_ended and job["id"] in self.callback_urls:
            self._tell(job["id"], f"video.{job['status']}")

    def _tell(self, job_id: str, kind: str) -> None:
        self.webhooks.ways = self.faults.callbacks
        event = {"id": f"evt_{job_id}", "object": "event", "created_at": int(time.time())}
        event |= {"type": kind, "data": {"id": job_id}}
        skew = self.faults.clock_skew_seconds
        self.webhooks.tell(self.callback_urls[job_id], event, skew_seconds=skew)

    def _from_cloud(self, request: httpx.Request) -> httpx.Response:
        if self.faults.expire_urls:
            return httpx.Response(403, text="<Error><Code>AccessDenied</Code></Error>")
        return httpx.Response(200, content=self.clip, headers={"content-type": "video/mp4"})

    def _list(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        least, most = self.dialect.list_limits
        limit = int(params.get("limit", 20))
        if not least <= limit <= most:
            raise Refused(422, "out_of_range", "limit")
        jobs = list(self.jobs.values())
        if params.get("order", "desc") == "desc":
            jobs.reverse()
        after = "" if self.faults.has_more_stuck else params.get("after", "")
        start = next((i + 1 for i, job in enumerate(jobs) if job["id"] == after), 0)
        page = [self.dialect.shape(job) for job in jobs[start : start + min(limit, 2)]]
        return told(
            {
                "object": "list",
                "data": page,
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
                "has_more": self.faults.has_more_stuck or start + len(page) < len(jobs),
            }
        )


def video(job_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": job_id,
        "object": "video",
        "model": "sketch-1",
        "status": "queued",
        "progress": 0,
        "created_at": 4_000_000_000,
        "completed_at": None,
        "expires_at": None,
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
        "remixed_from_video_id": None,
        "error": None,
    } | changes


def error(status: int, code: str, **headers: str) -> httpx.Response:
    answer = Strict().error(Refused(status, code))
    answer.headers.update(headers)
    return answer


def small_clip(*, seconds: float = 1, width: int = 320, height: int = 180) -> bytes:
    """A sound MP4 of moving grey, made here."""
    file = Path(tempfile.mkdtemp()) / "clip.mp4"
    with av.open(str(file), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(int(seconds * 24)):
            grey = np.full((height, width, 3), number % 255, np.uint8)
            grey[:, : (number * 7) % width] = 200
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(stream.encode(None))
    clip = file.read_bytes()
    shutil.rmtree(file.parent)
    return clip
