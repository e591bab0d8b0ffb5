"""Of which tasks there is a video, and from where alone it is fetched."""

from typing import Any

import pytest

from generations.providers.base import (
    FailureKind,
    ProviderFailure,
    ProviderUnavailable,
)
from tests.emulators.runway import Emulator
from tests.generations.providers.asking import fetch


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
