"""Whether a provider knows the job that a manager names."""

import asyncio
import logging

from django.conf import settings

from generations.outcomes.errors import JobNotConfirmed, JobNotKnown, NoJobId
from generations.providers.base import JobState, Provider, ProviderUnavailable, Snapshot
from generations.providers.http import async_client
from generations.providers.registry import provider_named

ASK_SECONDS = 10.0  # a person waits for it, and a thread of web

logger = logging.getLogger(__name__)


def check_job(provider: str, job_id: str) -> None:
    """Ask the provider about a job, once. Raises NoJobId, JobNotKnown or JobNotConfirmed."""
    if provider not in settings.PROVIDERS:
        raise JobNotConfirmed(f"The provider {provider} is not set up any more.")
    client = provider_named(provider)
    if not client.is_job_id(job_id):
        raise NoJobId(provider=provider, form=client.job_id_form)
    try:
        snapshot = asyncio.run(_ask(client, job_id))
    except (ProviderUnavailable, TimeoutError) as exc:
        logger.info("%s says nothing about a job that a manager named: %s", provider, exc)
        raise JobNotConfirmed from exc
    if snapshot.state is JobState.LOST:
        raise JobNotKnown


async def _ask(client: Provider, job_id: str) -> Snapshot:
    async with asyncio.timeout(ASK_SECONDS), async_client() as http:
        return await client.poll(http, job_id)
