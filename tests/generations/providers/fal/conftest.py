"""An emulated queue of fal, over a fake wire, and a job that it has taken."""

from functools import partial

import pytest

from tests.emulators.fal import APP, Emulator
from tests.generations.providers import asking

CALLBACK_URL = "https://portal.test/hooks/fal/1/a-secret-of-this-attempt"
POLICY = "content_policy_violation"

request_for = partial(asking.request_for, model=APP, size="1920x1080", duration_seconds=6)


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


@pytest.fixture
def job_id(emulator: Emulator) -> str:
    return emulator.provider().submit(request_for())
