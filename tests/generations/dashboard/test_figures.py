"""What the dashboard counts: days, borders, percentiles, and what each query reads."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.models import Cohort, Token
from generations.dashboard import figures
from generations.dashboard.period import Period
from generations.models import Generation
from generations.models.generation import Status
from tests.bench.rows import make_generations

# The clocks of Berlin went back on 25 October 2026, a day of 25 hours.
AUTUMN = Period(date(2026, 10, 24), date(2026, 10, 26))


@pytest.fixture
def in_berlin(settings):
    settings.TIME_ZONE = "Europe/Berlin"


def at(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def by_day(period: Period) -> dict[date, int]:
    return {row.day: row.count for row in figures.ended(period)}


@pytest.mark.usefixtures("in_berlin")
def test_a_day_begins_at_the_programmes_midnight_also_when_clocks_change(make_ended):
    for moment in (
        at(2026, 10, 23, 21, 59, 59),  # the evening before the period
        at(2026, 10, 23, 22),  # its first moment, still in summer time
        at(2026, 10, 24, 21, 59, 59),
        at(2026, 10, 24, 22),  # the long day begins
        at(2026, 10, 25, 22, 59, 59),  # and lasts an hour longer
        at(2026, 10, 25, 23),
        at(2026, 10, 26, 22, 59, 59),  # the last moment of the period
        at(2026, 10, 26, 23),
    ):
        make_ended(moment)

    assert by_day(AUTUMN) == dict.fromkeys(AUTUMN.days, 2)


@pytest.mark.parametrize("length", [7, 30, 90])
def test_a_period_has_its_days_and_ends_today(length):
    period = Period.read(str(length))

    assert len(period) == len(period.days) == length
    assert period.days[-1] == timezone.localdate()


@pytest.mark.parametrize("text", ["", "31", "-7", "7 ", "x" * 5000, "\u0667"])
def test_what_is_no_period_is_the_usual_one(text):
    assert len(Period.read(text)) == 30


def test_clips_and_credits_are_counted_by_model_and_end(make_ended, video_model):
    moment = at(2026, 10, 25, 12)
    make_ended(moment, credits=8)
    make_ended(moment, credits=16)
    make_ended(moment, status=Status.FAILED, failure_kind="timeout")

    rows = {(row.status, row.failure_kind): row for row in figures.ended(AUTUMN)}

    assert (rows["ready", ""].count, rows["ready", ""].credits) == (2, 24)
    assert (rows["failed", "timeout"].count, rows["failed", "timeout"].credits) == (1, 0)
    assert {row.video_model_id for row in rows.values()} == {video_model.pk}


def test_half_and_nine_of_ten_were_there_within(make_ended):
    first, second = at(2026, 10, 24, 12), at(2026, 10, 25, 12)
    for seconds in range(10, 101, 10):
        make_ended(first, seconds=seconds)
    make_ended(second, seconds=7)
    make_ended(second, seconds=9000, status=Status.FAILED)

    waits = figures.waits(AUTUMN)

    assert waits == {
        first.date(): figures.Waits(half=50, most=90),
        second.date(): figures.Waits(half=7, most=7),
    }


@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 11, 29])
def test_percentiles_go_by_the_nearest_rank(make_ended, count):
    for seconds in range(1, count + 1):
        make_ended(at(2026, 10, 25, 12), seconds=seconds)

    one = figures.waits(AUTUMN)[date(2026, 10, 25)]

    assert one.half == -(-count // 2)
    assert one.most == -(-9 * count // 10)


def test_an_artist_is_active_who_made_something_or_waits_for_it(
    make_ended, make_artist, make_generation, artist
):
    period = Period.until_today(7)
    ben, cleo, dan = (make_artist(name) for name in ("Ben", "Cleo", "Dan"))
    dan.is_active = False
    dan.save()
    make_ended(timezone.now() - timedelta(hours=1), by=artist)
    make_generation(by=ben)
    make_ended(period.start - timedelta(seconds=1), by=cleo)
    Cohort.objects.create(name="Nobody")

    cohorts = figures.cohorts(period)
    counts = cohorts.values_list("name", "active", "members")  # type: ignore[misc]  # annotations

    assert list(counts) == [("Spring", 2, 3), ("Nobody", 0, 0)]


def test_live_tokens_stand_in_one_class_of_age_and_one_of_use(artist):
    now = timezone.now()
    for number, (age, used) in enumerate([(1, 0), (7, 1), (31, 8), (91, 31), (181, None)]):
        made = Token.objects.create(
            artist=artist,
            name="x",
            sha256=f"{number}",
            expires_at=now + timedelta(days=1),
            last_used_at=None if used is None else now - timedelta(days=used, minutes=1),
        )
        Token.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=age, minutes=1))
    Token.objects.create(artist=artist, name="over", sha256="over", expires_at=now)

    ages, uses = figures.live_tokens()

    assert set(ages.values()) == set(uses.values()) == {1}


@pytest.fixture
def long_past(artist, video_model, make_submission):
    """So many old ones that no database reads them all for the few of a day."""
    for _ in range(20):
        make_submission()
    make_generations(
        3000,
        artist=artist,
        video_model=video_model,
        status=Status.READY,
        finished_at=at(2025, 1, 1),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.parametrize("read", [figures.ended, figures.waits, figures.closed_submissions])
def test_what_is_past_is_read_by_an_index_of_its_range(long_past, read):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(AUTUMN)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads a table without rows at once otherwise
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {queries[0]['sql']}")
        plan = str(cursor.fetchall())

    assert "generation_ended" in plan or "submission_closed" in plan


def test_the_list_of_a_day_is_a_slice_of_the_index(long_past):
    found = Generation.objects.ended_within(AUTUMN.start, AUTUMN.end)
    ordered = found.order_by("-finished_at", "-pk")[:51]

    assert "generation_ended" in ordered.explain()
