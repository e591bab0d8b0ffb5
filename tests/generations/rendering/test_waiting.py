"""The waiting time that is shown: by the rule of dispatch, from the model's own times."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.rendering.waiting import Wait, expected_wait
from tests.generations.rendering.conftest import Worker

pytestmark = pytest.mark.django_db

Make = Callable[..., Generation]


@pytest.fixture
def usual_times(make_work: Make) -> None:
    """Works of this video model that took 10, 20, 30, 40 and 50 s."""
    for seconds in (10, 20, 30, 40, 50):
        sent_at = timezone.now() - timedelta(hours=1)
        work = make_work(finished_at=sent_at + timedelta(seconds=seconds))
        Attempt.objects.create(
            generation=work, provider="sketch", state=Attempt.State.ACCEPTED, sent_at=sent_at
        )


def wait_of(generation: Generation) -> Wait:
    caches["memory"].clear()
    wait = expected_wait(Generation.objects.with_sent_at().get(pk=generation.pk))
    assert wait is not None
    return wait


@pytest.mark.usefixtures("usual_times")
def test_one_prompt_behind_anothers_hundred_is_next(
    make_generation: Make, other_artist: Artist, worker: Worker
) -> None:
    Cohort.objects.update(queued_cap=200)
    VideoModel.objects.update(concurrency=1)
    many = [make_generation() for _ in range(100)]
    worker.dispatch_and_submit()
    single = make_generation(by=other_artist)

    assert wait_of(single).position == 1
    assert wait_of(many[1]).position == 2
    Generation.objects.filter(status=Status.RENDERING).update(
        status=Status.READY, finished_at=timezone.now()
    )
    worker.dispatch()
    single.refresh_from_db()
    assert single.status == Status.SUBMITTING


@pytest.mark.usefixtures("usual_times")
def test_what_runs_has_the_rest_of_the_usual_time_before_it_in_whatever_state(
    generation: Generation, worker: Worker
) -> None:
    worker.dispatch_and_submit()
    Attempt.objects.filter(generation=generation).update(
        sent_at=timezone.now() - timedelta(seconds=25)
    )
    while_rendering = wait_of(generation)

    Generation.objects.move(generation.pk, Status.FETCHING)

    assert while_rendering == wait_of(generation) == Wait(0, 5, 21)


@pytest.mark.usefixtures("usual_times")
def test_what_waits_for_a_video_model_that_rests_waits_so_much_longer(
    generation: Generation,
) -> None:
    rested = wait_of(generation)
    VideoModel.objects.rest(generation.video_model_id, seconds=200)

    resting = wait_of(generation)

    assert rested == Wait(1, 30, 92)
    assert resting.position == 1
    assert 229 <= resting.low_seconds <= 230
    assert 291 <= resting.high_seconds <= 292


@pytest.mark.usefixtures("usual_times")
def test_what_takes_longer_than_ever_is_not_said_to_be_late_already(
    generation: Generation, worker: Worker
) -> None:
    worker.dispatch_and_submit()
    Attempt.objects.filter(generation=generation).update(
        sent_at=timezone.now() - timedelta(hours=2)
    )

    assert wait_of(generation) == Wait(0, 1, 1)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 1, "a few seconds left"),
        (0, 99, "up to 99 seconds left"),
        (30, 76, "about 30 to 76 seconds left"),
        (40, 40, "about 40 seconds left"),
        (59, 180, "up to 3 minutes left"),
        (120, 130, "about 2 minutes left"),
        (60, 300, "about 1 to 5 minutes left"),
    ],
)
def test_a_wait_is_told_in_the_unit_that_fits_it(low: int, high: int, words: str) -> None:
    assert Wait(0, low, high).words == words
