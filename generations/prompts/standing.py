"""How an unfinished video stands, in the headers of an answer about it."""

from django.conf import settings

from generations.models import Generation
from generations.models.generation import Status
from generations.providers.registry import provider_named
from generations.rendering.waiting import Wait, expected_wait

LEAST_MILLISECONDS, MOST_MILLISECONDS = 1000, 30_000
ASKS_IN_A_WAIT = 10  # who is told to wait three minutes need not ask every second
UNKNOWN_MILLISECONDS = 5000  # the provider's list is read so often
POLL_AFTER = "openai-poll-after-ms"  # the clients of this API's shape obey it
# A place in the line is counted every two seconds: of a new one it is not known yet.
JUST_QUEUED = {POLL_AFTER: str(LEAST_MILLISECONDS)}
POSITION, SECONDS = "greenroom-queue-position", "greenroom-wait-seconds"


def headers_of(generation: Generation) -> dict[str, str]:
    """When to ask again; the place in the queue, 0 once it runs, and the seconds until the end.

    The seconds are a range: half and nine of ten of the last hundred were ready by then. None of
    it once the video has ended, and no range while there are too few times to tell.
    """
    if not generation.is_active:
        return {}
    wait = expected_wait(generation)
    headers = {POLL_AFTER: str(_poll_after_milliseconds(generation, wait))}
    if wait is not None:
        headers[POSITION] = str(wait.position)
        headers[SECONDS] = f"{wait.low_seconds}-{wait.high_seconds}"
    return headers


def _poll_after_milliseconds(generation: Generation, wait: Wait | None) -> int:
    """When something may have changed, between one second and thirty."""
    wished = LEAST_MILLISECONDS
    if generation.status == Status.QUEUED and wait:
        wished = wait.low_seconds * 1000 // ASKS_IN_A_WAIT
    elif generation.status == Status.RENDERING:
        wished = round(1000 * _pace_seconds(generation.video_model.provider))
    elif generation.status == Status.UNKNOWN:
        wished = UNKNOWN_MILLISECONDS
    return min(max(wished, LEAST_MILLISECONDS), MOST_MILLISECONDS)


def _pace_seconds(provider: str) -> float:
    """How often we ask the provider ourselves; never, where it is not set up any more."""
    if provider not in settings.PROVIDERS:
        return MOST_MILLISECONDS / 1000
    return provider_named(provider).min_poll_seconds
