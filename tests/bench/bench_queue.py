"""What the queue costs as its table grows: `python -m tests.bench.bench_queue`.

Each page of it, what a page that is open asks for, and the way to the next review are timed beside
10,000 and then 1,000,000 reviews, half of them open, and the ratio printed. With `--postgres` on a
PostgreSQL of its own, else on SQLite. Files are never read.
"""

import html
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from tests.bench.portal import fresh_portal
from tests.bench.report import print_table

FEW, MANY = 10_000, 1_000_000
ROUNDS = 25
MOST = 1.2
LARGE, SMALL = 1, 2  # cohorts

PAGES = {
    "the queue": "",
    "state: waiting": "state=waiting",
    "state: in review": "state=claimed",
    "state: closed": "state=closed",
    "closed, mine": "state=closed&mine=on",
    "closed, a small cohort": f"state=closed&cohort={SMALL}",
    "a large cohort": f"cohort={LARGE}",
    "a small cohort": f"cohort={SMALL}",
    "a video model": "model=2",
    "kind: report": "kind=report",
    "level: managers": "level=managers",
    "flagged": "flagged=on",
    "overdue": "overdue=on",
    "mine": "mine=on",
    "a small cohort, flagged": f"cohort={SMALL}&flagged=on",
    "in review, flagged": "state=claimed&flagged=on",
    "closed, mine, a small cohort": f"state=closed&mine=on&cohort={SMALL}",
}


def main() -> None:
    where = "PostgreSQL" if "--postgres" in sys.argv else "SQLite"
    sys.stdout.write(f"\nThe queue of reviews on {where}\n")
    with fresh_portal(postgres="--postgres" in sys.argv):
        people = begin()
        fill(people, FEW - 1)
        few = time_all(people)
        fill(people, MANY - FEW)
        many = time_all(people)
    print_table(
        ["", f"ms of {FEW:,}", f"ms of {MANY:,}", "ratio"],
        [(name, 1000 * few[name], 1000 * many[name], many[name] / few[name]) for name in few],
    )
    worst = max(many[name] / few[name] for name in few)
    sys.stdout.write(f"At most {MOST} is what it may be; the worst is {worst:.2f}.\n")


def begin() -> "People":
    """Make who submits and who reviews, and the first review, which the others are copies of."""
    from datetime import timedelta

    from django.utils import timezone

    from artists.models import Cohort
    from generations.models import Generation, Rendition, Review, Submission, VideoModel
    from generations.models.generation import Status
    from tests.bench.rows import make_artist, make_generations, make_video_model

    cohort = Cohort.objects.create(pk=LARGE, name="Large", running_cap=10, queued_cap=10)
    Cohort.objects.create(pk=SMALL, name="Small", running_cap=10, queued_cap=10)
    model = make_video_model()
    VideoModel.objects.create(name="bench-2", title="Bench 2", provider="sketch", durations=[4])
    artist = make_artist("ada", cohort)
    make_generations(1, artist=artist, video_model=model, status=Status.READY)
    work = Generation.objects.earliest("pk")
    master = Rendition.objects.create(
        generation=work,
        kind="master",
        content_type="video/mp4",
        size_bytes=1,
        sha256="0" * 64,
        width=1280,
        height=720,
    )
    due_at = timezone.now() - timedelta(days=1)
    submission = Submission.objects.create(
        artist=artist,
        generation=work,
        rendition=master,
        title="A paper boat",
        credit_name="Ada",
        show_prompt=True,
        due_at=due_at,
        status="rejected",
        closed_at=due_at,
    )
    Review.objects.create(
        about=submission,
        submission=submission,
        artist=artist,
        cohort=cohort,
        video_model=model,
        due_at=due_at,
    )
    return People(*(_reviewer(make_artist(name, cohort)) for name in ("rita", "sven", "tom")))


class People(NamedTuple):
    busy: Any
    other: Any
    idle: Any


def _reviewer(person: Any) -> Any:
    from django.contrib.auth.models import Group

    from tests.second_factor import give_app

    person.groups.add(Group.objects.get(name="reviewer"))
    give_app(person)
    return person


def fill(people: People, count: int) -> None:
    """Copy the first review and its submission, half of them closed, every sort among them."""
    from django.db import connection

    from generations.judging import tallying
    from generations.models import Review, Submission
    from tests.bench.rows import _multiply, _uuid

    review = Review.objects.earliest("created_at")
    number = f"({Review.objects.count()} + n.i)"
    key = _uuid(number)
    _multiply(Submission.objects.earliest("created_at"), count, id=key)
    is_closed, is_claimed = f"{number} %% 2 = 1", f"{number} %% 400 = 8"
    is_report = f"{number} %% 100 = 10"
    holder = f"CASE WHEN {number} < 4000 THEN {people.busy.pk} ELSE {people.other.pk} END"
    once, later = _moved("due_at", f"- {number}"), _moved("due_at", "864000")
    _multiply(
        review,
        count,
        id=key,
        kind=f"CASE WHEN {is_report} THEN 'report' ELSE 'submission' END",
        submission_id=f"CASE WHEN NOT {is_report} THEN {key} END",
        about_id=key,
        due_at=_moved("due_at", f"CAST({number} AS bigint) * 7919 %% 864000"),
        status=f"CASE WHEN {is_closed} THEN 'closed' WHEN {is_claimed} THEN 'claimed' "
        "ELSE 'waiting' END",
        closed_at=f"CASE WHEN {is_closed} THEN {once} END",
        claimed_by_id=f"CASE WHEN {number} %% 100 = 1 THEN {people.busy.pk} "
        f"WHEN {is_closed} THEN {people.other.pk} WHEN {is_claimed} THEN {holder} END",
        claim_expires_at=f"CASE WHEN {is_claimed} THEN {later} END",
        cohort_id=f"CASE WHEN {number} %% 200 < 2 THEN {SMALL} ELSE {LARGE} END",
        video_model_id=f"CASE WHEN {number} %% 20 < 2 THEN 2 ELSE 1 END",
        is_flagged=f"{number} %% 100 < 2",
        level=f"CASE WHEN {number} %% 50 < 2 THEN 'managers' ELSE 'reviewers' END",
    )
    while tallying.fold():
        pass
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            return
        # As PostgreSQL does by itself, and what would go on beside what is timed. The tallies of a
        # million reviews are never there at once: their table has not grown to hold them.
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("VACUUM FULL generations_tally")
        cursor.execute("CHECKPOINT")


def _moved(column: str, seconds: str) -> str:
    """SQL for a time of the first review, so many seconds later."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', t.{column}, ({seconds}) || ' seconds')"
    return f"t.{column} + ({seconds}) * interval '1 second'"


def time_all(people: People) -> dict[str, float]:
    """Seconds of each, the least of many: what else the machine does is in the others."""
    from django.db import transaction

    from generations.reviews.going_on import claim_next, look_ahead
    from portal.ids import uuid7
    from tests.second_factor import FullClient

    client = FullClient(SERVER_NAME="localhost")
    client.force_login(people.busy)

    def get(asked: str) -> str:
        answer = client.get(f"/reviews/{asked}", headers={"HX-Request": "true"})
        if answer.status_code not in (200, 204):
            raise RuntimeError(f"{asked}: {answer.status_code}")
        return html.unescape(answer.content.decode())

    def claim() -> None:
        with transaction.atomic():  # rolled back: the queue stays as it was
            if claim_next(reviewer=people.idle) is None:
                raise RuntimeError("nothing is next")
            transaction.set_rollback(True)

    first = get("")
    (further,) = re.findall(r'id="next-page" href="/reviews/([^"]+)"', first)
    (news,) = re.findall(r'hx-get="/reviews/([^"]+)"', first)
    addresses = {name: f"?{asked}" for name, asked in PAGES.items()} | {"further on": further}
    passes: dict[str, Callable[[], object]] = {
        **{name: partial(get, address) for name, address in addresses.items()},
        "is there news?": partial(get, news),
        "next": claim,
        "look ahead": partial(look_ahead, reviewer=people.idle, beside=uuid7()),
    }
    seconds: dict[str, list[float]] = {name: [] for name in passes}
    for _ in range(1 + ROUNDS):  # by turns: what slows the machine for a while slows a round of all
        for name, run in passes.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: min(took[1:]) for name, took in seconds.items()}


if __name__ == "__main__":
    main()
