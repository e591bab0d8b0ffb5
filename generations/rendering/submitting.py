"""The create call: stored before it is sent, sent once, never again (I5)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from generations.media.images import ENCODED_MAX_BYTES
from generations.media.storage import on_disk
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.providers.base import (
    FailureKind,
    OutcomeUnknown,
    Provider,
    ProviderFailure,
    ProviderUnavailable,
    RenderRequest,
)
from generations.rendering.derived import callback_url, pseudonym
from generations.rendering.ending import end_badly, fail
from generations.rendering.lease import renewed

logger = logging.getLogger(__name__)


def submit(attempt_id: UUID, *, provider_named: Callable[[str], Provider]) -> None:
    """Send a prepared attempt. Delivered twice, it finds nothing that may be sent.

    Where our storage does not answer, nothing is sent: the sweep puts it back into the queue.
    """
    prepared = Attempt.objects.filter(pk=attempt_id, state=Attempt.State.PREPARED)
    attempt = prepared.select_related("generation__video_model").first()
    if attempt is None:
        return
    with ExitStack() as stack:
        try:
            first_image = stack.enter_context(_first_image(attempt.generation))
        except FileNotFoundError:
            _end_without_image(attempt)
            return
        except OSError:
            logger.exception("the first image of attempt %s cannot be read now", attempt.pk)
            return
        if Attempt.objects.mark_sent(attempt_id):
            _send(attempt, provider_named(attempt.provider), first_image=first_image)


@contextmanager
def _first_image(generation: Generation) -> Iterator[Path | None]:
    """Have the first image on this machine before anything is said to be sent."""
    if not generation.first_image:
        yield None
        return
    with on_disk(generation.first_image, max_bytes=ENCODED_MAX_BYTES) as path:
        yield path


@transaction.atomic
def _end_without_image(attempt: Attempt) -> None:
    if Attempt.objects.call_off(attempt.pk):
        fail(
            attempt.generation_id,
            kind=FailureKind.INVALID_ASSET,
            message="Its first image is no longer there.",
        )


def _send(attempt: Attempt, provider: Provider, *, first_image: Path | None) -> None:
    with renewed(attempt.generation_id, Status.SUBMITTING):
        try:
            job_id = provider.submit(render_request(attempt, first_image=first_image))
        except ProviderFailure as failure:
            _turned_away(attempt, failure)
        except ProviderUnavailable as exc:
            _try_later(attempt, seconds=exc.retry_after_seconds)
        except OutcomeUnknown as exc:
            _lose_answer(attempt, exc)
        else:
            accept(attempt, job_id=job_id)


def render_request(attempt: Attempt, *, first_image: Path | None = None) -> RenderRequest:
    """What the provider is asked for: nothing but what its video model takes."""
    generation, model = attempt.generation, attempt.generation.video_model
    return RenderRequest(
        attempt_id=attempt.pk,
        model=model.native_name,
        prompt=generation.prompt,
        size=generation.size,
        duration_seconds=generation.duration_seconds,
        style=generation.style,
        seed=generation.seed if model.takes_seed else None,
        first_image=first_image,
        extras=model.extras,
        end_user=pseudonym(generation.artist_id),
        callback_url=callback_url(attempt),
    )


def accept(attempt: Attempt, *, job_id: str) -> bool:
    """Keep the provider's job id and begin to poll; False means that its outcome was known before,
    or that its generation has ended.

    A job that belongs to another attempt already is a lie of the provider: nobody may see the
    video of somebody else's prompt.
    """
    try:
        with transaction.atomic():
            if not Attempt.objects.accept(attempt.pk, job_id):
                return False
            VideoModel.objects.wake(attempt.generation.video_model_id)
            if not Generation.objects.move(
                attempt.generation_id,
                Status.RENDERING,
                next_poll_at=timezone.now(),
                lease_until=None,
            ):
                logger.warning("attempt %s was accepted after its generation ended", attempt.pk)
                return False
    except IntegrityError:
        logger.exception("%s gave attempt %s a job that has an owner", attempt.provider, attempt.pk)
        fail(attempt.generation_id, kind=FailureKind.PROVIDER_ERROR)
        return False
    return True


@transaction.atomic
def _lose_answer(attempt: Attempt, outcome: OutcomeUnknown) -> None:
    """UNKNOWN; a provider that gives no answer fails, and that counts for the circuit."""
    note = f"The create call ended without an answer ({outcome})."
    if lose_track(attempt.generation_id, note=note):
        VideoModel.objects.note_failure(attempt.generation.video_model_id)


def lose_track(generation_id: UUID, *, note: str) -> bool:
    """UNKNOWN: the create call may have been accepted; its job is looked for from now on."""
    return Generation.objects.move(
        generation_id, Status.UNKNOWN, note=note, lease_until=None, next_poll_at=timezone.now()
    )


@transaction.atomic
def _turned_away(attempt: Attempt, failure: ProviderFailure) -> None:
    """The provider said no; but where a callback or a manager settled it before, that stands."""
    if not Attempt.objects.turn_away(attempt.pk):
        return
    Attempt.objects.filter(pk=attempt.pk).update(native_status=failure.native_code[:200])
    end_badly(attempt.generation_id, failure)


@transaction.atomic
def _try_later(attempt: Attempt, *, seconds: float) -> None:
    """Back to the queue, and no create call to this video model for a while.

    Where a callback or a manager settled it before, that stands.
    """
    if not Attempt.objects.turn_away(attempt.pk):
        return
    Generation.objects.move(
        attempt.generation_id,
        Status.QUEUED,
        note="The video model takes nothing at the moment.",
        lease_until=None,
        next_poll_at=None,
    )
    VideoModel.objects.rest(attempt.generation.video_model_id, seconds=seconds)
