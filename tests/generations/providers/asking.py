"""Asking a provider, as the workers do."""

import asyncio
import traceback
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import uuid4

import httpx
import pytest

from generations.providers.base import (
    OutcomeUnknown,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
    Snapshot,
)
from tests.emulators.base import Emulator


class Emulated(Protocol):
    def provider(self, **account: Any) -> Provider: ...
    def async_client(self) -> httpx.AsyncClient: ...


def request_for(prompt: str = "A paper boat", **changes: Any) -> RenderRequest:
    facts: dict[str, Any] = {
        "attempt_id": uuid4(),
        "model": "lab-1",
        "prompt": prompt,
        "size": "1280x720",
        "duration_seconds": 4,
        "style": "",
        "seed": None,
    }
    return RenderRequest(**facts | changes)


def poll(emulator: Emulated, job_id: str, **account: Any) -> Snapshot:
    async def ask() -> Snapshot:
        async with emulator.async_client() as http:
            return await emulator.provider(**account).poll(http, job_id)

    return asyncio.run(ask())


def hosts_asked(emulator: Emulator) -> set[str]:
    return {one.url.host for one in emulator.requests}


def errors_of(calls: Iterable[Callable[[], object]]) -> list[str]:
    """How each of these calls fails, as a log with its traceback and one without would show it."""
    shown = []
    for call in calls:
        with pytest.raises((ProviderFailure, ProviderUnavailable, OutcomeUnknown)) as caught:
            call()
        shown += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
    return shown


def fetch(provider: Provider, job_id: str, *, max_bytes: int = 100) -> bytes:
    with provider.open_artifact(job_id, max_bytes=max_bytes) as blocks:
        return b"".join(blocks)
