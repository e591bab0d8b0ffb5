"""A fourth provider as docs/providers.md says how to add one, of an API that nobody has."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import httpx

from generations.providers.base import (
    Account,
    Callback,
    Cancellation,
    FailureKind,
    ForgedCallback,
    JobState,
    OutcomeUnknown,
    ProviderFailure,
    RenderRequest,
    Snapshot,
)
from generations.providers.http import Wire, capped, json_object, unavailable
from generations.providers.reading import job_id as read_job_id

STATES = {"baking": JobState.RUNNING, "baked": JobState.SUCCEEDED, "burnt": JobState.FAILED}


class Bakery:
    """A client of one account. Its clips are baked, or burnt."""

    min_poll_seconds = 1.0
    extras = frozenset({"oven"})
    sends_callbacks = False
    can_cancel = False
    bills_stopped = False
    job_id_form = "the number of a loaf"

    def __init__(self, account: Account) -> None:
        self.account = account
        self._wire = Wire(account, {"X-Baker": account.key})

    def submit(self, request: RenderRequest) -> str:
        body = {name: value for name, value in request.extras.items() if name in self.extras}
        response = self._wire.create("/loaves", json=body | {"recipe": request.prompt})
        found = read_job_id(json_object(response).get("loaf"))
        if not found:
            raise OutcomeUnknown(f"HTTP {response.status_code}")
        return found

    def is_job_id(self, text: str) -> bool:
        return text.isdigit()

    async def poll(self, http: httpx.AsyncClient, job_id: str) -> Snapshot:
        word = json_object(await self._wire.ask(http, f"/loaves/{job_id}")).get("state")
        state = STATES.get(str(word), JobState.RUNNING)
        failure = ProviderFailure(FailureKind.PROVIDER_ERROR) if word == "burnt" else None
        return Snapshot(state, native_status=str(word), failure=failure)

    @contextmanager
    def open_artifact(self, job_id: str, *, max_bytes: int) -> Iterator[Iterator[bytes]]:
        with self._wire.stream(f"/loaves/{job_id}/clip") as response:
            if not response.is_success:
                raise unavailable(response)
            yield capped(response, max_bytes=max_bytes)

    def find(self, request: RenderRequest, *, sent_at: datetime) -> None:
        """A bakery keeps no list."""

    def cancel(self, job_id: str) -> Cancellation:
        return Cancellation.UNSUPPORTED

    def read_callback(self, headers: Mapping[str, str], body: bytes, *, model: str) -> Callback:
        raise ForgedCallback("a bakery calls nobody")
