"""A pulse through each queue: from the schedule by the broker to a worker, noted in the cache.

One that was not felt lately means that a queue is served by nobody, or far behind; or that the
schedule stands still.
"""

from django.core.cache import cache

from portal.queues import QUEUES

LATE_SECONDS = 60


def note(queue: str) -> None:
    """Note that a worker lives that serves this queue."""
    cache.set(_key(queue), True, LATE_SECONDS)


def felt() -> dict[str, bool]:
    """Tell of each queue whether a pulse came through it in the last minute."""
    return {queue: cache.get(_key(queue), False) for queue in QUEUES}


def _key(queue: str) -> str:
    return f"pulse:{queue}"
