"""How a finished video is fetched, and from where alone."""

from typing import Any

import pytest

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    FailureKind,
    ProviderFailure,
    ProviderUnavailable,
)
from generations.providers.fal import Fal
from tests.emulators.base import Canned
from tests.emulators.fal import CDN, KEY, Emulator, failure, refusal
from tests.emulators.served import served
from tests.generations.providers.asking import fetch
from tests.generations.providers.fal.conftest import POLICY, hosts_asked, request_for


def test_a_video_is_streamed_from_the_cdn_without_our_credential(
    emulator: Emulator, job_id: str
) -> None:
    """I2"""
    emulator.finish_all()

    assert fetch(emulator.provider(), job_id, max_bytes=10) == b"0123456789"
    last = emulator.requests[-1]
    assert last.url.host == "v3.fal.media"
    assert {"authorization", "x-fal-no-retry"} & set(last.headers) == set()
    with pytest.raises(ArtifactTooLarge):
        fetch(emulator.provider(), job_id, max_bytes=9)


def test_an_address_that_ran_out_is_asked_for_again(emulator: Emulator, job_id: str) -> None:
    emulator.finish_all()
    emulator.faults.canned["content"] = Canned(403, text="Forbidden", times=1)

    assert fetch(emulator.provider(), job_id) == b"0123456789"
    first, second = (one.url for one in emulator.requests if one.url.host == "v3.fal.media")
    assert first != second


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Canned(401), 2),
        (Canned(403), 2),
        (Canned(404), 2),
        (Canned(410), 2),
        (Canned(302, headers={"location": "http://169.254.169.254/latest"}), 1),
        (Canned(307, headers={"location": f"{CDN}/files/other.mp4"}), 1),
        (Canned(429), 1),
        (Canned(502, text="<h1>Bad Gateway</h1>"), 1),
    ],
)
def test_a_video_that_is_not_given_out_is_left_for_the_next_try(
    emulator: Emulator, job_id: str, answer: Canned, times: int
) -> None:
    """A redirect is not followed."""
    emulator.finish_all()
    emulator.faults.canned["content"] = answer

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), job_id)
    asked = [one for one in emulator.requests if one.url.host != "queue.fal.test"]
    assert [one.url.host for one in asked] == ["v3.fal.media"] * times


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


def test_an_account_may_name_the_hosts_of_its_outputs(emulator: Emulator, job_id: str) -> None:
    emulator.finish_all()

    with pytest.raises(ProviderFailure):
        fetch(emulator.provider(output_hosts=("*.example.org",)), job_id)
    assert fetch(emulator.provider(output_hosts=("v3.fal.media",)), job_id)


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


def test_over_real_http_a_video_is_whole_truncated_or_too_large(emulator: Emulator) -> None:
    emulator.cdn = ""
    with served(emulator, base="") as url:
        provider = Fal(Account(name="fal", url=url, key=KEY))
        job_id = provider.submit(request_for())
        emulator.finish_all()
        assert fetch(provider, job_id) == b"0123456789"

        emulator.faults.truncate_content = True
        with pytest.raises(ProviderUnavailable):
            fetch(provider, job_id)

        emulator.faults.truncate_content, emulator.faults.oversize_bytes = False, 1000
        with pytest.raises(ArtifactTooLarge):
            fetch(provider, job_id)
