"""What a provider says that it bills, written down whenever it says so."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from artists.quotas.late_costs import book_late_cost
from generations.models import Attempt, Generation
from portal.money import to_parts

COST_MAX = Decimal(1_000_000)  # what a provider says beyond this is no cost of one clip


@transaction.atomic
def note_cost(generation_id: UUID, attempt_id: UUID, *, cost: Decimal) -> None:
    """Keep a cost for the generation's end to settle, or book it where that has passed.

    The generation's lock comes first, as it does for whoever ends it: either that end sees this
    cost, or this sees that end.
    """
    locked = Generation.objects.select_for_update(of=("self",), no_key=True)
    generation = locked.select_related("reservation").get(pk=generation_id)
    billed = to_parts(min(max(cost, Decimal(0)), COST_MAX))
    Attempt.objects.filter(pk=attempt_id).update(cost=billed)
    if generation.finished_at is not None:
        in_all = Attempt.objects.cost_of(generation_id) or 0
        book_late_cost(generation.reservation, cost=in_all)
