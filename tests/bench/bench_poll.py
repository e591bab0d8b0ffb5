"""10,000 jobs in flight with one worker: `python -m tests.bench.bench_poll [seconds]`.

Poll passes follow one another as the worker's do, against a provider that answers in 200 ms, for
120 seconds. Printed: polls a second, the longest that any row was overdue, in seconds and as a
multiple of its interval, and the most memory of the process. With `--postgres` on a PostgreSQL of
its own, else on SQLite.
"""

import resource
import subprocess
import sys
import threading
import time

from tests.bench.portal import fresh_portal
from tests.bench.report import print_table
from tests.services.servers import free_port

IN_FLIGHT = 10_000
ARTISTS = 20
LOOK_EVERY_SECONDS = 2.0


def main() -> None:
    where = "PostgreSQL" if "--postgres" in sys.argv else "SQLite"
    sys.stdout.write(f"\nPolling on {where}\n")
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    port = free_port()
    provider = subprocess.Popen([sys.executable, "-m", "tests.bench.slow_provider", str(port)])
    try:
        url = f"http://127.0.0.1:{port}/v1"
        with fresh_portal(postgres="--postgres" in sys.argv, PROVIDER_SKETCH_URL=url):
            measure(seconds=numbers[0] if numbers else 120)
    finally:
        provider.terminate()
        provider.wait()


def measure(*, seconds: int) -> None:
    from generations.providers.registry import provider_named
    from generations.rendering.polling import POLLS_PER_SECOND, poll_due

    fill()
    interval = max(IN_FLIGHT / POLLS_PER_SECOND, provider_named("sketch").min_poll_seconds)
    overdue: list[float] = []
    polled: list[int] = []
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=[done, overdue, polled])
    start = time.monotonic()
    watcher.start()
    while time.monotonic() - start < seconds:
        for _ in poll_due(provider_named=provider_named):
            raise AssertionError("no job of this provider ever ends")
        time.sleep(0.05)
    done.set()
    watcher.join()
    worst = max(overdue)
    print_table(
        ["in flight", "polls a second", "interval s", "most overdue s", "in intervals", "peak MB"],
        [
            (
                IN_FLIGHT,
                polled[-1] / (time.monotonic() - start),
                interval,
                worst,
                worst / interval,
                resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            )
        ],
    )


def fill() -> None:
    """Jobs in flight whose polls are spread over an interval, as those of a running portal are."""
    from datetime import timedelta

    from django.db.models import F
    from django.utils import timezone

    from artists.models import Cohort
    from generations.models import Generation
    from generations.models.generation import Status
    from generations.rendering.polling import POLLS_PER_SECOND
    from tests.bench.rows import make_artist, make_generations, make_video_model

    model = make_video_model(concurrency=IN_FLIGHT)
    cohort = Cohort.objects.create(name="Bench", running_cap=IN_FLIGHT)
    now = timezone.now()
    for number in range(ARTISTS):
        make_generations(
            IN_FLIGHT // ARTISTS,
            artist=make_artist(f"artist{number}", cohort),
            video_model=model,
            status=Status.RENDERING,
            progress=50,
            next_poll_at=now,
        )
    ids = list(Generation.objects.values_list("pk", flat=True))
    for start in range(0, len(ids), 100):
        due = timedelta(seconds=5 + start / POLLS_PER_SECOND)
        Generation.objects.filter(pk__in=ids[start : start + 100]).update(
            next_poll_at=F("next_poll_at") + due, tries=0
        )


def watch(done: threading.Event, overdue: list[float], polled: list[int]) -> None:
    """Note how long the row that is due longest has waited, and how many polls there were."""
    from django.db import connection
    from django.db.models import Min, Sum
    from django.utils import timezone

    from generations.models import Generation

    while not done.wait(LOOK_EVERY_SECONDS):
        facts = Generation.objects.aggregate(first=Min("next_poll_at"), polls=Sum("tries"))
        overdue.append(max((timezone.now() - facts["first"]).total_seconds(), 0.0))
        polled.append(facts["polls"])
    connection.close()


if __name__ == "__main__":
    main()
