"""What a pass of the workers costs as the tables grow: `python -m tests.bench.bench_passes`.

The same work is due (100 jobs to ask about, 200 prompts in the queue, 20 claims that ran out)
beside 10,000 and then 1,000,000 finished generations; each pass is timed in both, and the ratio
printed. With `--postgres` on a PostgreSQL of its own, else on SQLite. Nothing is sent anywhere.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from tests.bench.portal import fresh_portal
from tests.bench.report import print_table

FEW, MANY = 10_000, 1_000_000
ROUNDS = 15


def main() -> None:
    where = "PostgreSQL" if "--postgres" in sys.argv else "SQLite"
    sys.stdout.write(f"\nPasses of the workers on {where}\n")
    with fresh_portal(postgres="--postgres" in sys.argv):
        fill(FEW)
        few = time_passes()
        fill(MANY - FEW)
        many = time_passes()
    print_table(
        ["pass", f"ms beside {FEW:,}", f"ms beside {MANY:,}", "ratio"],
        [(name, 1000 * few[name], 1000 * many[name], many[name] / few[name]) for name in few],
    )


def fill(finished: int) -> None:
    from django.utils import timezone

    from artists.models import Artist, Cohort
    from generations.models import VideoModel
    from generations.models.generation import Status
    from tests.bench.rows import make_artist, make_generations, make_video_model

    now = timezone.now()
    model = VideoModel.objects.first()
    if model is None:
        model = make_video_model(concurrency=1000)
        cohort = Cohort.objects.create(name="Bench", running_cap=1000, queued_cap=1000)
        for number in range(20):
            artist = make_artist(f"artist{number}", cohort)
            make = partial(make_generations, artist=artist, video_model=model)
            make(10, status=Status.QUEUED)
            make(5, status=Status.RENDERING, next_poll_at=now)
            make(1, status=Status.FETCHING)
    for artist in Artist.objects.all():
        make_generations(
            finished // 20,
            artist=artist,
            video_model=model,
            status=Status.READY,
            finished_at=now - timedelta(days=1),
        )


def time_passes() -> dict[str, float]:
    """Seconds of each pass, the median of many."""
    from generations.models import VideoModel
    from generations.models.generation import Status
    from generations.rendering import dispatching, polling, sweeping, waiting

    model = VideoModel.objects.get()
    passes: dict[str, Callable[[], object]] = {
        "dispatch": dispatching.start_next,
        "poll: take what is due": lambda: polling._take_due(100),
        "sweep: deadlines": sweeping.end_overdue,
        "sweep: stopped": sweeping.cancel_stopped,
        "sweep: submissions": sweeping.recover_submissions,
        "sweep: left behind": lambda: sweeping.left_behind(Status.FETCHING),
        "waiting: places": lambda: waiting._count_places(model.pk),
        "waiting: usual times": lambda: waiting._measure(model.pk),
    }
    return {name: median_seconds(run) for name, run in passes.items()}


def median_seconds(run: Callable[[], object]) -> float:
    from django.db import transaction

    seconds = []
    for _ in range(ROUNDS):
        with transaction.atomic():  # rolled back: the work stays as due as it was
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
            transaction.set_rollback(True)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
