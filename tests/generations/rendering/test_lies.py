"""Whatever a provider makes up, a generation ends once, its books are right, and nothing is paid
for twice (I3 to I6). Each lie is told by the emulator of each API that can tell it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from django.utils import timezone

from artists.models import Reservation
from artists.quotas.checking import check_ledger
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.rendering import stopping
from tests.emulators import fal, openai_videos, runway
from tests.emulators.base import Canned
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db

HERE, FAILED = Status.FINISHING, Status.FAILED
RESERVATIONS = {HERE: Reservation.State.HELD, FAILED: Reservation.State.REFUNDED}
OPENAI = ("strict", "sglang", "vllm_omni", "litellm")
ALL = (*OPENAI, "runway", "fal")
CLOUD = httpx.URL(openai_videos.CLOUD).host
PRIVATE = "https://169.254.169.254/latest/meta-data"
FOREIGN = "https://elsewhere.test/clip.mp4"
FORBIDDEN = {"169.254.169.254", "elsewhere.test"}
DONE: dict[str, dict[str, Any]] = {
    "fal": {"status": "COMPLETED"},
    "runway": {"status": "SUCCEEDED"},
    "openai": {"status": "completed", "progress": 100},
}


@dataclass(frozen=True)
class Lie:
    """A job goes through `steps` and is done then, but for what `last` says; `canned` are answers
    in place of the true ones. With `is_stopped` its artist has asked for it to be stopped."""

    name: str
    api: str
    end: Status
    last: dict[str, Any] = field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()
    canned: dict[str, Canned] = field(default_factory=dict)
    faults: dict[str, Any] = field(default_factory=dict)
    clip: bytes = b"\0\0\0\x10ftypisom, and so on"
    is_stopped: bool = False

    def __str__(self) -> str:
        return f"{self.api}: {self.name}"


def video_on(api: str, url: str) -> dict[str, Any]:
    """What a job says of where its video is."""
    named: dict[str, dict[str, Any]] = {
        "runway": {"output": [url]},
        "fal": {"result": {"video": {"url": url}}},
        "sglang": {"url": url},
    }
    return named[api]


BROKEN = {"status": "failed", "error": {"code": 500, "message": "x"}}
AS_HTTP_ERROR = "a failed job as an HTTP error"
STRICT_JOB = openai_videos.video("video_1") | BROKEN
RUNWAY_TASK = {"id": "1", "status": "FAILED", "failureCode": "INTERNAL"}
FAL_STATUS = {"request_id": "1", "status": "COMPLETED"}
FAL_ERROR = fal.refusal("internal_server_error", code=500)
DELETED = {"id": "1", "object": "video.deleted", "deleted": True}
STOPPING = {"status": "CANCELLATION_REQUESTED"}
OF_TWO = {"error": {"message": "x"}}  # completed, and an error
GONE = {"forget_jobs": True}

LIES = [
    Lie(AS_HTTP_ERROR, "strict", FAILED, canned={"poll": Canned(422, STRICT_JOB)}),
    Lie(AS_HTTP_ERROR, "vllm_omni", FAILED, BROKEN),
    Lie(AS_HTTP_ERROR, "runway", FAILED, canned={"poll": Canned(500, RUNWAY_TASK)}),
    Lie(AS_HTTP_ERROR, "fal", FAILED, FAL_ERROR, canned={"poll": Canned(500, FAL_STATUS)}),
    Lie("no stop", "vllm_omni", HERE, canned={"delete": Canned(200, DELETED)}, is_stopped=True),
    Lie("no stop", "runway", HERE, canned={"delete": Canned(204)}, is_stopped=True),
    Lie("no stop", "fal", HERE, canned={"cancel": Canned(202, STOPPING)}, is_stopped=True),
    *[Lie("a word of no list", api, HERE, steps=({"status": "dreaming"},)) for api in ALL],
    Lie("a word of another API", "litellm", HERE, steps=({"status": "processing"},)),
    *[Lie("a word of an end", api, FAILED, {"status": "cancelled"}) for api in OPENAI],
    Lie("a word of an end", "sglang", FAILED, {"status": "deleted"}),
    *[Lie("completed with an error", api, FAILED, OF_TWO) for api in OPENAI],
    Lie("completed until it is fetched", "litellm", FAILED, {"_content_error": "rai"}),
    Lie("completed with an error", "fal", FAILED, fal.failure("runner_disconnected")),
    Lie("completed with an error as its result", "fal", FAILED, fal.refusal("greater_than")),
    *[Lie("done with an empty file", api, FAILED, clip=b"") for api in ALL],
    *[Lie("done with a page", api, FAILED, clip=b"<html>Please wait</html>") for api in ALL],
    Lie("done with no video", "strict", FAILED, canned={"content": Canned(404)}),
    Lie("done with no video", "sglang", FAILED, {"_gone": True}),
    Lie("done with no video", "runway", FAILED, {"output": []}),
    Lie("done with none", "runway", FAILED, {"output": [None]}),
    Lie("done with no video", "fal", FAILED, {"result": {"video": None}}),
    *[
        Lie("an address that ran out", api, HERE, canned={"content": Canned(403, times=1)})
        for api in ("runway", "fal")
    ],
    Lie(
        "an address that ran out",
        "sglang",
        HERE,
        faults={"cloud": True},
        canned={"cloud": Canned(403, times=1)},
    ),
    *[
        Lie(f"a video on {host}", api, FAILED, video_on(api, url))
        for host, url in [("a foreign host", FOREIGN), ("a private address", PRIVATE)]
        for api in ("sglang", "runway", "fal")
    ],
    Lie("a status on a foreign host", "fal", HERE, faults={"foreign": "https://elsewhere.test"}),
    *[Lie("a job that vanishes", api, FAILED, faults=GONE) for api in ALL],
    Lie("progress that jumps back", "strict", HERE, steps=({"progress": 90}, {"progress": 10})),
    Lie(
        "progress that jumps back",
        "runway",
        HERE,
        steps=({"status": "RUNNING", "progress": 0.9}, {"progress": 0.1}),
    ),
]


def emulator_of(api: str, *, clip: bytes) -> Any:
    if api == "fal":
        emulator = fal.Emulator(clip=clip)
        emulator.deliveries.post = lambda delivery: 202  # of callbacks, which are another matter
        return emulator
    if api == "runway":
        return runway.Emulator(clip=clip)
    return openai_videos.Emulator(clip=clip, dialect=api)


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_lie_ends_a_generation_once_and_pays_for_nothing_twice(
    lie: Lie, make_generation: Callable[..., Generation], video_model: VideoModel
) -> None:
    """I3, I4, I5, I6"""
    native_name = {"fal": fal.APP, "runway": "gen4.5"}.get(lie.api, "lab-1")
    VideoModel.objects.update(native_name=native_name, styles=[])
    video_model.refresh_from_db()
    emulator = emulator_of(lie.api, clip=lie.clip)
    emulator.faults.load(lie.faults)
    emulator.faults.canned = {name: replace(one) for name, one in lie.canned.items()}
    worker = Worker(emulator, {"output_hosts": (CLOUD,)} if lie.api == "sglang" else {})
    generation = make_generation()
    worker.dispatch_and_submit()
    if lie.is_stopped:
        Generation.objects.update(cancel_asked_at=timezone.now())
        stopping.stop(generation.pk, provider_named=worker.provider_named)

    for step in lie.steps:
        emulator.finish_all(**step)
        worker.poll()
    emulator.finish_all(**DONE.get(lie.api, DONE["openai"]) | lie.last)
    for _ in range(2):
        worker.poll()
        worker.die()
        worker.fetch(generation.pk)
        worker.sweep()

    generation.refresh_from_db()
    assert (generation.status, generation.reservation.state) == (lie.end, RESERVATIONS[lie.end])
    assert list(check_ledger()) == []
    assert (emulator.creates_sent, Attempt.objects.count()) == (1, 1)
    assert not FORBIDDEN & {one.url.host for one in emulator.requests}
