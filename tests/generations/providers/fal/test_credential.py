"""The credential of an account at fal, and the secret of a callback, stay where they are."""

import logging
from collections.abc import Callable

import httpx
import pytest

from generations.providers.base import (
    Cancellation,
)
from tests.emulators.base import Canned
from tests.emulators.fal import APP, CDN, KEY, Emulator
from tests.generations.providers.asking import errors_of, fetch, hosts_asked, poll
from tests.generations.providers.fal.conftest import CALLBACK_URL, request_for


def test_addresses_on_a_foreign_host_are_never_asked(emulator: Emulator) -> None:
    """I2: fal's own SDK takes its key there (test_fal_sdk.py)."""
    emulator.faults.foreign = "https://elsewhere.test"
    provider = emulator.provider()
    job_id = provider.submit(request_for())
    poll(emulator, job_id)
    assert provider.cancel(job_id) is Cancellation.REQUESTED
    other_id = provider.submit(request_for())
    emulator.finish_all()
    poll(emulator, other_id)
    fetch(provider, other_id)

    assert hosts_asked(emulator) == {"queue.fal.test", httpx.URL(CDN).host}
    given = {one.url.host for one in emulator.requests if KEY in str(one.headers.raw)}
    assert given == {"queue.fal.test"}


def test_the_credential_is_in_no_error_and_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """I2: whatever fal, or a proxy before it, says back to us."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    provider, job_id = emulator.provider(), f"{APP.rpartition('/')[0]}/requests/t1"
    problem = {"type": KEY, "loc": [KEY], "msg": KEY, "input": KEY}
    echo = {"status": KEY, "error": KEY, "error_type": f"Key {KEY}", "detail": [problem]}
    calls: list[Callable[[], object]] = [
        lambda: provider.submit(request_for()),
        lambda: fetch(provider, job_id),
        lambda: provider.cancel(job_id),
    ]
    seen = [repr(provider), repr(provider.account)]

    for status in (401, 429, 500, 503):
        says_back = Canned(status, json=echo)
        emulator.faults.canned = dict.fromkeys(("create", "poll", "result"), says_back)
        seen += errors_of(calls)
    for word in ("COMPLETED", KEY):
        emulator.faults.canned["poll"] = Canned(200, json=echo | {"status": word})
        snapshot = poll(emulator, job_id)
        seen += [repr(snapshot), repr(snapshot.failure)]

    assert len(seen) == 30
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert "queue.fal.test" in caplog.text


def test_the_secret_of_a_callback_address_is_in_no_log(
    emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx would log the whole address of the create call."""
    caplog.set_level(logging.DEBUG)

    emulator.provider().submit(request_for(callback_url=CALLBACK_URL))

    assert "a-secret-of-this-attempt" in str(emulator.requests[0].url)
    assert "a-secret-of-this-attempt" not in caplog.text
