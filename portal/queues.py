"""The queues of background work, and the workers that `manage.py up` starts to serve them.

Each worker is a process with threads of its own, and what shares one waits alike: creates that
hang, a flood of slow fetches or of long makings leave those threads alone that dispatch and poll.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue

NUDGES_LIVE_SECONDS = 15.0  # at least: whether one is over is judged by its worker's clock
REDELIVERIES = 5  # a message that ends its worker each time is dropped; the sweep knows its row


@dataclass(frozen=True)
class Worker:
    """One process of `celery worker`. None for threads: one a processor."""

    name: str
    queues: tuple[str, ...]
    threads: int | None

    def options(self) -> list[str]:
        """Return the options of `celery worker` that are this worker's own."""
        threads = [] if self.threads is None else ["--concurrency", str(self.threads)]
        return ["--queues", ",".join(self.queues), *threads]


WORKERS = (
    Worker("steps", ("dispatch", "poll"), 8),  # short, or one at a time in a process
    Worker("creates", ("submit",), 32),  # each waits for a provider, and a silent one for long
    Worker("files", ("fetch", "chores"), 16),  # long waits for providers and mail servers
    Worker("media", ("media",), None),  # each starts a child that takes a processor
)
QUEUES = tuple(queue for worker in WORKERS for queue in worker.queues)
DEFAULT_QUEUE = "chores"


def nudge_lives_seconds(interval_seconds: float) -> float:
    """How long a nudge is worth taking that comes again after so many seconds.

    A late one does no harm, for the row says what there is to do; a few at most pile up.
    """
    return max(interval_seconds, NUDGES_LIVE_SECONDS)


def on_schedule(module: str, seconds: Mapping[str, float]) -> dict[str, dict[str, Any]]:
    """Return entries of the schedule for tasks of a module, each after so many seconds.

    A nudge that nobody took in time is dropped, so that few pile up.
    """
    return {
        name: {
            "task": f"{module}.{name}",
            "schedule": float(interval),
            "options": {"expires": nudge_lives_seconds(interval)},
        }
        for name, interval in seconds.items()
    }


def declarations(*, on_rabbitmq: bool) -> list[Queue]:
    """Return the queues as Celery declares them; on RabbitMQ they are kept by a majority.

    A quorum queue needs an exchange of type topic: with a direct one, Celery holds back what is
    sent for later in the worker that takes it. Elsewhere a direct one needs no table of queues,
    which would be lost with all else when the broker is emptied.
    """
    quorum = {"x-queue-type": "quorum", "x-delivery-limit": REDELIVERIES}
    exchange = Exchange("greenroom", type="topic" if on_rabbitmq else "direct")
    return [
        Queue(name, exchange, routing_key=name, queue_arguments=quorum if on_rabbitmq else None)
        for name in QUEUES
    ]
