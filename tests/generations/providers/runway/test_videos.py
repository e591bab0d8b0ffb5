"""How a finished video is fetched, and from where alone."""

from typing import Any

import httpx
import pytest

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    FailureKind,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.providers.runway import Runway
from tests.emulators.base import Canned
from tests.emulators.runway import CDN, KEY, Emulator
from tests.emulators.served import served
from tests.generations.providers.asking import fetch
from tests.generations.providers.runway.conftest import request_for


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
