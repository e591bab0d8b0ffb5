"""A worker's claim on a generation: short, and renewed for as long as the worker lives."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings

from generations.models import Generation
from generations.models.generation import Status
from generations.rendering.deadlines import longest_claim_seconds
from portal.repeating import repeated

logger = logging.getLogger(__name__)


@contextmanager
def leased(generation_id: UUID, status: Status) -> Iterator[bool]:
    """Claim a generation in this state and hold it; yields False if somebody else has it.

    A killed worker's claim ends settings.LEASE_SECONDS after its last renewal; then the sweep
    hands the work on.
    """
    if not Generation.objects.claim(generation_id, status, seconds=settings.LEASE_SECONDS):
        yield False
        return
    with renewed(generation_id, status):
        yield True


@contextmanager
def renewed(generation_id: UUID, status: Status) -> Iterator[None]:
    """Renew a claim that one has, until the work is done or the generation moves on.

    Work that takes longer than such work may hangs: its claim is given up while its worker lives.
    """
    enough_at = time.monotonic() + longest_claim_seconds(status)

    def renew() -> bool:
        if time.monotonic() > enough_at:
            logger.error("the worker of %s hangs (%s)", generation_id, status)
            return False
        return Generation.objects.renew(generation_id, status, seconds=settings.LEASE_SECONDS)

    Generation.objects.renew(generation_id, status, seconds=settings.LEASE_SECONDS)
    with repeated(renew, every_seconds=settings.LEASE_SECONDS / 3):
        yield
