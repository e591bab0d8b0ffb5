"""What a pause says of the work that is there: what waits is called back, what runs is stopped.

The pause is what is true; each sweep does what it says of whatever it finds, until it is lifted.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from artists.models import Pause
from artists.quotas.services import refund
from generations.models import Generation
from generations.models.generation import Status
from generations.providers.registry import stoppable_providers
from generations.rendering.ending import say_stopped
from portal.isolation import alone


def enact_pauses() -> None:
    """Call back and have stopped whatever a pause in force says so of."""
    acting = Q(cancels_queued=True) | Q(stops_running=True)
    for pause in Pause.objects.in_force().filter(acting):
        if pause.cancels_queued:
            _call_back(pause)
        if pause.stops_running:
            _ask_to_stop(pause)


def _call_back(pause: Pause) -> None:
    """Cancel and refund what is queued."""
    waiting = Generation.objects.standing(Status.QUEUED).touched_by(pause)
    for generation in waiting.select_related("reservation"):
        with alone(f"generation {generation.pk}"):
            if not _holds(pause):
                return
            queued = Generation.objects.standing(Status.QUEUED)
            note = say_stopped(pause)
            if queued.move(generation.pk, Status.CANCELLED, note=note, pause=pause):
                refund(generation.reservation)


@transaction.atomic
def _ask_to_stop(pause: Pause) -> None:
    """Ask for what renders where it can be stopped; the provider's answer decides how it ends."""
    if not _holds(pause):
        return
    rendering = Generation.objects.standing(Status.RENDERING)
    found = rendering.touched_by(pause).filter(
        cancel_asked_at=None, video_model__provider__in=stoppable_providers()
    )
    # By their keys: of an UPDATE with a join, PostgreSQL does not look at the rows' state again.
    keys = list(found.values_list("pk", flat=True))
    unasked = rendering.filter(pk__in=keys, cancel_asked_at=None)
    unasked.update(cancel_asked_at=timezone.now(), pause=pause)


def _holds(pause: Pause) -> bool:
    """Tell whether it is in force yet; until the transaction ends, nobody lifts it."""
    locked = Pause.objects.in_force().select_for_update(no_key=True).filter(pk=pause.pk)
    return locked.first() is not None
