"""What a program is told of a pause."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token
from artists.models import Artist, Pause, Token
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from tests.generations.api.conftest import VIDEOS, make_video
from tests.generations.api.test_videos import url_of
from tests.generations.pauses.conftest import REASON, SCOPES, paused

__all__ = ["make_video"]

Make = Callable[..., Generation]
BODY = {"model": "sketch-1", "prompt": "A paper boat", "seconds": "4", "size": "1280x720"}


@pytest.fixture
def token(artist: Artist, video_model: VideoModel) -> Token:
    """One whose plaintext the tests know, as `plaintext`."""
    made, plaintext = create_token(artist, "a program")
    made.plaintext = plaintext  # type: ignore[attr-defined]
    return made


@pytest.fixture
def program(token: Any) -> Client:
    return Client(headers={"Authorization": f"Bearer {token.plaintext}"})


@pytest.mark.parametrize("scope", SCOPES)
def test_a_create_is_refused_with_the_reason_and_when_to_ask_again(
    program: Client, scope_of: Callable[[str], dict[str, Any]], scope: str
) -> None:
    """I8"""
    paused(**scope_of(scope))

    answer = program.post(VIDEOS, BODY)

    error = answer.json()["error"]
    assert answer.status_code == 403
    assert error["code"] == ("token_paused" if scope == "token" else "paused")
    assert REASON in error["message"]
    assert 7000 < int(answer.headers["Retry-After"]) <= 7200
    assert answer.headers["x-should-retry"] == "false"
    assert not Generation.objects.exists()


def test_a_pause_that_stands_longer_than_expected_says_no_time(program: Client) -> None:
    paused()
    Pause.objects.update(expected_end=timezone.now() - timedelta(hours=1))

    answer = program.post(VIDEOS, BODY)

    assert "was expected to end" in answer.json()["error"]["message"]
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("scope", SCOPES)
def test_looking_goes_on(
    program: Client, make_video: Make, scope_of: Callable[[str], dict[str, Any]], scope: str
) -> None:
    video = make_video(Status.READY)
    paused(**scope_of(scope))

    reads = [VIDEOS, url_of(video), f"{url_of(video)}/content", "/v1/quota", "/v1/models"]

    assert {program.get(address).status_code for address in reads} == {200}


@pytest.mark.parametrize("scope", ["programme", "cohort", "artist", "token"])
def test_a_pause_without_looking_shuts_the_api(
    program: Client, make_video: Make, scope_of: Callable[[str], dict[str, Any]], scope: str
) -> None:
    video = make_video(Status.READY)
    paused(**scope_of(scope), allows_looking=False)

    answers = [program.get(address) for address in (VIDEOS, f"{url_of(video)}/content")]

    assert {answer.status_code for answer in answers} == {403}
    assert all(REASON in answer.json()["error"]["message"] for answer in answers)


def test_a_paused_token_changes_nothing_and_another_of_the_artist_does(
    program: Client, make_video: Make, token: Token, artist: Artist
) -> None:
    """Whoever found a key must not be able to delete with it either."""
    video = make_video(Status.READY)
    paused(token=token)
    _, other = create_token(artist, "another")
    elsewhere = Client(headers={"Authorization": f"Bearer {other}"})

    refused = program.delete(url_of(video))

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "token_paused")
    assert elsewhere.post(VIDEOS, BODY).status_code == 200
    assert elsewhere.delete(url_of(video)).status_code == 200


def test_a_read_costs_no_query_more_whoever_else_is_paused(
    program: Client,
    make_video: Make,
    other_artist: Artist,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    video = make_video(Status.READY)
    paused(artist=other_artist)
    program.get(url_of(video))

    with django_assert_num_queries(2):  # the token, the video
        program.get(url_of(video))
