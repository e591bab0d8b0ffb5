"""How a generation ends: each end shares one transaction with its settlement or refund (I4).

The money follows what the provider says that it billed, whatever becomes of the credits.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from artists.models import Pause
from artists.quotas.services import refund, settle
from generations.models import Attempt, FramesDue, Generation, Rendition, VideoModel
from generations.models.generation import Status
from generations.providers.base import REFUSALS, FailureKind, ProviderFailure

PROVIDERS_OWN_FAULTS = (
    FailureKind.AUTH,
    FailureKind.FUNDS,
    FailureKind.OVERLOADED,
    FailureKind.PROVIDER_ERROR,
    FailureKind.TIMEOUT,
    FailureKind.NOT_FOUND,
)
SENTENCES = {
    FailureKind.SAFETY_INPUT: "The video model does not make videos of this prompt.",
    FailureKind.SAFETY_OUTPUT: "The video model held its own result back.",
    FailureKind.SAFETY_UNSPECIFIED: "The video model refused this prompt, or its own result.",
    FailureKind.INVALID_REQUEST: "The video model did not understand what it was asked for.",
    FailureKind.INVALID_ASSET: "The video model could not read the first image.",
    FailureKind.AUTH: "The programme's access to the video model is not in order.",
    FailureKind.FUNDS: "The programme's account with the video model is used up.",
    FailureKind.BAD_OUTPUT: "The video model sent a file that is not a good video.",
    FailureKind.TIMEOUT: "The video model took too long.",
    FailureKind.NOT_FOUND: "The video model lost this job.",
    FailureKind.UNKNOWN: "The video model never said whether it took the prompt.",
}
STOPPED_AND_BILLED = "Stopped. The video model bills what it had begun: {} of {} credits are spent."


@transaction.atomic
def succeed(generation_id: UUID, *, renditions: Sequence[Rendition]) -> bool:
    """READY, with its renditions and its settlement; False if it is not FINISHING any more."""
    if not Generation.objects.move(generation_id, Status.READY, progress=100):
        return False
    Rendition.objects.bulk_create(renditions)
    if settings.MODERATION["url"]:
        FramesDue.objects.create(generation_id=generation_id)
    generation = _with_reservation(generation_id)
    cost = Attempt.objects.cost_of(generation_id)
    settle(generation.reservation, amount=generation.price_credits, cost=cost)
    return True


@transaction.atomic
def fail(generation_id: UUID, *, kind: FailureKind, message: str = "", note: str = "") -> bool:
    """FAILED, with its refund; False if it has ended already."""
    message = message or SENTENCES.get(kind, "The video model failed.")
    if not Generation.objects.move(
        generation_id, Status.FAILED, note=note, failure_kind=kind, failure_message=message
    ):
        return False
    refund(
        _with_reservation(generation_id).reservation, cost=Attempt.objects.cost_of(generation_id)
    )
    return True


@transaction.atomic
def refuse(generation_id: UUID, *, kind: FailureKind, note: str = "") -> bool:
    """REFUSED, with a refund, or with a settlement where the provider bills refusals."""
    message = SENTENCES[kind]
    generation = _with_reservation(generation_id)
    is_billed = generation.video_model.bills_refusals
    if is_billed:
        message += " It bills for that all the same, so the credits are spent."
    if not Generation.objects.move(
        generation_id, Status.REFUSED, note=note, failure_kind=kind, failure_message=message
    ):
        return False
    cost = Attempt.objects.cost_of(generation_id)
    if is_billed:
        settle(generation.reservation, amount=generation.price_credits, cost=cost)
    else:
        refund(generation.reservation, cost=cost)
    return True


@transaction.atomic
def end_cancelled(generation_id: UUID, *, bills_stopped: bool) -> bool:
    """CANCELLED where artist or pause asked for it, FAILED with a refund where nobody did.

    What the artist stopped is settled at what the provider bills for the part that it made; what
    a pause stopped costs them nothing. `bills_stopped` is the provider's rule, by which all counts
    as billed where it names no cost.
    """
    generation = _with_reservation(generation_id)
    if generation.cancel_asked_at is None:
        return fail(generation_id, kind=FailureKind.PROVIDER_ERROR)
    note = "Stopped by the artist while it rendered."
    cost = Attempt.objects.cost_of(generation_id)
    if generation.pause:
        note, amount = say_stopped(generation.pause), 0
    else:
        amount = _part_billed(generation, cost=cost, bills_stopped=bills_stopped)
    message = STOPPED_AND_BILLED.format(amount, generation.price_credits) if amount else ""
    if not Generation.objects.move(
        generation_id, Status.CANCELLED, note=note, failure_message=message
    ):
        return False
    if amount:
        settle(generation.reservation, amount=amount, cost=cost)
    else:
        refund(generation.reservation, cost=cost)
    return True


def _part_billed(generation: Generation, *, cost: int | None, bills_stopped: bool) -> int:
    """Credits for what a provider bills of a stopped job: as many of the price as `cost` is of
    what was expected, rounded up, and all of them where that is not known."""
    price, expected = generation.price_credits, generation.reservation.money
    if cost is None:
        return price if bills_stopped else 0
    if not expected:
        return price if cost else 0
    return min(-(-price * cost // expected), price)


@transaction.atomic
def end_lost(generation_id: UUID, *, bills_stopped: bool) -> bool:
    """A job that its provider no longer knows: CANCELLED where it was to stop, else FAILED."""
    if Generation.objects.filter(pk=generation_id, cancel_asked_at__isnull=False).exists():
        return end_cancelled(generation_id, bills_stopped=bills_stopped)
    return end_badly(generation_id, ProviderFailure(FailureKind.NOT_FOUND))


@transaction.atomic
def end_badly(generation_id: UUID, failure: ProviderFailure) -> bool:
    """REFUSED or FAILED, by what the provider said; its own faults count for the circuit."""
    note = f"The provider said: {failure.native_code}"[:300] if failure.native_code else ""
    if failure.kind in REFUSALS:
        return refuse(generation_id, kind=failure.kind, note=note)
    if not fail(generation_id, kind=failure.kind, note=note):
        return False
    if failure.kind in PROVIDERS_OWN_FAULTS:
        VideoModel.objects.note_failure(_with_reservation(generation_id).video_model_id)
    return True


def say_stopped(pause: Pause) -> str:
    """Say in the history of a generation what ended it."""
    return f"Stopped by a pause: {pause.reason}"[:300]


def _with_reservation(generation_id: UUID) -> Generation:
    related = ("reservation", "video_model", "pause")
    return Generation.objects.select_related(*related).get(pk=generation_id)
