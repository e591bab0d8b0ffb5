"""The credential of an account at Runway stays where it is."""

import logging
from collections.abc import Callable

import pytest

from tests.emulators.base import Canned
from tests.emulators.runway import KEY, Emulator
from tests.generations.providers.asking import errors_of, fetch, poll
from tests.generations.providers.runway.conftest import request_for


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
        seen += errors_of(calls)
    for word in ("FAILED", KEY):
        emulator.faults.canned["poll"] = Canned(200, json=echo | {"status": word})
        seen.append(repr(poll(emulator, "t1")))

    assert len(seen) == 44
    assert [text for text in [*seen, caplog.text] if KEY in text] == []
    assert "runway.test" in caplog.text
