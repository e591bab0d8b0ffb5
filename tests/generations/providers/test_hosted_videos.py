"""What fal and Runway have in common: no list of their jobs, and videos on hosts of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    OutcomeUnknown,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
)
from generations.providers.fal import Fal
from generations.providers.runway import Runway
from tests.emulators import fal, runway
from tests.emulators.base import Canned
from tests.emulators.served import served
from tests.generations.providers.asking import fetch
from tests.generations.providers.fal.conftest import request_for as request_for_fal
from tests.generations.providers.runway.conftest import request_for as request_for_runway

Emulator = fal.Emulator | runway.Emulator
CLIP = b"0123456789"
SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
OURS = {"authorization", "x-fal-no-retry", "x-runway-version"}  # headers for its own origin alone


@dataclass(frozen=True)
class Api:
    """One outside API: our client of it, and where its emulator stands."""

    client: type[Fal] | type[Runway]
    emulator: Callable[..., Emulator]
    request_for: Callable[..., RenderRequest]
    host: str
    cdn: str
    base: str  # of its paths, on a server of its own
    key: str

    def at(self, url: str) -> Provider:
        return self.client(Account(name="outside", url=url, key=self.key))


APIS = {
    "fal": Api(Fal, fal.Emulator, request_for_fal, "queue.fal.test", fal.CDN, "", fal.KEY),
    "runway": Api(
        Runway, runway.Emulator, request_for_runway, "runway.test", runway.CDN, "/v1", runway.KEY
    ),
}


@pytest.fixture(params=APIS)
def api(request: pytest.FixtureRequest) -> Api:
    return APIS[request.param]


@pytest.fixture
def emulator(api: Api) -> Emulator:
    return api.emulator(clip=CLIP)


@pytest.fixture
def job_id(api: Api, emulator: Emulator) -> str:
    """A job that is done."""
    job_id = emulator.provider().submit(api.request_for())
    emulator.finish_all()
    return job_id


def test_a_job_that_was_accepted_before_the_connection_dropped_cannot_be_looked_for(
    api: Api, emulator: Emulator
) -> None:
    """I5: there is no list, so it stays unknown; it is not sent again."""
    emulator.faults.drop = ["create"]

    with served(emulator, base=api.base) as url:
        provider = api.at(url)
        with pytest.raises(OutcomeUnknown):
            provider.submit(api.request_for())
        assert provider.find(api.request_for(), sent_at=SENT_AT) is None

    assert (emulator.creates_sent, emulator.accepted) == (1, 1)


def test_a_create_that_never_left_may_be_tried_again(api: Api) -> None:
    with pytest.raises(ProviderUnavailable):
        api.at("http://127.0.0.1:9").submit(api.request_for())


def test_a_video_is_streamed_from_the_cdn_without_our_credential(
    api: Api, emulator: Emulator, job_id: str
) -> None:
    """I2"""
    assert fetch(emulator.provider(), job_id, max_bytes=len(CLIP)) == CLIP
    last = emulator.requests[-1]
    assert str(last.url).startswith(f"{api.cdn}/")
    assert OURS & set(last.headers) == set()
    with pytest.raises(ArtifactTooLarge):
        fetch(emulator.provider(), job_id, max_bytes=len(CLIP) - 1)


def test_an_address_that_ran_out_is_asked_for_again(
    api: Api, emulator: Emulator, job_id: str
) -> None:
    emulator.faults.canned["content"] = Canned(403, text="Forbidden", times=1)

    assert fetch(emulator.provider(), job_id) == CLIP
    hosts = [one.url.host for one in emulator.requests[1:]]
    assert hosts == [api.host, httpx.URL(api.cdn).host] * 2
    assert emulator.requests[2].url != emulator.requests[4].url


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        (Canned(401), 2),
        (Canned(403), 2),
        (Canned(404), 2),
        (Canned(410), 2),
        (Canned(302, headers={"location": "http://169.254.169.254/latest"}), 1),
        (Canned(307, headers={"location": f"{fal.CDN}/files/other.mp4"}), 1),
        (Canned(307, headers={"location": f"{runway.CDN}/other.mp4"}), 1),
        (Canned(429), 1),
        (Canned(502, text="<h1>Bad Gateway</h1>"), 1),
    ],
)
def test_a_video_that_is_not_given_out_is_left_for_the_next_try(
    api: Api,
    emulator: Emulator,
    job_id: str,
    answer: Canned,
    times: int,
) -> None:
    """A redirect is not followed."""
    emulator.faults.canned["content"] = answer

    with pytest.raises(ProviderUnavailable):
        fetch(emulator.provider(), job_id)
    asked = [one.url.host for one in emulator.requests if one.url.host != api.host]
    assert asked == [httpx.URL(api.cdn).host] * times


def test_an_account_may_name_the_hosts_of_its_outputs(
    api: Api, emulator: Emulator, job_id: str
) -> None:
    with pytest.raises(ProviderFailure):
        fetch(emulator.provider(output_hosts=("*.example.org",)), job_id)
    assert fetch(emulator.provider(output_hosts=(httpx.URL(api.cdn).host,)), job_id) == CLIP


def test_over_real_http_a_video_is_whole_truncated_or_too_large(
    api: Api, emulator: Emulator
) -> None:
    emulator.cdn = ""
    with served(emulator, base=api.base) as url:
        provider = api.at(url)
        job_id = provider.submit(api.request_for())
        emulator.finish_all()
        assert fetch(provider, job_id) == CLIP

        emulator.faults.truncate_content = True
        with pytest.raises(ProviderUnavailable):
            fetch(provider, job_id)

        emulator.faults.truncate_content, emulator.faults.oversize_bytes = False, 1000
        with pytest.raises(ArtifactTooLarge):
            fetch(provider, job_id)
