"""How the servers that speak /v1/videos differ; written after the code of each of them.

SGLang 0.5.23, vLLM-Omni 0.30.0 and LiteLLM 1.109.1.
"""

import base64
import email
import itertools
import json
import re
import time
from typing import Any
from uuid import uuid4

import httpx

Job = dict[str, Any]
ENDED = ("completed", "failed")
SECONDS = re.compile(r"[1-9]\d*")
SIZE = re.compile(r"\d+x\d+")


class Refused(Exception):
    def __init__(self, status: int, code: str, param: str | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.param = status, code, param


class Strict:
    """As the API is described."""

    needs_key = True
    calls_back = True
    list_limits = (0, 100)

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        return f"video_{next(self._numbers)}"

    def read(self, request: httpx.Request) -> dict[str, Any]:
        """The fields of a create call. Raises Refused."""
        is_form = request.headers.get("content-type", "").startswith("multipart/form-data")
        fields = form_of(request) if is_form else json_of(request)
        self.check(fields)
        return fields

    def check(self, fields: dict[str, Any]) -> None:
        prompt = fields.get("prompt")
        if not isinstance(prompt, str) or not 0 < len(prompt) <= 32_000:
            raise Refused(400, "missing_required_parameter", "prompt")
        if not SECONDS.fullmatch(str(fields.get("seconds", "4"))):
            raise Refused(400, "invalid_value", "seconds")
        if not SIZE.fullmatch(str(fields.get("size", "720x1280"))):
            raise Refused(400, "invalid_value", "size")

    def shape(self, job: Job) -> Job:
        """The job as it is told."""
        return {key: value for key, value in job.items() if not key.startswith("_")}

    def poll(self, job: Job) -> httpx.Response:
        return told(self.shape(job))

    def content(self, job: Job, clip: bytes) -> httpx.Response:
        if job["status"] != "completed":
            raise Refused(404, "video_not_ready")
        if job["expires_at"] is not None and job["expires_at"] < time.time():
            raise Refused(404, "expired")
        return httpx.Response(200, content=clip, headers={"content-type": "video/mp4"})

    def delete(self, job: Job, jobs: dict[str, Job]) -> httpx.Response:
        if job["status"] not in ENDED:
            raise Refused(409, "video_not_finished")
        del jobs[job["id"]]
        return told({"id": job["id"], "object": "video.deleted", "deleted": True})

    def error(self, refused: Refused) -> httpx.Response:
        kind = "server_error" if refused.status >= 500 else "invalid_request_error"
        facts = {"message": refused.code, "type": kind, "param": refused.param}
        return told({"error": facts | {"code": refused.code}}, status=refused.status)


class FastApi(Strict):
    """What two of them owe to their framework."""

    calls_back = False

    def error(self, refused: Refused) -> httpx.Response:
        detail: Any = refused.code
        if refused.status == 422 and refused.param:
            place = ["body", refused.param]
            detail = [{"type": refused.code, "loc": place, "msg": refused.code, "input": None}]
        return told({"detail": detail}, status=refused.status)


class SGLang(FastApi):
    """No key, no prompt in a job, no code in an error; a video may lie in a cloud."""

    needs_key = False
    list_limits = (1, 100)

    def __init__(self) -> None:
        super().__init__()
        self.run_on: list[Job] = []  # deleted, and rendered all the same

    def new_id(self) -> str:
        return str(uuid4())

    def check(self, fields: dict[str, Any]) -> None:
        if not isinstance(fields.get("prompt"), str):
            raise Refused(400, "Invalid request body: prompt")
        if not str(fields.get("seconds", 4)).isdigit():
            raise Refused(400, "Invalid request body: seconds")

    def shape(self, job: Job) -> Job:
        facts: Job = {"quality": "standard", "url": None, "urls": None, "file_path": None}
        facts |= {"num_outputs": 1, "peak_memory_mb": None, "inference_time_s": None}
        shown = facts | super().shape(job)
        del shown["prompt"]
        if isinstance(shown["error"], dict):
            shown["error"] = {"message": "out of memory"}
        return shown

    def content(self, job: Job, clip: bytes) -> httpx.Response:
        if job.get("url"):
            raise Refused(400, f"Video has been uploaded to cloud storage. Use {job['url']}")
        if job["status"] not in ENDED:
            raise Refused(404, "Generation is still in-progress")
        if job["status"] == "failed" or job.get("_gone"):
            raise Refused(404, "Video variant None not found")
        return httpx.Response(200, content=clip, headers={"content-type": "video/mp4"})

    def delete(self, job: Job, jobs: dict[str, Job]) -> httpx.Response:
        del jobs[job["id"]]
        self.run_on.append(job)
        return told(self.shape(job) | {"status": "deleted"})


class VLLMOmni(FastApi):
    """Forms alone; a failed job is an HTTP error with the job as its body."""

    def new_id(self) -> str:
        return f"video_gen_{uuid4().hex}"

    def read(self, request: httpx.Request) -> dict[str, Any]:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            raise Refused(422, "missing", "prompt")
        return super().read(request)

    def check(self, fields: dict[str, Any]) -> None:
        if not isinstance(fields.get("prompt"), str):
            raise Refused(422, "missing", "prompt")
        for name, pattern in (("seconds", SECONDS), ("size", SIZE)):
            if name in fields and not pattern.fullmatch(fields[name]):
                raise Refused(422, "string_pattern_mismatch", name)

    def shape(self, job: Job) -> Job:
        facts: Job = {
            "quality": "default",
            "media_type": "video/mp4",
            "file_name": None,
            "fps": 24.0,
        }
        return facts | super().shape(job)

    def poll(self, job: Job) -> httpx.Response:
        if job["status"] != "failed":
            return super().poll(job)
        code = (job["error"] or {}).get("code", 500)
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        return told(self.shape(job), status=status)

    def content(self, job: Job, clip: bytes) -> httpx.Response:
        if job["status"] == "failed":
            raise Refused(422, "Video generation failed. Check job status for error details.")
        if job["status"] != "completed":
            raise Refused(404, "Generation is still in-progress")
        return httpx.Response(200, content=clip, headers={"content-type": "video/mp4"})

    def delete(self, job: Job, jobs: dict[str, Job]) -> httpx.Response:
        del jobs[job["id"]]
        return told({"id": job["id"], "deleted": True, "object": "video.deleted"})


class LiteLLM(Strict):
    """All that it knows is in the id; what fails may be completed, until it is fetched."""

    calls_back = False

    def new_id(self) -> str:
        facts = f"litellm:custom_llm_provider:gemini;model_id:{'m' * 640};video_id:operations/"
        return f"video_{base64.b64encode((facts + uuid4().hex).encode()).decode()}"

    def shape(self, job: Job) -> Job:
        shown = super().shape(job)
        del shown["prompt"]
        return shown | {"usage": {"duration_seconds": 4.0}}

    def content(self, job: Job, clip: bytes) -> httpx.Response:
        if "_content_error" in job:
            raise Refused(400, job["_content_error"])
        return super().content(job, clip)

    def delete(self, job: Job, jobs: dict[str, Job]) -> httpx.Response:
        return told({"detail": "Method Not Allowed"}, status=405)

    def error(self, refused: Refused) -> httpx.Response:
        kind = refused.code if refused.code == "budget_exceeded" else "None"
        facts = {"message": refused.code, "type": kind, "param": "None"}
        return told({"error": facts | {"code": str(refused.status)}}, status=refused.status)


DIALECTS = {"strict": Strict, "sglang": SGLang, "vllm_omni": VLLMOmni, "litellm": LiteLLM}


def told(body: Any, *, status: int = 200) -> httpx.Response:
    """JSON as it is, odd characters too."""
    headers = {"content-type": "application/json"}
    return httpx.Response(status, content=json.dumps(body).encode(), headers=headers)


def json_of(request: httpx.Request) -> dict[str, Any]:
    try:
        body = json.loads(request.content)
    except ValueError as exc:
        raise Refused(400, "invalid_json") from exc
    if not isinstance(body, dict):
        raise Refused(400, "invalid_json")
    return body


def form_of(request: httpx.Request) -> dict[str, Any]:
    """A form's text fields as text, its files as bytes."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.content)
    fields: dict[str, Any] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content if part.get_filename() else content.decode()
    return fields
