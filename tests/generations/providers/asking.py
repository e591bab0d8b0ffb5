"""Asking a provider, as the workers do."""

import asyncio
from typing import Any, Protocol
from uuid import uuid4

import httpx

from generations.providers.base import Provider, RenderRequest, Snapshot


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


def fetch(provider: Provider, job_id: str, *, max_bytes: int = 100) -> bytes:
    with provider.open_artifact(job_id, max_bytes=max_bytes) as blocks:
        return b"".join(blocks)
