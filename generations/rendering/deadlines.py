"""When enough is enough."""

from django.conf import settings

from generations.media.limits import Limits
from generations.models.generation import Status

ENOUGH_TRIES = 3  # a deadline that passed while we were away ends nothing before it was tried
CALLS_TO_SUBMIT = 3  # a provider may take the first image in two calls before the create


def fetch_seconds() -> float:
    """One try's part of the fetch deadline."""
    return settings.FETCH_DEADLINE_SECONDS / ENOUGH_TRIES


def longest_claim_seconds(status: Status) -> float:
    """How long a live worker's claim is renewed: then it hangs, and is taken for dead."""
    call_seconds: float = settings.PROVIDER_TIMEOUT_SECONDS
    return {
        Status.SUBMITTING: CALLS_TO_SUBMIT * call_seconds,
        Status.FETCHING: call_seconds + fetch_seconds(),
        Status.FINISHING: Limits().wall_seconds,
    }[status]
