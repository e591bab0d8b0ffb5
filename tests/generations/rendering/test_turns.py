"""Whose turn it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.models import Attempt, Generation, Turn, VideoModel
from generations.models.generation import Status
from generations.prompts.services import cancel
from generations.rendering.dispatching import start_next
from generations.rendering.line import Line, Place
from tests.generations.rendering.conftest import Worker

Make = Callable[..., Generation]


@pytest.fixture
def one_slot(video_model: VideoModel) -> VideoModel:
    VideoModel.objects.update(concurrency=1)
    return video_model


@pytest.mark.django_db
def test_a_hundred_prompts_of_one_delay_one_of_another_by_one_slot(
    make_generation: Make, other_artist: Artist, worker: Worker
) -> None:
    Cohort.objects.update(queued_cap=200)
    VideoModel.objects.update(concurrency=2)
    many = [make_generation("one of many") for _ in range(100)]
    single = make_generation("only one", by=other_artist)

    worker.dispatch()

    started = Generation.objects.filter(status=Status.SUBMITTING)
    assert set(started) == {many[0], single}


@pytest.mark.django_db
def test_with_a_single_slot_too_another_artist_waits_for_one_prompt_alone(
    make_generation: Make, one_slot: VideoModel, other_artist: Artist, worker: Worker
) -> None:
    for _ in range(5):
        make_generation("one of many")
    worker.dispatch()
    single = make_generation("only one", by=other_artist)
    Generation.objects.filter(status=Status.SUBMITTING).update(
        status=Status.FAILED, finished_at=timezone.now()
    )

    worker.dispatch()

    assert Generation.objects.get(status=Status.SUBMITTING) == single


@pytest.mark.django_db
def test_among_equals_the_oldest_is_first(
    make_generation: Make, one_slot: VideoModel, worker: Worker
) -> None:
    first, _ = make_generation("first"), make_generation("second")

    worker.dispatch()

    assert Generation.objects.get(status=Status.SUBMITTING) == first


@pytest.mark.django_db
def test_no_artist_runs_more_than_the_cohorts_cap(make_generation: Make, worker: Worker) -> None:
    Cohort.objects.update(running_cap=1)
    make_generation()
    make_generation()

    assert len(worker.dispatch()) == 1
    assert worker.dispatch() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"is_enabled": False}, {"provider": "one that is not set up"}, {"concurrency": 0}]
)
def test_a_video_model_that_is_not_offered_starts_nothing(
    make_generation: Make, worker: Worker, change: dict[str, object]
) -> None:
    make_generation()
    VideoModel.objects.update(**change)

    assert worker.dispatch() == []


@pytest.mark.django_db
def test_one_that_was_cancelled_meanwhile_gets_no_attempt_and_takes_no_slot(
    make_generation: Make, one_slot: VideoModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_generation("first"), make_generation("second")
    take_next = Line.next

    def cancelled_meanwhile(line: Line) -> Place | None:
        chosen = take_next(line)
        if chosen and chosen.generation_id == first.pk:
            cancel(first)
        return chosen

    monkeypatch.setattr(Line, "next", cancelled_meanwhile)
    start_next()

    assert Attempt.objects.get().generation == second


@pytest.mark.django_db
def test_many_slots_are_filled_by_turns(
    make_generation: Make, other_artist: Artist, worker: Worker
) -> None:
    Cohort.objects.update(queued_cap=200, running_cap=50)
    VideoModel.objects.update(concurrency=6)
    many = [make_generation("one of many") for _ in range(10)]
    others = [make_generation("another's", by=other_artist) for _ in range(3)]

    worker.dispatch()

    started = set(Generation.objects.filter(status=Status.SUBMITTING))
    assert started == {*many[:3], *others}


@pytest.mark.django_db
def test_a_dispatch_asks_the_database_no_more_often_for_a_long_queue(
    make_generation: Make, one_slot: VideoModel, worker: Worker
) -> None:
    Cohort.objects.update(queued_cap=200)

    def queries_with(count: int) -> int:
        Generation.objects.standing(Status.SUBMITTING).update(
            status=Status.FAILED, finished_at=timezone.now()
        )
        for _ in range(count):
            make_generation()
        with CaptureQueriesContext(connection) as queries:
            assert len(worker.dispatch()) == 1
        return len(queries)

    assert queries_with(2) >= queries_with(50)


@pytest.mark.django_db(transaction=True)
def test_many_dispatches_at_once_keep_the_caps(make_generation: Make) -> None:
    """I5: no generation gets two attempts, and no video model more than its slots."""
    Cohort.objects.update(running_cap=3)
    VideoModel.objects.update(concurrency=5)
    for _ in range(8):
        make_generation()

    def dispatch(_: int) -> int:
        try:
            return len(start_next())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        started = sum(pool.map(dispatch, range(16)))

    assert started == 3
    assert Attempt.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_an_attempt_delivered_to_many_workers_is_sent_by_one(make_generation: Make) -> None:
    """I5: eight threads, one create call."""
    make_generation()
    (attempt_id,) = start_next()

    def mark_sent(_: int) -> bool:
        try:
            return Attempt.objects.mark_sent(attempt_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(mark_sent, range(8)))

    assert sent.count(True) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("is_of_another", [True, False])
def test_a_prompt_that_cannot_be_started_keeps_no_other_one_waiting(
    make_generation: Make,
    other_artist: Artist,
    worker: Worker,
    caplog: pytest.LogCaptureFixture,
    is_of_another: bool,
) -> None:
    """An error of the database: its one attempt was left behind, and is refused a second.

    The turn and the move that it had begun are undone with it, and nothing else.
    """
    bad = make_generation("a bad row")
    Attempt.objects.create(generation=bad, provider="sketch")
    good = make_generation("a good one", **({"by": other_artist} if is_of_another else {}))

    started = worker.dispatch()

    assert Attempt.objects.get(generation=good).pk in started
    assert len(started) == 1
    assert set(Generation.objects.values_list("prompt", "status")) == {
        ("a bad row", Status.QUEUED),
        ("a good one", Status.SUBMITTING),
    }
    assert str(bad.pk) in caplog.text
    assert Turn.objects.count() == 1
    assert worker.dispatch() == []
