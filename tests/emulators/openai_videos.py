"""A /v1/videos server, strict dialect."""

import itertools
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import av
import httpx
import numpy as np

from generations.providers.base import Account
from generations.providers.openai_videos import OpenAIVideos
from tests.emulators import base
from tests.emulators.base import Answer

URL = "http://provider.test/v1"
KEY = "sk-0123456789abcdef"


class Emulator(base.Emulator):
    """A /v1/videos server, strict dialect."""

    def __init__(self, *, clip: bytes = b"") -> None:
        super().__init__(clip=clip)
        self.on_create: Answer | None = None
        self.on_content: Answer | None = None
        self._numbers = itertools.count(1)

    def provider(self, name: str = "sketch") -> OpenAIVideos:
        return OpenAIVideos(Account(name=name, url=URL, key=KEY), self.transport())

    def finish_all(self, **changes: Any) -> None:
        for job in self.jobs.values():
            job.update({"status": "completed", "progress": 100} | changes)

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        assert request.headers["authorization"] == f"Bearer {KEY}"
        path = request.url.path.removeprefix("/v1/videos").strip("/")
        if request.method == "POST":
            return "create", self.on_create or self._create
        if not path:
            return "list", self._list
        job_id, _, rest = path.partition("/")
        if job_id not in self.jobs:
            return "poll", lambda _: error(404, "not_found")
        if rest == "content":
            return "content", self.on_content or self._content
        return "poll", lambda _: httpx.Response(200, content=json.dumps(self.jobs[job_id]).encode())

    def _content(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self.clip, headers={"content-type": "video/mp4"})

    def _create(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        number = next(self._numbers)
        job = video(f"video_{number}", **{key: body[key] for key in ("prompt", "size", "seconds")})
        self.jobs[job["id"]] = job
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
