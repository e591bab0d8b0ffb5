"""So many writes in a period, counted exactly, and told in every answer to a write."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client

from artists.models import Artist
from generations.models import VideoModel
from portal.throttling import WriteThrottle
from tests.generations.api.conftest import VIDEOS, make_video, program, program_of

__all__ = ["make_video", "program"]

BOAT = {"prompt": "A boat"}


@pytest.fixture
def five_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"api_writes": "5/hour"})


def told(response) -> tuple[str, str, str]:
    names = ("limit", "remaining", "reset")
    return tuple(response.headers[f"x-ratelimit-{name}-requests"] for name in names)


@time_machine.travel("2026-11-25T10:20:00Z", tick=False)
def test_every_answer_to_a_write_says_what_is_left(five_an_hour: None, program: Client) -> None:
    assert told(program.post(VIDEOS, BOAT)) == ("5", "4", "2400s")
    assert told(program.post(VIDEOS, {"prompt": " "})) == ("5", "3", "2400s")
    assert told(program.delete(f"{VIDEOS}/video_1")) == ("5", "2", "2400s")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE generations_move RENAME TO elsewhere")
    broken = program.post(VIDEOS, BOAT)
    assert (broken.status_code, told(broken)) == (500, ("5", "1", "2400s"))
    assert told(program.delete(f"{VIDEOS}/video_1")) == ("5", "0", "2400s")
    refused = program.post(VIDEOS, BOAT)
    assert (refused.status_code, told(refused)) == (429, ("5", "0", "2400s"))
    assert refused.headers["Retry-After"] == "2400"


def test_a_read_is_not_counted_and_says_nothing_of_it(five_an_hour: None, program: Client) -> None:
    for _ in range(6):
        response = program.get(VIDEOS)

        assert response.status_code == 200
        assert "x-ratelimit-limit-requests" not in response.headers


def test_the_count_begins_anew_with_the_period(five_an_hour: None, program: Client) -> None:
    with time_machine.travel("2026-11-25T10:59:59Z", tick=False):
        for _ in range(6):
            last = program.delete(f"{VIDEOS}/video_1")
        assert (last.status_code, last.headers["Retry-After"]) == (429, "1")

    with time_machine.travel("2026-11-25T11:00:00Z", tick=False):
        assert program.delete(f"{VIDEOS}/video_1").status_code == 404


def test_one_artists_haste_slows_nobody_else(
    five_an_hour: None, program: Client, other_artist: Artist
) -> None:
    for _ in range(6):
        program.delete(f"{VIDEOS}/video_1")

    assert program_of(other_artist).delete(f"{VIDEOS}/video_1").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_writes_at_once_exactly_so_many_pass(
    five_an_hour: None, artist: Artist, video_model: VideoModel
) -> None:
    programs = [program_of(artist) for _ in range(8)]

    def write(number: int) -> int:
        try:
            return programs[number % 8].delete(f"{VIDEOS}/video_1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, range(40)))

    assert statuses == [404] * 5 + [429] * 35
