"""Every background entry point. A message is a nudge: the row says what there is to do."""

from uuid import UUID

from celery import shared_task

from generations.models import Generation
from generations.models.generation import Status
from generations.providers.registry import provider_named
from generations.rendering import dispatching, fetching, finishing, polling, submitting, sweeping
from generations.sharing import notices


@shared_task
def dispatch() -> None:
    for attempt_id in dispatching.start_next():
        submit.delay(str(attempt_id))


@shared_task
def submit(attempt_id: str) -> None:
    submitting.submit(UUID(attempt_id), provider_named=provider_named)
    dispatch.delay()


@shared_task
def poll() -> None:
    finished = polling.poll_due(provider_named=provider_named)
    for generation_id in finished:
        fetch.delay(str(generation_id))
    if finished:
        dispatch.delay()


@shared_task
def fetch(generation_id: str) -> None:
    if fetching.fetch(UUID(generation_id), provider_named=provider_named):
        finish.delay(generation_id)


@shared_task
def finish(generation_id: str) -> None:
    finishing.finish(UUID(generation_id))


@shared_task
def sweep() -> None:
    sweeping.recover_submissions()
    sweeping.resolve_unknown(provider_named=provider_named)
    sweeping.end_overdue()
    for task, status in ((fetch, Status.FETCHING), (finish, Status.FINISHING)):
        for generation_id in Generation.objects.stale([status]).values_list("pk", flat=True):
            task.delay(str(generation_id))


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def tell_decision(decision_id: int) -> None:
    notices.tell_decision(decision_id)


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=8)
def tell_take_down(share_id: int) -> None:
    notices.tell_take_down(share_id)
