"""Of which requests there is a video, and from where alone it is fetched."""

from typing import Any

import pytest

from generations.providers.base import (
    FailureKind,
    ProviderFailure,
    ProviderUnavailable,
)
from tests.emulators.fal import Emulator, failure, refusal
from tests.generations.providers.asking import fetch, hosts_asked
from tests.generations.providers.fal.conftest import POLICY


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/a.mp4",
        "https://169.254.169.254/latest",
        "https://fal.media.elsewhere.test/a.mp4",
        "https://notfal.media/a.mp4",
        "https://user:word@v3.fal.media/a.mp4",
        "http://v3.fal.media/a.mp4",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
    ],
)
def test_an_address_outside_of_the_allowed_hosts_is_never_opened(
    emulator: Emulator, job_id: str, address: str
) -> None:
    emulator.finish_all(result={"video": {"url": address}})

    with pytest.raises(ProviderFailure) as refused:
        fetch(emulator.provider(), job_id)
    assert refused.value.kind is FailureKind.BAD_OUTPUT
    assert hosts_asked(emulator) == {"queue.fal.test"}


@pytest.mark.parametrize(
    ("facts", "raised"),
    [
        ({"status": "IN_PROGRESS"}, ProviderUnavailable),
        ({"status": "COMPLETED"} | refusal(POLICY), ProviderFailure),
        (failure("client_cancelled", code=499), ProviderFailure),
        ({"status": "COMPLETED", "result": {"seed": 7}}, ProviderFailure),
    ],
)
def test_a_request_that_is_not_done_any_more_gives_no_video(
    emulator: Emulator, job_id: str, facts: dict[str, Any], raised: type[Exception]
) -> None:
    emulator.finish_all(**facts)

    with pytest.raises(raised):
        fetch(emulator.provider(), job_id)
