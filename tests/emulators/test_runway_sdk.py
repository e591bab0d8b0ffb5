"""Runway's own SDK against our emulator: where it fails, the emulator is wrong."""

from collections.abc import Iterator
from typing import Any, Literal, Required, get_args, get_origin, get_type_hints

import httpx
import pytest
from runwayml import APIConnectionError, BadRequestError, NotFoundError, RateLimitError, RunwayML
from runwayml.types.image_to_video_create_params import ImageToVideoCreateParams
from runwayml.types.task_retrieve_response import Failed, Running, Succeeded
from runwayml.types.text_to_video_create_params import TextToVideoCreateParams
from runwayml.types.text_to_video_create_response import TextToVideoCreateResponse

from generations.providers.runway import PROMPT_MAX_UNITS, VERSION
from tests.emulators.runway import KEY, Emulator
from tests.emulators.runway_models import DURATIONS, MODELS
from tests.emulators.served import served

GEN45: dict[str, Any] = {
    "model": "gen4.5",
    "prompt_text": "A paper boat",
    "ratio": "1280:720",
    "duration": 4,
}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789", cdn="")


@pytest.fixture
def address(emulator: Emulator) -> Iterator[str]:
    with served(emulator, base="") as url:
        yield url


@pytest.fixture
def runway(address: str) -> Iterator[RunwayML]:
    with RunwayML(api_key=KEY, base_url=address, max_retries=0) as client:
        yield client


def change(address: str, path: str, **facts: Any) -> None:
    assert httpx.put(f"{address}{path}", json=facts).status_code == 204


def test_the_sdk_follows_a_task_through_each_of_its_states(runway: RunwayML, address: str) -> None:
    steps: list[dict[str, Any]] = [
        {},
        {"status": "THROTTLED"},
        {"status": "RUNNING", "progress": 0.25},
        {"status": "SUCCEEDED", "cost": 40},
    ]
    change(address, "/_script", steps=steps)

    created = runway.text_to_video.create(**GEN45)
    pending, throttled, running, done = [runway.tasks.retrieve(created.id) for _ in steps]

    assert isinstance(created, TextToVideoCreateResponse)
    assert created.estimated_cost.credits == 48
    assert (pending.status, throttled.status) == ("PENDING", "THROTTLED")
    assert isinstance(running, Running)
    assert (running.progress, running.estimated_cost.credits) == (0.25, 48)
    assert isinstance(done, Succeeded)
    assert done.cost.credits == 40
    assert httpx.get(done.output[0]).content == b"0123456789"
    assert {type(done).__name__, done.created_at.tzname()} == {"AwaitableSucceeded", "UTC"}


@pytest.mark.parametrize(
    ("facts", "code", "credits"),
    [
        ({"failureCode": "SAFETY.INPUT.TEXT"}, "SAFETY.INPUT.TEXT", 48),
        ({"failureCode": "INTERNAL.BAD_OUTPUT.CODE01"}, "INTERNAL.BAD_OUTPUT.CODE01", 0),
        ({}, None, 0),
    ],
)
def test_the_sdk_reads_a_failure_with_its_code_and_cost(
    runway: RunwayML, address: str, facts: dict[str, Any], code: str | None, credits: int
) -> None:
    created = runway.text_to_video.create(**GEN45)
    change(address, f"/_jobs/{created.id}", status="FAILED", **facts)

    failed = runway.tasks.retrieve(created.id)

    assert isinstance(failed, Failed)
    assert (failed.failure_code, failed.cost.credits) == (code, credits)


@pytest.mark.parametrize(("status", "credits"), [("PENDING", 0), ("THROTTLED", 0), ("RUNNING", 48)])
def test_the_sdk_cancels_a_task_that_has_not_ended(
    runway: RunwayML, address: str, status: str, credits: int
) -> None:
    created = runway.text_to_video.create(**GEN45)
    change(address, f"/_jobs/{created.id}", status=status)

    runway.tasks.delete(created.id)

    cancelled = runway.tasks.retrieve(created.id)
    assert cancelled.status == "CANCELLED"
    assert cancelled.cost.credits == credits


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "CANCELLED"])
def test_the_sdk_deletes_a_task_that_has_ended(runway: RunwayML, address: str, status: str) -> None:
    created = runway.text_to_video.create(**GEN45)
    change(address, f"/_jobs/{created.id}", status=status)

    runway.tasks.delete(created.id)

    with pytest.raises(NotFoundError):
        runway.tasks.retrieve(created.id)


def test_an_address_of_an_output_runs_out_and_the_next_get_gives_a_fresh_one(
    runway: RunwayML, address: str
) -> None:
    created = runway.text_to_video.create(**GEN45)
    change(address, f"/_jobs/{created.id}", status="SUCCEEDED")
    old, fresh = [_output(runway, created.id) for _ in range(2)]
    change(address, "/_expire")

    assert httpx.get(old).status_code == httpx.get(fresh).status_code == 403
    assert httpx.get(_output(runway, created.id)).status_code == 200


def _output(runway: RunwayML, task_id: str) -> str:
    task = runway.tasks.retrieve(task_id)
    assert isinstance(task, Succeeded)
    return task.output[0]


def test_the_sdk_begins_with_an_image(runway: RunwayML, emulator: Emulator) -> None:
    created = runway.image_to_video.create(
        model="gen4_turbo", prompt_image="data:image/png;base64,aGk=", ratio="960:960", duration=5
    )

    assert emulator.jobs[created.id]["body"]["promptImage"] == "data:image/png;base64,aGk="


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": "gen9"},
        {"model": "gen4_turbo"},  # it begins with an image
        {"ratio": "1280x720"},
        {"duration": 11},
        {"duration": "4"},
        {"prompt_text": ""},
        {"prompt_text": "\N{PAPERCLIP}" * 1001},
        {"prompt_text": "\N{FIRE}" * 501},  # two units each
        {"seed": -1},
        {"content_moderation": {"public_figure_threshold": "none"}},
        {"extra_body": {"audio": True}},
    ],
)
def test_a_body_that_runways_schema_does_not_allow_is_refused(
    runway: RunwayML, wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadRequestError):
        runway.text_to_video.create(**GEN45 | wrong)


def test_the_sdk_cannot_leave_out_the_version_that_we_name(
    runway: RunwayML, emulator: Emulator, address: str
) -> None:
    runway.text_to_video.create(**GEN45)

    assert emulator.requests[0].headers["x-runway-version"] == VERSION
    authorization = {"authorization": f"Bearer {KEY}"}
    assert httpx.get(f"{address}/v1/tasks/1", headers=authorization).status_code == 400
    version = {"x-runway-version": VERSION}
    assert httpx.get(f"{address}/v1/tasks/1", headers=version).status_code == 401


def test_the_sdk_meets_the_faults_that_are_switched_on(runway: RunwayML, address: str) -> None:
    busy = {"status": 429, "json": {"error": "Daily limit"}, "headers": {"retry-after": "60"}}
    change(address, "/_faults", canned={"create": busy})
    with pytest.raises(RateLimitError) as refusal:
        runway.text_to_video.create(**GEN45)
    assert refusal.value.response.headers["retry-after"] == "60"

    change(address, "/_faults", canned={}, drop=["create"])
    with pytest.raises(APIConnectionError):
        runway.text_to_video.create(**GEN45)
    counts = httpx.get(f"{address}/_counts").json()
    assert (counts["sent"], counts["accepted"]) == (2, 1)


@pytest.mark.parametrize(
    ("endpoint", "union"),
    [("text_to_video", TextToVideoCreateParams), ("image_to_video", ImageToVideoCreateParams)],
)
def test_the_emulator_takes_what_the_sdks_types_say(endpoint: str, union: Any) -> None:
    typed = {_literals(get_type_hints(one)["model"])[0]: one for one in get_args(union)}

    for model, takes in MODELS[endpoint].items():
        hints = get_type_hints(typed[model])
        keys = {_camel(name) for name in hints}
        marked = get_type_hints(typed[model], include_extras=True).items()
        required = {_camel(name) for name, hint in marked if get_origin(hint) is Required}
        assert (required, keys - required) == (takes.required, takes.optional)
        assert set(_literals(hints["ratio"])) == takes.ratios
        assert set(_literals(hints["duration"])) in (set(), set(DURATIONS[model]))


def test_each_model_whose_prompt_we_measure_is_one_that_the_sdk_knows() -> None:
    unions = (TextToVideoCreateParams, ImageToVideoCreateParams)
    typed = [one for union in unions for one in get_args(union)]
    known = {_literals(get_type_hints(one)["model"])[0] for one in typed}

    assert set(PROMPT_MAX_UNITS) - known == set()


def _literals(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is Literal else ()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
