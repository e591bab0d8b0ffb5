"""The neutral interface that every outside API is spoken through.

The wire stops at a provider: native names and errors go in, these words come out.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
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
    CANCELLED = "cancelled"
    LOST = "lost"  # a job that we created and that the provider no longer knows


class FailureKind(StrEnum):
    SAFETY_INPUT = "safety_input"
    SAFETY_OUTPUT = "safety_output"
    SAFETY_UNSPECIFIED = "safety_unspecified"  # of the prompt or the result: it was not said
    INVALID_REQUEST = "invalid_request"
    INVALID_ASSET = "invalid_asset"
    AUTH = "auth"
    FUNDS = "funds"
    OVERLOADED = "overloaded"
    PROVIDER_ERROR = "provider_error"
    BAD_OUTPUT = "bad_output"
    TIMEOUT = "timeout"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


REFUSALS = (FailureKind.SAFETY_INPUT, FailureKind.SAFETY_OUTPUT, FailureKind.SAFETY_UNSPECIFIED)

Parameter = str | int | float | bool


@dataclass(frozen=True)
class Account:
    """One entry of settings.PROVIDERS: where a provider is, and what it knows us by.

    `output_hosts` are the hosts that its finished videos may come from besides its own, a leading
    `*.` for any host below; `credit_price` is what one of the provider's own credits costs, in the
    programme's currency; at `keys_url` are the keys that its callbacks are signed with, where it
    signs with its own.
    """

    name: str
    url: str
    key: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    output_hosts: tuple[str, ...] = ()
    credit_price: Decimal | None = None
    keys_url: str = ""


@dataclass(frozen=True)
class RenderRequest:
    """What a provider is asked for. Size as "1920x1080", duration in whole seconds.

    Style is empty and seed None where the video model takes none. `extras` are native parameters
    that a manager set on the video model; `end_user` stands for the artist, the same each time,
    and tells nothing about them; at `callback_url` a provider that can may say that a job ended.
    """

    attempt_id: UUID
    model: str
    prompt: str
    size: str
    duration_seconds: int
    style: str
    seed: int | None
    first_image: Path | None = None
    extras: Mapping[str, Parameter] = field(default_factory=dict)
    end_user: str = ""
    callback_url: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """How a job stands: progress in per cent; `native_status` is the provider's own word.

    `cost` is what the provider says that it bills, in the programme's currency; None where it
    says nothing. `poll_after_seconds` is when it wants to be asked again, None where it does not
    say.
    """

    state: JobState
    progress: int = 0
    native_status: str = ""
    failure: "ProviderFailure | None" = None
    cost: Decimal | None = None
    poll_after_seconds: float | None = None


class Cancellation(StrEnum):
    """What came of asking a provider to stop a job. A poll has the last word in each case."""

    REQUESTED = "requested"
    TOO_LATE = "too_late"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Callback:
    """A provider's word that a job has moved: a hint, always followed by a poll.

    `delivery_id` is the same whenever the same word is sent again. `job_id` is None where the
    callback names no job.
    """

    delivery_id: str
    job_id: str | None


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


class ForgedCallback(Exception):
    """A callback that its provider did not sign, or signed too long ago."""


class Provider(Protocol):
    """One outside API, for one account.

    `min_poll_seconds` is how often it may be asked about one job at most; `extras` are the native
    parameters that a video model may carry, and nothing else is ever sent (a path on the
    provider's own disk, for instance); `sends_callbacks` says whether it calls `callback_url`,
    `can_cancel` whether a job that it works on can be stopped, and `bills_stopped` whether it
    bills such a job where it names no cost of it; `job_id_form` says to a person what the id of a
    job looks like.
    """

    account: Account
    min_poll_seconds: float
    extras: frozenset[str]
    sends_callbacks: bool
    can_cancel: bool
    bills_stopped: bool
    job_id_form: str

    def submit(self, request: RenderRequest) -> str:
        """Send the create call once, without a retry, and return the provider's job id.

        Raises ProviderFailure (it said no), ProviderUnavailable (nothing was accepted) or
        OutcomeUnknown (it may have been accepted).
        """

    def is_job_id(self, text: str) -> bool:
        """Tell whether this can be the id of a job, by its form alone."""

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        """Ask how a job stands. Raises ProviderUnavailable."""

    def open_artifact(
        self, job_id: str, *, max_bytes: int
    ) -> AbstractContextManager[Iterator[bytes]]:
        """Stream the job's video. Raises ProviderFailure, ProviderUnavailable, ArtifactTooLarge."""

    def find(self, request: RenderRequest, *, sent_at: datetime) -> list[str] | None:
        """Ids of jobs made since `sent_at` that may be this request; None where it has no list.

        Raises ProviderUnavailable.
        """

    def cancel(self, job_id: str) -> Cancellation:
        """Ask for a job to be stopped. Raises ProviderUnavailable."""

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        """Verify and read a callback; header names are in lower case.

        `model` is the native name that the create call was sent to, for a provider whose callbacks
        name a part of the job id alone. Raises ForgedCallback, and ProviderUnavailable where it
        cannot be verified now.
        """
