"""A provider on a fake wire, and the steps of a worker, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import pytest
from django.utils import timezone

from generations.models import Attempt, Generation
from generations.models.generation import Status
from generations.providers.base import Provider
from generations.rendering import (
    dispatching,
    fetching,
    finishing,
    lookups,
    polling,
    submitting,
    sweeping,
)
from tests.emulators.openai_videos import Emulator, small_clip
from tests.generations.providers.asking import Emulated


class Finishing(Emulated, Protocol):
    def finish_all(self, **changes: Any) -> None: ...


@dataclass
class Worker:
    """What the workers do, called by hand; `account` are facts of the provider's account."""

    emulator: Finishing
    account: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._provider = self.emulator.provider(**self.account)

    def meanwhile(self, call: str, event: Callable[[], None]) -> None:
        """Let something happen while a call to the provider is under way."""
        send = getattr(self._provider, call)

        def slow(*args: Any, **kwargs: Any) -> Any:
            event()
            return send(*args, **kwargs)

        setattr(self._provider, call, slow)

    def provider_named(self, name: str) -> Provider:
        return self._provider

    def dispatch(self) -> list[UUID]:
        return dispatching.start_next()

    def submit(self, attempt_id: UUID) -> None:
        submitting.submit(attempt_id, provider_named=self.provider_named)

    def dispatch_and_submit(self) -> None:
        for attempt_id in self.dispatch():
            self.submit(attempt_id)

    def poll(self) -> list[UUID]:
        Generation.objects.filter(status=Status.RENDERING).update(next_poll_at=timezone.now())
        http = self.emulator.async_client()
        passes = polling.poll_due(provider_named=self.provider_named, http=http)
        return [generation_id for finished in passes for generation_id in finished]

    def fetch(self, generation_id: UUID) -> bool:
        return fetching.fetch(generation_id, provider_named=self.provider_named)

    def finish(self, generation_id: UUID) -> None:
        finishing.finish(generation_id)

    def render_and_finish(self) -> None:
        """Take what is at the provider to its end."""
        self.emulator.finish_all()
        for generation_id in self.poll():
            if self.fetch(generation_id):
                self.finish(generation_id)

    def sweep(self) -> None:
        sweeping.end_overdue()
        sweeping.cancel_stopped()
        sweeping.recover_submissions()
        lookups.look_for_unknown(provider_named=self.provider_named)

    def die(self) -> None:
        """Let every claim run out, as it does when the worker is gone."""
        Generation.objects.update(lease_until=None)


@pytest.fixture(scope="session")
def clip() -> bytes:
    return small_clip()


@pytest.fixture
def emulator(clip: bytes) -> Emulator:
    return Emulator(clip=clip)


@pytest.fixture
def worker(emulator: Emulator) -> Worker:
    return Worker(emulator)


@pytest.fixture
def generation(make_generation: Callable[..., Generation]) -> Generation:
    """Four seconds of 1280x720: eight credits."""
    return make_generation()


@pytest.fixture
def sent(generation: Generation, worker: Worker) -> Attempt:
    """The generation's attempt, accepted by the provider."""
    worker.dispatch_and_submit()
    return Attempt.objects.get(generation=generation)
