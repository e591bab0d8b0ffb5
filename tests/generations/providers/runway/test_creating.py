"""What is sent to Runway to make a video, and what its answer means."""

import base64
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
from tests.emulators.runway import Emulator
from tests.generations.providers.asking import fetch, poll
from tests.generations.providers.runway.conftest import request_for

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)


def image_file(folder: Path, *, size_bytes: int, name: str = "first.jpg") -> Path:
    path = folder / name
    path.write_bytes(b"i" * size_bytes)
    return path


def test_a_prompt_becomes_the_native_body_that_its_schema_takes(emulator: Emulator) -> None:
    task_id = emulator.provider().submit(request_for(seed=7))

    assert emulator.jobs[task_id]["body"] == {
        "model": "gen4.5",
        "promptText": "A paper boat",
        "ratio": "1280:720",
        "duration": 4,
        "seed": 7,
    }
    (sent,) = emulator.requests
    assert sent.url.path == "/v1/text_to_video"
    assert sent.headers["x-runway-version"] == "2024-11-06"


def test_every_call_carries_the_version(emulator: Emulator, task_id: str) -> None:
    emulator.finish_all()
    poll(emulator, task_id)
    fetch(emulator.provider(), task_id)
    emulator.provider().cancel(task_id)

    own = [one for one in emulator.requests if one.url.host == "runway.test"]
    assert len(own) == 4
    assert {one.headers["x-runway-version"] for one in own} == {"2024-11-06"}


def test_extras_that_are_known_are_sent_and_no_others(emulator: Emulator) -> None:
    extras = {"audio": False, "negativePrompt": "rain", "outputFormat": "prores", "path": "/etc"}
    task_id = emulator.provider().submit(request_for(model="veo3.1", extras=extras))

    body = emulator.jobs[task_id]["body"]
    assert (body["audio"], body["negativePrompt"]) == (False, "rain")
    assert {"outputFormat", "path"} & set(body) == set()


def test_the_moderation_of_public_figures_gets_its_place(emulator: Emulator) -> None:
    extras = {"publicFigureThreshold": "low"}
    task_id = emulator.provider().submit(request_for(extras=extras))

    body = emulator.jobs[task_id]["body"]
    assert body["contentModeration"] == {"publicFigureThreshold": "low"}
    assert "publicFigureThreshold" not in body


def test_an_extra_cannot_take_the_place_of_what_was_asked_and_paid_for(
    emulator: Emulator,
) -> None:
    extras = {"model": "veo3.1", "duration": 10, "ratio": "720:1280", "promptText": "else"}
    task_id = emulator.provider().submit(request_for(extras=extras))

    body = emulator.jobs[task_id]["body"]
    assert (body["model"], body["duration"], body["ratio"]) == ("gen4.5", 4, "1280:720")


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "image/jpeg"), ("a.png", "image/png")])
def test_a_first_image_travels_inside_of_the_call(
    emulator: Emulator, tmp_path: Path, name: str, kind: str
) -> None:
    image = image_file(tmp_path, size_bytes=3, name=name)

    task_id = emulator.provider().submit(request_for(first_image=image))

    (sent,) = emulator.requests
    assert sent.url.path == "/v1/image_to_video"
    content = base64.b64encode(b"iii").decode()
    assert emulator.jobs[task_id]["body"]["promptImage"] == f"data:{kind};base64,{content}"


def test_an_image_past_runways_limit_is_never_sent(emulator: Emulator, tmp_path: Path) -> None:
    fits = image_file(tmp_path, size_bytes=3_700_000, name="fits.png")
    emulator.provider().submit(request_for(first_image=fits))
    large = image_file(tmp_path, size_bytes=3_800_000, name="large.png")

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(first_image=large))

    assert refusal.value.kind is FailureKind.INVALID_ASSET
    assert emulator.creates_sent == 1


@pytest.mark.parametrize(
    ("model", "prompt", "is_sent"),
    [
        ("gen4.5", "x" * 1000, True),
        ("gen4.5", "x" * 1001, False),
        ("gen4.5", "\N{FIRE}" * 500, True),
        ("gen4.5", "\N{FIRE}" * 501, False),  # two units of UTF-16 each
        ("seedance2", "x" * 3500, True),
        ("seedance2", "x" * 3501, False),
        ("a model of tomorrow", "x" * 5000, True),
    ],
)
def test_a_prompt_past_its_models_limit_is_never_sent(
    emulator: Emulator, model: str, prompt: str, is_sent: bool
) -> None:
    emulator.faults.canned["create"] = Canned(400, json={"error": "no"})

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(prompt, model=model))

    assert refusal.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.creates_sent == is_sent


def test_a_style_that_runway_cannot_keep_to_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(style="film"))

    assert refusal.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.creates_sent == 0


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Canned(400, json={"error": "ratio: Invalid value"}), FailureKind.INVALID_REQUEST),
        (
            Canned(400, json={"error": "You do not have enough credits to run this task."}),
            FailureKind.FUNDS,
        ),
        (Canned(401, json={"error": "The API key is not valid"}), FailureKind.AUTH),
        (Canned(403, text="<h1>Forbidden</h1>"), FailureKind.AUTH),
        (Canned(404, json={"error": "Not found"}), FailureKind.NOT_FOUND),
        (Canned(405, text=""), FailureKind.INVALID_REQUEST),
        (Canned(422, json=["odd"]), FailureKind.INVALID_REQUEST),
    ],
)
def test_a_no_becomes_a_neutral_kind(emulator: Emulator, answer: Canned, kind: FailureKind) -> None:
    emulator.faults.canned["create"] = answer

    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for())

    assert (refusal.value.kind, refusal.value.native_code) == (kind, str(answer.status))
    assert emulator.creates_sent == 1


@pytest.mark.parametrize(
    "wrong", [{"size": "1281x720"}, {"duration_seconds": 11}, {"model": "gen4_turbo"}]
)
def test_what_the_model_does_not_make_is_a_request_that_is_not_valid(
    emulator: Emulator, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ProviderFailure) as refusal:
        emulator.provider().submit(request_for(**wrong))

    assert refusal.value.kind is FailureKind.INVALID_REQUEST
    assert emulator.accepted == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 900), ({"retry-after": "60"}, 60), ({"retry-after": "86400"}, 3600)],
)
def test_a_used_up_day_asks_for_a_long_rest(
    emulator: Emulator, headers: dict[str, str], seconds: float
) -> None:
    emulator.faults.canned["create"] = Canned(429, json={"error": "limit"}, headers=headers)

    with pytest.raises(ProviderUnavailable) as refusal:
        emulator.provider().submit(request_for())

    assert refusal.value.retry_after_seconds == seconds


@pytest.mark.parametrize("status", [502, 503])
def test_load_that_runway_itself_sheds_may_be_tried_again(emulator: Emulator, status: int) -> None:
    emulator.faults.canned["create"] = Canned(status, json={"error": "Try again later"})

    with pytest.raises(ProviderUnavailable):
        emulator.provider().submit(request_for())


@pytest.mark.parametrize(
    "answer",
    [
        Canned(500, json={"error": "An unexpected error occurred"}),
        Canned(502, text="<h1>Bad Gateway</h1>"),
        Canned(503, text="upstream reset"),
        Canned(504, json={"error": "Timed out"}),
        Canned(200, text="not json"),
        Canned(200, json={"estimatedCost": {"credits": 1}}),
        Canned(200, json={"id": "new\nline"}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
    ids=["500", "502-html", "503-bare", "504", "no-json", "no-id", "odd-id", "redirect"],
)
def test_an_answer_that_says_neither_yes_nor_no_is_unknown_and_sent_once(
    emulator: Emulator, answer: Canned
) -> None:
    """I5"""
    emulator.faults.canned["create"] = answer

    with pytest.raises(OutcomeUnknown):
        emulator.provider().submit(request_for())
    assert emulator.creates_sent == 1
