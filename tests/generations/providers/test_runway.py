"""Our client of Runway against an emulated one, over a fake wire and a real one."""

import base64
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    Cancellation,
    FailureKind,
    ForgedCallback,
    JobState,
    OutcomeUnknown,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.providers.runway import Runway
from tests.emulators.base import Canned
from tests.emulators.runway import CDN, KEY, URL, Emulator
from tests.emulators.served import served
from tests.generations.providers import asking
from tests.generations.providers.asking import fetch, poll

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)

request_for = partial(asking.request_for, model="gen4.5")


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


@pytest.fixture
def task_id(emulator: Emulator) -> str:
    return emulator.provider().submit(request_for())


def image_file(folder: Path, *, size_bytes: int, name: str = "first.jpg") -> Path:
    path = folder / name
    path.write_bytes(b"i" * size_bytes)
    return path


# --- Create -------------------------------------------------------------------------------------


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
    [({}, 900), ({"retry-after": "60"}, 60), ({"retry-after": "86400"}, 300)],
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


def test_a_task_that_was_accepted_before_the_connection_dropped_cannot_be_found(
    emulator: Emulator,
) -> None:
    """I5: Runway has no list, so it stays unknown; it is not sent again."""
    emulator.faults.drop = ["create"]

    with served(emulator) as url:
        provider = Runway(Account(name="runway", url=url, key=KEY))
        with pytest.raises(OutcomeUnknown):
            provider.submit(request_for())
        lookup: Provider = provider
        assert lookup.find(request_for(), sent_at=SENT_AT) is None

    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


def test_a_create_that_never_left_may_be_tried_again() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    account = Account(name="runway", url=URL, key=KEY)

    with pytest.raises(ProviderUnavailable):
        Runway(account, httpx.MockTransport(refuse)).submit(request_for())


# --- Poll ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", JobState.QUEUED),
        ("THROTTLED", JobState.QUEUED),
        ("RUNNING", JobState.RUNNING),
        ("SUCCEEDED", JobState.SUCCEEDED),
        ("FAILED", JobState.FAILED),
        ("CANCELLED", JobState.CANCELLED),
        ("A_WORD_OF_TOMORROW", JobState.RUNNING),
    ],
)
def test_a_status_becomes_a_neutral_one(
    emulator: Emulator, task_id: str, status: str, state: JobState
) -> None:
    emulator.jobs[task_id]["status"] = status

    snapshot = poll(emulator, task_id)

    assert (snapshot.state, snapshot.native_status) == (state, status)


@pytest.mark.parametrize(
    ("told", "progress"), [(0.25, 25), (0, 0), (1, 100), (7, 100), (-1, 0), ("x", 0), (None, 0)]
)
def test_progress_is_told_in_per_cent(
    emulator: Emulator, task_id: str, told: Any, progress: int
) -> None:
    body = {"id": task_id, "status": "RUNNING", "progress": told}
    emulator.faults.canned["poll"] = Canned(200, json=body)

    assert poll(emulator, task_id).progress == progress


def test_progress_that_stalls_or_jumps_back_is_told_as_it_is(
    emulator: Emulator, task_id: str
) -> None:
    emulator.jobs[task_id] |= {"status": "RUNNING", "progress": 0.5}
    emulator.jobs[task_id]["steps"] = [{"progress": 0.9}]
    emulator.faults.stall_progress = emulator.faults.progress_jumps_back = True

    assert [poll(emulator, task_id).progress for _ in range(3)] == [50, 25, 50]


@pytest.mark.parametrize(
    ("code", "kind", "kept"),
    [
        ("SAFETY.INPUT.TEXT", FailureKind.SAFETY_INPUT, "SAFETY.INPUT"),
        ("SAFETY.OUTPUT.VIDEO", FailureKind.SAFETY_OUTPUT, "SAFETY.OUTPUT"),
        ("SAFETY.THIRD_PARTY", FailureKind.SAFETY_UNSPECIFIED, "SAFETY.THIRD_PARTY"),
        ("SAFETY", FailureKind.SAFETY_UNSPECIFIED, "SAFETY"),
        ("INTERNAL.BAD_OUTPUT.CODE01", FailureKind.BAD_OUTPUT, "INTERNAL.BAD_OUTPUT"),
        ("INTERNAL", FailureKind.PROVIDER_ERROR, "INTERNAL"),
        ("ASSET.INVALID", FailureKind.INVALID_ASSET, "ASSET.INVALID"),
        ("A.CODE.OF.TOMORROW", FailureKind.PROVIDER_ERROR, "A.CODE"),
        (None, FailureKind.PROVIDER_ERROR, ""),
        (7, FailureKind.PROVIDER_ERROR, "7"),
    ],
)
def test_a_failure_code_becomes_a_kind_and_loses_its_third_part(
    emulator: Emulator, task_id: str, code: object, kind: FailureKind, kept: str
) -> None:
    emulator.jobs[task_id] |= {"status": "FAILED", "failureCode": code}

    failure = poll(emulator, task_id).failure

    assert failure is not None
    assert (failure.kind, failure.native_code) == (kind, kept)


@pytest.mark.parametrize(
    ("facts", "cost"),
    [
        ({"status": "SUCCEEDED", "cost": 40}, Decimal("0.40")),  # less than the estimate of 48
        ({"status": "FAILED", "failureCode": "SAFETY.INPUT.TEXT"}, Decimal("0.48")),
        ({"status": "FAILED", "failureCode": "INTERNAL"}, Decimal(0)),
        ({"status": "CANCELLED", "cost": 48}, Decimal("0.48")),
        ({"status": "RUNNING"}, None),
        ({"status": "SUCCEEDED", "cost": -1}, None),
        ({"status": "SUCCEEDED", "cost": 10**30}, None),
        ({"status": "SUCCEEDED", "cost": True}, None),
        ({"status": "SUCCEEDED", "cost": "40"}, None),
    ],
)
def test_what_an_ended_task_costs_is_told_in_money(
    emulator: Emulator, task_id: str, facts: dict[str, Any], cost: Decimal | None
) -> None:
    emulator.jobs[task_id] |= facts

    assert poll(emulator, task_id).cost == cost


def test_a_credit_has_the_price_of_the_account(emulator: Emulator, task_id: str) -> None:
    emulator.jobs[task_id] |= {"status": "SUCCEEDED", "cost": 40}

    assert poll(emulator, task_id, credit_price=Decimal("0.0085")).cost == Decimal("0.34")
    assert poll(emulator, task_id, credit_price=Decimal(0)).cost == 0


def test_a_task_that_is_not_known_any_more_is_lost(emulator: Emulator, task_id: str) -> None:
    emulator.faults.forget_jobs = True

    assert poll(emulator, task_id).state is JobState.LOST


@pytest.mark.parametrize(
    "answer",
    [
        Canned(502, text="<p>"),
        Canned(429, json={"error": "slow down"}),
        Canned(401, json={"error": "The API key is not valid"}),
        Canned(200, text="[]"),
        Canned(200, json={"status": 7}),
        Canned(302, headers={"location": "https://elsewhere.test/"}),
    ],
)
def test_a_poll_without_an_answer_may_be_repeated(
    emulator: Emulator, task_id: str, answer: Canned
) -> None:
    emulator.faults.canned["poll"] = answer

    with pytest.raises(ProviderUnavailable):
        poll(emulator, task_id)


def test_a_task_id_cannot_lead_to_another_address(emulator: Emulator) -> None:
    poll(emulator, "../organization?x=1#y")

    (sent,) = emulator.requests
    assert sent.url.raw_path == b"/v1/tasks/..%2Forganization%3Fx%3D1%23y"


# --- The video ----------------------------------------------------------------------------------


def test_a_video_is_streamed_from_the_cdn_without_our_credential(
    emulator: Emulator, task_id: str
) -> None:
    """I2: the emulated CDN refuses a call that carries one, too."""
    emulator.finish_all()

    assert fetch(emulator.provider(), task_id, max_bytes=10) == b"0123456789"
    last = emulator.requests[-1]
    assert str(last.url).startswith(CDN)
    assert {"authorization", "x-runway-version"} & set(last.headers) == set()
    with pytest.raises(ArtifactTooLarge):
        fetch(emulator.provider(), task_id, max_bytes=9)


def test_an_address_that_ran_out_is_asked_for_again(emulator: Emulator, task_id: str) -> None:
    emulator.finish_all()
    emulator.faults.canned["content"] = Canned(403, text="Forbidden", times=1)

    assert fetch(emulator.provider(), task_id) == b"0123456789"
    assert [one.url.host for one in emulator.requests[1:]] == [
        "runway.test",
        httpx.URL(CDN).host,
        "runway.test",
        httpx.URL(CDN).host,
    ]
    first, second = emulator.requests[2].url, emulator.requests[4].url
    assert first.params["_jwt"] != second.params["_jwt"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_address_that_never_holds_is_left_for_the_next_try(
    emulator: Emulator, task_id: str, status: int
) -> None:
    emulator.finish_all()
    emulator.faults.canned["content"] = Canned(status)

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), task_id)
    assert len([one for one in emulator.requests if one.url.path.startswith("/outputs")]) == 2


@pytest.mark.parametrize(
    "answer",
    [
        Canned(302, headers={"location": "http://169.254.169.254/latest"}),
        Canned(307, headers={"location": f"{CDN}/other.mp4"}),
        Canned(429),
        Canned(502, text="<h1>Bad Gateway</h1>"),
    ],
)
def test_a_redirect_or_an_error_of_the_cdn_is_not_followed(
    emulator: Emulator, task_id: str, answer: Canned
) -> None:
    emulator.finish_all()
    emulator.faults.canned["content"] = answer

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), task_id)
    assert len([one for one in emulator.requests if one.url.host != "runway.test"]) == 1


@pytest.mark.parametrize("output", [[], None, {}, "https://cdn.runwayml.com/a.mp4"])
def test_done_with_no_video_is_a_bad_output(
    emulator: Emulator, task_id: str, output: object
) -> None:
    emulator.finish_all(output=output)

    with pytest.raises(ProviderFailure) as refusal:
        fetch(emulator.provider(), task_id)
    assert refusal.value.kind is FailureKind.BAD_OUTPUT


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/a.mp4",
        "https://169.254.169.254/latest",
        "https://cloudfront.net.elsewhere.test/a.mp4",
        "https://user:word@d1.cloudfront.net/a.mp4",
        "http://d1.cloudfront.net/a.mp4",
        "file:///etc/passwd",
        "//elsewhere.test",
        "",
        None,
        {"url": "https://d1.cloudfront.net/a.mp4"},
    ],
)
def test_an_address_outside_of_the_allowed_hosts_is_never_opened(
    emulator: Emulator, task_id: str, address: object
) -> None:
    emulator.finish_all(output=[address])

    with pytest.raises(ProviderFailure) as refusal:
        fetch(emulator.provider(), task_id)
    assert refusal.value.kind is FailureKind.BAD_OUTPUT
    assert {one.url.host for one in emulator.requests} == {"runway.test"}


def test_an_account_may_name_the_hosts_of_its_outputs(emulator: Emulator, task_id: str) -> None:
    emulator.finish_all()

    with pytest.raises(ProviderFailure):
        fetch(emulator.provider(output_hosts=("*.example.org",)), task_id)
    assert fetch(emulator.provider(output_hosts=(httpx.URL(CDN).host,)), task_id)


@pytest.mark.parametrize(
    ("facts", "raised"),
    [
        ({"status": "RUNNING"}, ProviderUnavailable),
        ({"status": "FAILED", "failureCode": "SAFETY.OUTPUT.VIDEO"}, ProviderFailure),
        ({"status": "CANCELLED"}, ProviderFailure),
        ({"is_gone": True}, ProviderFailure),
    ],
)
def test_a_task_that_is_not_done_any_more_gives_no_video(
    emulator: Emulator, task_id: str, facts: dict[str, Any], raised: type[Exception]
) -> None:
    emulator.jobs[task_id] |= facts

    with pytest.raises(raised):
        fetch(emulator.provider(), task_id)


def test_over_real_http_a_video_is_whole_truncated_or_too_large(emulator: Emulator) -> None:
    emulator.cdn = ""
    with served(emulator) as url:
        provider = Runway(Account(name="runway", url=url, key=KEY))
        task_id = provider.submit(request_for())
        emulator.finish_all()
        assert fetch(provider, task_id) == b"0123456789"

        emulator.faults.truncate_content = True
        with pytest.raises(ProviderUnavailable):
            fetch(provider, task_id)

        emulator.faults.truncate_content, emulator.faults.oversize_bytes = False, 1000
        with pytest.raises(ArtifactTooLarge):
            fetch(provider, task_id)


# --- Cancel, find, callbacks --------------------------------------------------------------------


@pytest.mark.parametrize("status", ["PENDING", "THROTTLED", "RUNNING"])
def test_a_task_that_has_not_ended_is_cancelled(
    emulator: Emulator, task_id: str, status: str
) -> None:
    emulator.jobs[task_id]["status"] = status

    assert emulator.provider().cancel(task_id) is Cancellation.REQUESTED
    assert poll(emulator, task_id).state is JobState.CANCELLED


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "CANCELLED", "A_WORD_OF_TOMORROW"])
def test_a_task_that_has_ended_is_left_with_its_output(
    emulator: Emulator, task_id: str, status: str
) -> None:
    emulator.jobs[task_id]["status"] = status

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE
    assert [one.method for one in emulator.requests] == ["POST", "GET"]


def test_a_task_that_is_gone_is_cancelled_too_late(emulator: Emulator, task_id: str) -> None:
    emulator.faults.forget_jobs = True

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE


def test_a_task_that_goes_between_the_question_and_the_delete_is_cancelled_too_late(
    emulator: Emulator, task_id: str
) -> None:
    emulator.faults.canned["delete"] = Canned(404, json={"error": "No task was found"})

    assert emulator.provider().cancel(task_id) is Cancellation.TOO_LATE


@pytest.mark.parametrize("switch", ["cancelled_vanish", "ends_before_delete"])
def test_a_task_may_be_gone_once_it_was_cancelled(
    emulator: Emulator, task_id: str, switch: str
) -> None:
    """The second is the race that Runway's DELETE leaves open."""
    setattr(emulator.script, switch, True)

    assert emulator.provider().cancel(task_id) is Cancellation.REQUESTED
    assert poll(emulator, task_id).state is JobState.LOST


@pytest.mark.parametrize("call", ["poll", "delete"])
def test_a_cancellation_without_an_answer_may_be_repeated(
    emulator: Emulator, task_id: str, call: str
) -> None:
    emulator.faults.canned[call] = Canned(503, text="")

    with pytest.raises(ProviderUnavailable):
        emulator.provider().cancel(task_id)


def test_every_callback_is_a_forged_one(emulator: Emulator) -> None:
    assert emulator.provider().sends_callbacks is False
    with pytest.raises(ForgedCallback):
        emulator.provider().read_callback({}, b'{"id": "1"}', model="gen4.5")


# --- The credential -----------------------------------------------------------------------------


def test_the_credential_is_in_no_error_and_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """I2: whatever Runway, or a proxy before it, says back to us."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    provider = emulator.provider()
    echo = {"id": "t1", "error": f"Bearer {KEY}", "failure": KEY, "failureCode": KEY, "cost": KEY}
    calls: list[Callable[[], object]] = [
        lambda: provider.submit(request_for()),
        lambda: fetch(provider, "t1"),
        lambda: provider.cancel("t1"),
        lambda: poll(emulator, "t1"),
    ]
    seen = [repr(provider), repr(provider.account)]

    for status in (400, 401, 429, 500, 503):
        says_back = Canned(status, json=echo)
        emulator.faults.canned = dict.fromkeys(("create", "poll"), says_back)
        for call in calls:
            with pytest.raises((ProviderFailure, ProviderUnavailable, OutcomeUnknown)) as caught:
                call()
            seen += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
    for word in ("FAILED", KEY):
        emulator.faults.canned["poll"] = Canned(200, json=echo | {"status": word})
        seen.append(repr(poll(emulator, "t1")))

    assert len(seen) == 44
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert "runway.test" in caplog.text
