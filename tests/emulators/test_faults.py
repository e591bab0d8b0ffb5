"""Each fault that all emulators have is switched on over HTTP, and is what our client meets."""

import asyncio
import email.utils
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.test import override_settings

from generations.providers.base import (
    Account,
    ArtifactTooLarge,
    JobState,
    OutcomeUnknown,
    Provider,
    ProviderUnavailable,
)
from generations.providers.fal import Fal
from generations.providers.http import async_client
from generations.providers.openai_videos import OpenAIVideos
from generations.providers.runway import Runway
from tests.emulators import fal, openai_videos, runway
from tests.emulators.served import served
from tests.generations.providers.asking import fetch, request_for
from tests.generations.providers.fal.conftest import request_for as request_for_fal
from tests.generations.providers.runway.conftest import request_for as request_for_runway

CLIP = b"0123456789"
HTML = "<h1>Bad Gateway</h1>"


APIS: dict[str, tuple[Any, Any, Any, str]] = {  # client, emulator, request, base of its paths
    "openai_videos": (OpenAIVideos, openai_videos, request_for, "/v1"),
    "runway": (Runway, runway, request_for_runway, "/v1"),
    "fal": (Fal, fal, request_for_fal, ""),
}


class Outside:
    """An emulator behind a real port, and our client of it."""

    def __init__(self, name: str, emulator: Any, url: str) -> None:
        client, module, self._request_for, base = APIS[name]
        self.emulator = emulator
        self._origin = url.removesuffix(base)
        self.provider: Provider = client(Account(name="outside", url=url, key=module.KEY))

    def switch(self, **faults: Any) -> None:
        assert httpx.put(f"{self._origin}/_faults", json=faults).status_code == 204

    def counts(self) -> tuple[int, int]:
        counts = httpx.get(f"{self._origin}/_counts").json()
        return counts["sent"], counts["accepted"]

    def submit(self) -> str:
        return self.provider.submit(self._request_for())

    def finished(self) -> str:
        job_id = self.submit()
        self.emulator.finish_all()
        return job_id

    def state(self, job_id: str) -> JobState:
        async def ask() -> JobState:
            async with async_client() as http:
                return (await self.provider.poll(http, job_id)).state

        return asyncio.run(ask())

    def fetch(self, job_id: str) -> bytes:
        return fetch(self.provider, job_id)


@pytest.fixture(params=APIS)
def outside(request: pytest.FixtureRequest) -> Iterator[Outside]:
    _, module, _, base = APIS[request.param]
    at_home = {} if module is openai_videos else {"cdn": ""}  # its videos, at its own origin
    emulator = module.Emulator(clip=CLIP, **at_home)
    with served(emulator, base=base) as url:
        yield Outside(request.param, emulator, url)


def test_without_a_fault_a_job_is_made_and_its_video_fetched(outside: Outside) -> None:
    job_id = outside.finished()

    assert outside.state(job_id) is JobState.SUCCEEDED
    assert outside.fetch(job_id) == CLIP
    assert outside.counts() == (1, 1)


def test_accepted_and_dropped(outside: Outside) -> None:
    outside.switch(drop=["create"])

    with pytest.raises(OutcomeUnknown):
        outside.submit()
    assert outside.counts() == (1, 1)


@override_settings(PROVIDER_TIMEOUT_SECONDS=0.2)
def test_latency(outside: Outside) -> None:
    outside.switch(delay_seconds=0.5)

    with pytest.raises(OutcomeUnknown):
        outside.submit()
    ends_at = time.monotonic() + 10
    while outside.counts()[1] == 0 and time.monotonic() < ends_at:
        time.sleep(0.01)
    assert outside.counts() == (1, 1)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_too_many_requests(outside: Outside, form: str) -> None:
    in_a_minute = email.utils.formatdate(time.time() + 60, usegmt=True)
    told = "60" if form == "seconds" else in_a_minute
    outside.switch(canned={"create": {"status": 429, "headers": {"retry-after": told}}})

    with pytest.raises(ProviderUnavailable) as refusal:
        outside.submit()
    assert 55 < refusal.value.retry_after_seconds <= 60
    assert outside.counts() == (1, 0)


def test_a_page_of_a_proxy(outside: Outside) -> None:
    job_id = outside.finished()
    page = {"status": 502, "text": HTML}
    outside.switch(canned={"create": page, "poll": page, "content": page})

    with pytest.raises(OutcomeUnknown):
        outside.submit()
    with pytest.raises(ProviderUnavailable):
        outside.state(job_id)
    with pytest.raises(ProviderUnavailable):
        outside.fetch(job_id)


def test_a_download_that_is_short_or_long(outside: Outside) -> None:
    job_id = outside.finished()

    outside.switch(truncate_content=True)
    with pytest.raises(ProviderUnavailable):
        outside.fetch(job_id)
    outside.switch(truncate_content=False, oversize_bytes=1000)
    with pytest.raises(ArtifactTooLarge):
        outside.fetch(job_id)


def test_a_redirect_to_another_host(outside: Outside) -> None:
    job_id = outside.finished()
    away = {"status": 302, "headers": {"location": "https://elsewhere.test/clip.mp4"}}
    outside.switch(canned={"content": away})

    with pytest.raises(ProviderUnavailable):
        outside.fetch(job_id)


def test_a_job_that_vanishes(outside: Outside) -> None:
    job_id = outside.finished()
    outside.switch(forget_jobs=True)

    assert outside.state(job_id) is JobState.LOST


def test_progress_that_stalls_and_a_clock_that_is_wrong(outside: Outside) -> None:
    """A job that does not move is running, whatever its time says."""
    outside.switch(stall_progress=True, progress_jumps_back=True, clock_skew_seconds=86_400)
    job_id = outside.submit()

    states = {outside.state(job_id) for _ in range(3)}

    assert states <= {JobState.QUEUED, JobState.RUNNING}
