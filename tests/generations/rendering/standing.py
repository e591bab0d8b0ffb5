"""How a generation stands, and its next poll, for tests of whole lives."""

from django.utils import timezone

from artists.models import Window
from artists.quotas.checking import check_ledger
from generations import tasks
from generations.models import Generation


def status(generation: Generation) -> str:
    generation.refresh_from_db()
    return generation.status


def poll() -> None:
    """Ask the provider about all that renders, whatever is due."""
    make_all_due()
    tasks.poll.delay()


def make_all_due() -> None:
    Generation.objects.update(next_poll_at=timezone.now(), lease_until=None)


def end_of(generation: Generation) -> tuple[str, str, int]:
    """Its state, that of its reservation, and what its artist has spent; the ledger adds up."""
    generation.refresh_from_db()
    assert list(check_ledger()) == []
    spent = Window.objects.get(limit__artist=generation.artist).spent
    return generation.status, generation.reservation.state, spent
