"""What is sent to the queue of fal to make a video, and what its answer means."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generations.providers.base import (
    FailureKind,
    OutcomeUnknown,
    ProviderFailure,
    ProviderUnavailable,
)
from tests.emulators.base import Canned
from tests.emulators.fal import APP, URL, Emulator, refusal
from tests.generations.providers.asking import hosts_asked
from tests.generations.providers.fal.conftest import CALLBACK_URL, POLICY, request_for

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_prompt_is_sent_to_its_app_and_becomes_a_job_that_names_its_address(
    emulator: Emulator,
) -> None:
    job_id = emulator.provider().submit(request_for(seed=7, callback_url=CALLBACK_URL))

    (job,) = emulator.jobs.values()
    assert job_id == f"fal-ai/ltx-2/requests/{job['id']}"
    assert job["body"] == {
        "prompt": "A paper boat",
        "duration": 6,
        "aspect_ratio": "16:9",
        "resolution": "1080p",
        "seed": 7,
    }
    (sent,) = emulator.requests
    assert (sent.url.path, dict(sent.url.params)) == (f"/{APP}", {"fal_webhook": CALLBACK_URL})
    assert sent.headers["x-fal-no-retry"] == "1"
    preference = json.loads(sent.headers["x-fal-object-lifecycle-preference"])
    assert preference == {"expiration_duration_seconds": 86_400}


@pytest.mark.parametrize(
    ("app", "size", "words"),
    [
        ("fal-ai/veo3.1/fast", "1280x720", ("6s", "16:9", "720p")),
        ("fal-ai/veo3/fast", "1080x1920", ("6s", "9:16", "1080p")),
        ("fal-ai/veo2", "1280x720", ("6s", "16:9", None)),
        ("fal-ai/kling-video/v2.1/master/text-to-video", "960x960", ("6", "1:1", None)),
        ("fal-ai/kling-video/v4/text-to-video", "1280x720", (6, "16:9", "720p")),
        ("fal-ai/bytedance/seedance/v1/pro/text-to-video", "854x480", ("6", "16:9", "480p")),
        ("blackforestlabs/flux-3-max/text-to-video", "1680x720", (6, "21:9", "720p")),
        ("fal-ai/veo30/x", "1280x720", (6, "16:9", "720p")),
    ],
)
def test_each_app_is_asked_in_its_own_words(
    emulator: Emulator, app: str, size: str, words: tuple[Any, ...]
) -> None:
    emulator.provider().submit(request_for(model=app, size=size))

    (job,) = emulator.jobs.values()
    assert (
        job["body"]["duration"],
        job["body"]["aspect_ratio"],
        job["body"].get("resolution"),
    ) == words
    assert job["app"] == app


@pytest.mark.parametrize(
    "changes",
    [
        {"size": "1000x170"},
        {"style": "watercolour"},
        {"model": "veo3.1"},
        {"model": "fal-ai/../admin"},
        {"model": "fal-ai/veo3?x=1"},
        {"model": "https://elsewhere.test/a/b"},
        {"model": "fal-ai//veo"},
    ],
)
def test_what_cannot_be_said_to_an_app_is_never_sent(
    emulator: Emulator, changes: dict[str, str]
) -> None:
    with pytest.raises(ProviderFailure) as refused:
        emulator.provider().submit(request_for(**changes))
    assert refused.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.requests == []


def test_extras_that_are_known_are_sent_and_take_nobodys_place(emulator: Emulator) -> None:
    extras = {"negative_prompt": "rain", "prompt": "A bill", "duration": 60, "lora_path": "/etc"}
    emulator.provider().submit(request_for(extras=extras))

    (job,) = emulator.jobs.values()
    assert (job["body"]["negative_prompt"], job["body"]["prompt"]) == ("rain", "A paper boat")
    assert (job["body"]["duration"], "lora_path" in job["body"]) == (6, False)


@pytest.mark.parametrize(
    ("app", "asked"),
    [
        ("fal-ai/ltx-2/text-to-video/fast", "fal-ai/ltx-2/image-to-video/fast"),
        ("fal-ai/ltx-2/image-to-video", "fal-ai/ltx-2/image-to-video"),
        ("fal-ai/veo3.1", "fal-ai/veo3.1/image-to-video"),
    ],
)
def test_a_first_image_travels_inside_of_the_call_to_the_app_that_takes_one(
    emulator: Emulator, tmp_path: Path, app: str, asked: str
) -> None:
    image = tmp_path / "first.jpg"
    image.write_bytes(b"a picture")

    emulator.provider().submit(request_for(model=app, first_image=image))

    (job,) = emulator.jobs.values()
    encoded = base64.b64encode(b"a picture").decode()
    assert (job["app"], job["body"]["image_url"]) == (asked, f"data:image/jpeg;base64,{encoded}")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Canned(401, json={"detail": "Authentication is required"}), FailureKind.AUTH),
        (Canned(403, json={"detail": "Access denied"}), FailureKind.AUTH),
        (Canned(403, json={"detail": "User is locked. Reason: TOP_UP."}), FailureKind.FUNDS),
        (Canned(402), FailureKind.FUNDS),
        (Canned(404, json={"detail": "Application not found"}), FailureKind.NOT_FOUND),
        (Canned(422, json=refusal("missing")["result"]), FailureKind.INVALID_REQUEST),
        (Canned(422, json=refusal("image_too_small")["result"]), FailureKind.INVALID_ASSET),
        (
            Canned(422, json=refusal(POLICY, loc=["body", "prompt"])["result"]),
            FailureKind.SAFETY_INPUT,
        ),
        (Canned(422, text="<p>"), FailureKind.INVALID_REQUEST),
    ],
)
def test_a_no_becomes_a_neutral_kind(emulator: Emulator, answer: Canned, kind: FailureKind) -> None:
    emulator.faults.canned["create"] = answer

    with pytest.raises(ProviderFailure) as refused:
        emulator.provider().submit(request_for())
    assert refused.value.kind is kind
    assert (emulator.creates_sent, emulator.accepted) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Canned(429, headers={"retry-after": "12"}), 12),
        (Canned(429, text="<h1>Slow down</h1>"), 5),
        (Canned(503, json={"detail": "Overloaded"}), 5),
        (Canned(503, json={"detail": "Overloaded"}, headers={"retry-after": "7"}), 7),
    ],
)
def test_what_the_queue_did_not_take_may_be_sent_later(
    emulator: Emulator, answer: Canned, seconds: float
) -> None:
    emulator.faults.canned["create"] = answer

    with pytest.raises(ProviderUnavailable) as busy:
        emulator.provider().submit(request_for())
    assert busy.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    "answer",
    [
        Canned(500, json={"detail": "Internal Server Error"}),
        Canned(502, text="<h1>Bad Gateway</h1>"),
        Canned(503, text="upstream reset"),
        Canned(503, text="<h1>Later</h1>", headers={"retry-after": "7"}),
        Canned(504),
        Canned(200, text="not json"),
        Canned(200, json={}),
        Canned(200, json={"request_id": None, "status_url": f"{URL}/a/b/requests/1/status"}),
        Canned(200, json={"request_id": "../../admin"}),
        Canned(200, json={"request_id": "1/status?x"}),
        Canned(200, json={"request_id": "x" * 101}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
)
def test_an_answer_that_says_neither_yes_nor_no_is_unknown_and_sent_once(
    emulator: Emulator, answer: Canned
) -> None:
    """I5"""
    emulator.faults.canned["create"] = answer

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    assert emulator.creates_sent == 1
    assert hosts_asked(emulator) == {"queue.fal.test"}
