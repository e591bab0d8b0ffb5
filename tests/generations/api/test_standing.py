"""What an answer says of an unfinished video besides: when to ask again, and how long it takes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.models import Attempt, Generation
from generations.models.generation import RUNNING, Status
from generations.providers.registry import provider_named
from tests.generations.api.conftest import VIDEOS
from tests.generations.api.test_videos import url_of

Make = Callable[..., Generation]


@pytest.fixture
def usual(make_video: Make) -> Callable[[int], None]:
    """Let the last three videos have taken so many seconds."""

    def took(seconds: int) -> None:
        now = timezone.now()
        for _ in range(3):
            generation = make_video(Status.READY, finished_at=now)
            Attempt.objects.create(
                generation=generation,
                provider="sketch",
                state=Attempt.State.ACCEPTED,
                provider_job_id=str(generation.pk),
                sent_at=now - timedelta(seconds=seconds),
            )
        caches["memory"].clear()

    return took


def headers(program: Client, generation: Generation) -> Any:
    return program.get(url_of(generation)).headers


def test_a_queued_video_says_its_place_and_its_wait(
    program: Client, make_video: Make, usual: Callable[[int], None]
) -> None:
    usual(60)
    waiting = [make_video() for _ in range(3)]
    caches["memory"].clear()

    told = [headers(program, one) for one in waiting]

    assert [one["greenroom-queue-position"] for one in told] == ["1", "2", "3"]
    assert [one["greenroom-wait-seconds"] for one in told] == ["60-120", "60-120", "120-180"]


def test_a_rendering_video_has_place_0_and_what_is_left(
    program: Client, make_video: Make, usual: Callable[[int], None]
) -> None:
    usual(60)
    generation = make_video(Status.RENDERING)
    Attempt.objects.create(
        generation=generation, provider="sketch", sent_at=timezone.now() - timedelta(seconds=20)
    )

    told = headers(program, generation)

    assert told["greenroom-queue-position"] == "0"
    low, high = map(int, told["greenroom-wait-seconds"].split("-"))
    assert 35 <= low <= high <= 40


def test_without_enough_times_to_tell_no_range_is_made_up(
    program: Client, make_video: Make
) -> None:
    told = headers(program, make_video())

    assert told["openai-poll-after-ms"] == "1000"
    assert not [name for name in told if name.startswith("greenroom-")]


@pytest.mark.parametrize(
    ("seconds", "milliseconds"), [(2, "1000"), (60, "6000"), (250, "25000"), (5000, "30000")]
)
def test_who_waits_long_need_not_ask_often(
    program: Client,
    make_video: Make,
    usual: Callable[[int], None],
    seconds: int,
    milliseconds: str,
) -> None:
    usual(seconds)
    waiting = make_video()
    caches["memory"].clear()

    assert headers(program, waiting)["openai-poll-after-ms"] == milliseconds


@pytest.mark.parametrize(
    ("pace", "milliseconds"), [(0.2, "1000"), (1.0, "1000"), (5.0, "5000"), (90.0, "30000")]
)
def test_a_rendering_video_is_asked_about_as_often_as_its_provider(
    program: Client,
    make_video: Make,
    monkeypatch: pytest.MonkeyPatch,
    pace: float,
    milliseconds: str,
) -> None:
    monkeypatch.setattr(provider_named("sketch"), "min_poll_seconds", pace)

    assert headers(program, make_video(Status.RENDERING))["openai-poll-after-ms"] == milliseconds


def test_a_video_whose_provider_is_gone_is_asked_about_rarely(
    program: Client, make_video: Make
) -> None:
    generation = make_video(Status.RENDERING)

    with override_settings(PROVIDERS={}):
        assert headers(program, generation)["openai-poll-after-ms"] == "30000"


@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.FETCHING, Status.FINISHING])
def test_what_takes_a_moment_is_asked_about_in_a_moment(
    program: Client, make_video: Make, status: Status
) -> None:
    assert headers(program, make_video(status))["openai-poll-after-ms"] == "1000"


@pytest.mark.parametrize("status", [Status.READY, Status.FAILED, Status.CANCELLED])
def test_an_ended_video_says_nothing_of_waiting(
    program: Client, make_video: Make, usual: Callable[[int], None], status: Status
) -> None:
    usual(60)

    told = headers(program, make_video(status))

    assert not [name for name in told if re.match("greenroom-|openai-", name.lower())]


@pytest.mark.parametrize("status", list(Status))
def test_a_video_costs_two_queries_and_one_more_while_it_runs(
    program: Client,
    make_video: Make,
    usual: Callable[[int], None],
    status: Status,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """The token, the video, and when a running one was sent; the usual times are cached."""
    usual(60)
    generation = make_video(status)
    headers(program, generation)

    with django_assert_num_queries(3 if status in RUNNING else 2):
        headers(program, generation)


def test_a_create_costs_as_many_queries_however_much_is_there(
    program: Client,
    make_video: Make,
    artist: Artist,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """The token; the video model and its rates, and once more that it is offered; the stamp of the
    list of rules; the lock of the artist's row, their membership, queue and pauses; a reservation,
    the limits, their windows, the hold in all of them, and its ledger; the video and its move. With
    two savepoints, of two statements each.
    """
    body = {"prompt": "A boat"}
    program.post(VIDEOS, body)
    with django_assert_num_queries(CREATE_QUERIES):
        program.post(VIDEOS, body)
    for _ in range(10):
        make_video()

    with django_assert_num_queries(CREATE_QUERIES):
        program.post(VIDEOS, body)


CREATE_QUERIES = 18
