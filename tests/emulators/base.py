"""What the stand-ins for outside APIs share: their count of creates, and faults to switch on.

An emulator answers httpx requests, so it stands behind httpx's MockTransport as it does behind a
real port (served.py): the wire may be fake, our client never is. Faults are switched on in Python,
or over HTTP by `PUT /_faults`; `GET /_counts` tells how many creates were sent and accepted.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from threading import Lock
from typing import Any

import httpx

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Canned:
    """An answer in place of the true one; `times` says for how many calls, None for all."""

    status: int = 200
    json: Any = None
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    times: int | None = None

    def response(self) -> httpx.Response:
        if self.json is not None:
            return httpx.Response(self.status, json=self.json, headers=self.headers)
        return httpx.Response(self.status, text=self.text, headers=self.headers)


@dataclass
class Faults:
    """What goes wrong. Canned answers by the name of the call: create, poll, list, content, …

    `drop` names the calls whose connection is closed once their work is done, before an answer.
    """

    delay_seconds: float = 0.0
    canned: dict[str, Canned] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    truncate_content: bool = False
    oversize_bytes: int = 0  # so many bytes more than there are in the file
    forget_jobs: bool = False
    stall_progress: bool = False
    progress_jumps_back: bool = False
    clock_skew_seconds: int = 0

    def load(self, wanted: dict[str, Any]) -> None:
        for one in fields(self):
            if one.name in wanted:
                value = wanted[one.name]
                if one.name == "canned":
                    value = {name: Canned(**canned) for name, canned in value.items()}
                setattr(self, one.name, value)


class Emulator:
    """One provider in memory. A subclass routes requests in `route` and names each call."""

    faults: Faults

    def __init__(self, *, clip: bytes = b"") -> None:
        self.clip = clip
        self.jobs: dict[str, dict[str, Any]] = {}
        self.requests: list[httpx.Request] = []
        self.creates_sent = 0
        self.faults = Faults()
        self._lock = Lock()

    def route(self, request: httpx.Request) -> tuple[str, Answer]:
        """Return the call's name and what answers it; "create" is the name of creates."""
        raise NotImplementedError

    @property
    def accepted(self) -> int:
        return len(self.jobs)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(lambda request: self.answer(request))

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport())

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; raises httpx.ReadError for a connection that is dropped."""
        if request.url.path == "/_faults":
            self.faults.load(json.loads(request.content))
            return httpx.Response(204)
        if request.url.path == "/_counts":
            counts = {"sent": self.creates_sent, "accepted": self.accepted}
            return httpx.Response(200, json=counts | {"faults": asdict(self.faults)})
        time.sleep(self.faults.delay_seconds)
        with self._lock:
            self.requests.append(request)
            return self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name, answer = self.route(request)
        self.creates_sent += name == "create"
        canned = self._canned(name)
        response = canned.response() if canned else answer(request)
        if name in self.faults.drop:
            raise httpx.ReadError("the connection was dropped", request=request)
        is_spoilt = self.faults.truncate_content or self.faults.oversize_bytes
        return self._spoil(response) if name == "content" and is_spoilt else response

    def _canned(self, name: str) -> Canned | None:
        canned = self.faults.canned.get(name)
        if canned and canned.times is not None:
            canned.times -= 1
            if canned.times <= 0:
                del self.faults.canned[name]
        return canned

    def _spoil(self, response: httpx.Response) -> httpx.Response:
        content = response.content + bytes(self.faults.oversize_bytes)
        headers = {"content-type": response.headers.get("content-type", "video/mp4")}
        if self.faults.truncate_content:  # it says its length, and sends half
            headers["content-length"] = str(len(content))
            content = content[: len(content) // 2]
        return httpx.Response(response.status_code, headers=headers, content=content)
