"""A /v1/videos server in memory, behind httpx's MockTransport: the wire is fake, our client is not.

It keeps count of the creates that it accepted, and each fault can be switched on.
"""

import itertools
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import av
import httpx
import numpy as np

from generations.providers.openai_videos import OpenAIVideos

URL = "http://provider.test/v1"
KEY = "the provider's credential"
Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Emulator:
    clip: bytes = b""
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    on_create: Answer | None = None
    on_content: Answer | None = None
    drop_after_create: bool = False
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def provider(self, name: str = "sketch") -> OpenAIVideos:
        return OpenAIVideos(name=name, url=URL, key=KEY, transport=self.transport())

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(lambda request: self.answer(request))

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport())

    @property
    def accepted(self) -> int:
        return len(self.jobs)

    def finish_all(self, **changes: Any) -> None:
        for job in self.jobs.values():
            job.update({"status": "completed", "progress": 100} | changes)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        assert request.headers["authorization"] == f"Bearer {KEY}"
        path = request.url.path.removeprefix("/v1/videos").strip("/")
        if request.method == "POST":
            return self._create(request)
        if not path:
            return self._list(request)
        job_id, _, rest = path.partition("/")
        if job_id not in self.jobs:
            return error(404, "not_found")
        if rest == "content":
            if self.on_content:
                return self.on_content(request)
            return httpx.Response(200, content=self.clip, headers={"content-type": "video/mp4"})
        return httpx.Response(200, content=json.dumps(self.jobs[job_id]).encode())

    def _create(self, request: httpx.Request) -> httpx.Response:
        if self.on_create:
            return self.on_create(request)
        body = json.loads(request.content)
        number = next(self._numbers)
        job = video(f"video_{number}", **{key: body[key] for key in ("prompt", "size", "seconds")})
        self.jobs[job["id"]] = job
        if self.drop_after_create:
            raise httpx.ReadError("the connection was dropped", request=request)
        return httpx.Response(200, json=job)

    def _list(self, request: httpx.Request) -> httpx.Response:
        after = parse_qs(request.url.query.decode()).get("after", [""])[0]
        jobs = list(reversed(self.jobs.values()))
        start = next((i + 1 for i, job in enumerate(jobs) if job["id"] == after), 0)
        page = jobs[start : start + 2]
        return httpx.Response(
            200,
            json={
                "object": "list",
                "data": page,
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
                "has_more": start + 2 < len(jobs),
            },
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
    body = {
        "error": {"message": code, "type": "invalid_request_error", "param": None, "code": code}
    }
    return httpx.Response(status, json=body, headers=headers)


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
