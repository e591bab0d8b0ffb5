"""What a provider's callback changes: it is a hint, and makes a row due for its poll."""

import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from generations.callbacks.errors import NotBelieved, NotVerifiable
from generations.models import Attempt, Callback, Generation
from generations.models.generation import Status
from generations.providers.base import ForgedCallback, Provider, ProviderUnavailable
from generations.rendering.submitting import accept
from generations.tasks import poll

logger = logging.getLogger(__name__)


def hear(
    attempt: Attempt,
    *,
    headers: Mapping[str, str],
    body: bytes,
    provider_named: Callable[[str], Provider],
) -> None:
    """Take a provider's word about an attempt's job. Heard before, it changes nothing.

    A job that is known is asked about at once. Where the answer to the create call is still out or
    lost, a signed callback names the job that it became. Raises NotBelieved and NotVerifiable.
    """
    model = attempt.generation.video_model.native_name
    try:
        word = provider_named(attempt.provider).read_callback(headers, body, model=model)
    except ForgedCallback as exc:
        logger.warning("a callback for attempt %s is not believed: %s", attempt.pk, exc)
        raise NotBelieved from exc
    except ProviderUnavailable as exc:
        logger.warning("a callback for attempt %s cannot be verified: %s", attempt.pk, exc)
        raise NotVerifiable from exc
    with transaction.atomic():
        if not Callback.objects.hear(provider=attempt.provider, delivery_id=word.delivery_id):
            return
        if attempt.state == Attempt.State.SENT and word.job_id:
            accept(attempt, job_id=word.job_id)
        elif attempt.provider_job_id == word.job_id:
            _make_due(attempt.generation_id)
        poll.delay_on_commit()


def _make_due(generation_id: UUID) -> None:
    rendering = Generation.objects.standing(Status.RENDERING).filter(pk=generation_id)
    rendering.filter(next_poll_at__gt=timezone.now()).update(next_poll_at=timezone.now())
