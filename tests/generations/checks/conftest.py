"""A moderation server on a real port, and a program that asks by the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from artists.access.services import create_token
from artists.models import Artist
from generations.checks import moderation
from tests.emulators.moderations import KEY, MODEL, Emulator
from tests.emulators.served import served


@pytest.fixture(autouse=True)
def _server_that_was_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "_away_until", 0.0)


@pytest.fixture
def server(settings: Any) -> Iterator[Emulator]:
    """Set a moderation server up, which lets everything pass until it is told otherwise."""
    emulator = Emulator()
    with served(emulator) as url:
        settings.MODERATION = {"url": url, "key": KEY, "model": MODEL}
        yield emulator


@pytest.fixture
def bearer(artist: Artist) -> dict[str, str]:
    _, secret = create_token(artist, "laptop")
    return {"Authorization": f"Bearer {secret}"}
