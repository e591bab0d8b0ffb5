"""The neutral interface that every outside API is spoken through.

The wire stops at a provider: native names and errors go in, these words come out.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

import httpx


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"  # a job that we created and that the provider no longer knows


class FailureKind(StrEnum):
    SAFETY_INPUT = "safety_input"
    SAFETY_OUTPUT = "safety_output"
    INVALID_REQUEST = "invalid_request"
    INVALID_ASSET = "invalid_asset"
    AUTH = "auth"
    FUNDS = "funds"
    RATE_LIMIT = "rate_limit"
    OVERLOADED = "overloaded"
    PROVIDER_ERROR = "provider_error"
    BAD_OUTPUT = "bad_output"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


REFUSALS = (FailureKind.SAFETY_INPUT, FailureKind.SAFETY_OUTPUT)


@dataclass(frozen=True)
class RenderRequest:
    """What a provider is asked for. Size as "1920x1080", duration in whole seconds.

    Style is empty and seed None where the video model takes none.
    """

    attempt_id: UUID
    model: str
    prompt: str
    size: str
    duration_seconds: int
    style: str
    seed: int | None
    first_image: Path | None = None


@dataclass(frozen=True)
class Snapshot:
    """How a job stands: progress in per cent; `native_status` is the provider's own word."""

    state: JobState
    progress: int = 0
    native_status: str = ""
    failure: "ProviderFailure | None" = None


class ProviderFailure(Exception):
    """What the provider said no to, in neutral words; `native_code` is its own."""

    def __init__(self, kind: FailureKind, native_code: str = "") -> None:
        super().__init__(f"{kind} ({native_code})" if native_code else str(kind))
        self.kind = kind
        self.native_code = native_code


class ProviderUnavailable(Exception):
    """Nothing was accepted, or nothing was learnt: it may be tried again after so many seconds."""

    def __init__(self, reason: str, *, retry_after_seconds: float = 5.0) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class OutcomeUnknown(Exception):
    """The create call left and no answer came back: it must never be sent again (I5)."""


class ArtifactTooLarge(Exception):
    """The provider's file is larger than the cap that was given."""


class Provider(Protocol):
    """One outside API. `name` is its key in settings.PROVIDERS."""

    name: str
    min_poll_seconds: float

    def submit(self, request: RenderRequest) -> str:
        """Send the create call once, without a retry, and return the provider's job id.

        Raises ProviderFailure (it said no), ProviderUnavailable (nothing was accepted) or
        OutcomeUnknown (it may have been accepted).
        """

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        """Ask how a job stands. Raises ProviderUnavailable."""

    def open_artifact(
        self, job_id: str, *, max_bytes: int
    ) -> AbstractContextManager[Iterator[bytes]]:
        """Stream the job's video. Raises ProviderFailure, ProviderUnavailable, ArtifactTooLarge."""

    def find(self, request: RenderRequest, *, sent_at: datetime) -> list[str]:
        """Ids of jobs made since `sent_at` that may be this request. Raises ProviderUnavailable."""
