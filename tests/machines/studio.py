"""A provider that gives a clip when the test lets it."""

from collections import defaultdict
from threading import Event

import httpx

from tests.emulators.openai_videos import KEY, Emulator, small_clip

OWN_KEY = "of-the-studio"


class Studio(Emulator):
    """Jobs end and files come when told; `asked` counts how often a file was asked for.

    While `hangs` is set, creates of prompts that begin with it wait for `answers_creates`.
    """

    def __init__(self) -> None:
        super().__init__(clip=small_clip(seconds=0.5))
        self.asked: defaultdict[str, int] = defaultdict(int)
        self.hangs = ""
        self.hanging = 0
        self.answers_creates = Event()
        self._gates: defaultdict[str, Event] = defaultdict(Event)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("authorization") != f"Bearer {OWN_KEY}":
            return httpx.Response(401)
        request.headers["authorization"] = f"Bearer {KEY}"
        if request.url.path.endswith("/content"):
            prompt = self.jobs[request.url.path.split("/")[-2]]["prompt"]
            self.asked[prompt] += 1
            self._gates[prompt].wait(60)
        elif request.method == "POST" and self.hangs and self.hangs.encode() in request.content:
            self.hanging += 1
            self.answers_creates.wait(60)
        return super().answer(request)

    def has(self, prompt: str) -> bool:
        return any(job["prompt"] == prompt for job in list(self.jobs.values()))

    def render(self, prompt: str, progress: int) -> None:
        for job in list(self.jobs.values()):
            if job["prompt"] == prompt:
                status = "completed" if progress == 100 else "in_progress"
                job.update(status=status, progress=progress)

    def give(self, prompt: str) -> None:
        """Let whoever asks for this file have it, now and later."""
        self._gates[prompt].set()

    def give_all(self) -> None:
        for gate in list(self._gates.values()):
            gate.set()
