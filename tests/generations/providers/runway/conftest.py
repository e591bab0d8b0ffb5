"""An emulated Runway, over a fake wire, and a task that it has taken."""

from functools import partial

import pytest

from tests.emulators.runway import Emulator
from tests.generations.providers import asking

request_for = partial(asking.request_for, model="gen4.5")


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(clip=b"0123456789")


@pytest.fixture
def task_id(emulator: Emulator) -> str:
    return emulator.provider().submit(request_for())
