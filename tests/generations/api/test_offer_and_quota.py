"""What a program can learn before it asks: what there is, and how much of it is left."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token
from artists.models import Artist, Limit
from generations.models import Generation, Rate, VideoModel
from generations.models.generation import Status
from tests.generations.api.conftest import VIDEOS
from tests.generations.api.test_refusals import error_of


def test_the_models_say_what_may_be_chosen_and_what_it_costs(
    program: Client, video_model: VideoModel
) -> None:
    (model,) = program.get("/v1/models").json()["data"]

    assert model == {
        "id": "sketch-1",
        "object": "model",
        "created": int(video_model.created_at.timestamp()),
        "owned_by": "Greenroom",
        "shutdown_date": None,
        "title": "Sketch 1",
        "description": "A procedural sketch, no generative model.",
        "seconds": ["4", "5", "8", "10"],
        "credits_per_second": {"1920x1080": 4, "1280x720": 2},
        "styles": ["film", "watercolour", "neon", "ink"],
        "takes_seed": True,
        "takes_first_image": True,
        "successor": None,
    }
    assert program.get("/v1/models/sketch-1").json() == model


def test_a_model_that_cannot_be_chosen_is_not_there(
    program: Client, video_model: VideoModel
) -> None:
    VideoModel.objects.update(is_enabled=False)

    response = program.get("/v1/models/sketch-1")

    assert program.get("/v1/models").json() == {"object": "list", "data": []}
    assert (response.status_code, error_of(response)["code"]) == (404, "model_not_found")


def test_a_model_names_its_last_day_and_its_successor(
    program: Client, video_model: VideoModel
) -> None:
    last_day = timezone.localdate() + timedelta(days=100)
    successor = VideoModel.objects.create(
        name="sketch-2", title="Sketch 2", provider="sketch", durations=[4]
    )
    VideoModel.objects.filter(pk=video_model.pk).update(sunset_on=last_day, successor=successor)

    model = program.get("/v1/models/sketch-1").json()

    assert (model["shutdown_date"], model["successor"]) == (last_day.isoformat(), "sketch-2")


def test_more_models_cost_no_more_queries(
    program: Client, video_model: VideoModel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program.get("/v1/models")
    for number in range(5):
        model = VideoModel.objects.create(
            name=f"more-{number}", title="More", provider="sketch", successor=video_model
        )
        Rate.objects.create(video_model=model, size="1280x720", credits_per_second=1)

    with django_assert_num_queries(3):  # the token, the models, their rates
        assert len(program.get("/v1/models").json()["data"]) == 6


def test_the_quota_tells_every_window_in_credits_and_both_caps(
    program: Client, artist: Artist, make_video: Callable[..., Generation]
) -> None:
    Limit.objects.create(period=Limit.Period.DAY, ceiling=500)
    Limit.objects.create(cohort=artist.cohort, period=Limit.Period.MONTH, ceiling=700)
    make_video()
    make_video(Status.RENDERING)

    quota = program.get("/v1/quota").json()

    assert quota["object"] == "quota"
    assert quota["queued"] == {"now": 1, "cap": 20}
    assert quota["running"] == {"now": 1, "cap": 2}
    windows = {window["scope"]: window for window in quota["windows"]}
    assert windows["artist"] == {
        "scope": "artist",
        "period": "total",
        "unit": "credits",
        "ceiling": 1000,
        "held": 16,
        "spent": 0,
        "free": 984,
        "resets_at": None,
    }
    assert (windows["cohort"]["period"], windows["cohort"]["free"]) == ("month", 684)
    assert (windows["programme"]["period"], windows["programme"]["ceiling"]) == ("day", 500)
    assert windows["programme"]["resets_at"] > timezone.now().timestamp()


def test_the_quota_of_a_token_has_its_own_limits_and_no_other_tokens(
    client: Client, artist: Artist, video_model: VideoModel
) -> None:
    token, plaintext = create_token(artist, "narrow")
    Limit.objects.create(token=token, period=Limit.Period.DAY, ceiling=8)
    _, wide_plaintext = create_token(artist, "wide")

    def quota(key: str) -> dict[str, int]:
        answer = client.get("/v1/quota", headers={"Authorization": f"Bearer {key}"}).json()
        return {window["scope"]: window["free"] for window in answer["windows"]}

    assert quota(plaintext) == {"token": 8, "artist": 1000}
    assert quota(wide_plaintext) == {"artist": 1000}


def test_what_the_programme_pays_is_not_the_artists_to_see(program: Client, artist: Artist) -> None:
    Limit.objects.create(period=Limit.Period.MONTH, unit=Limit.Unit.MONEY, ceiling=123_456)

    answer = program.get("/v1/quota")

    assert [window["unit"] for window in answer.json()["windows"]] == ["credits"]
    assert "123456" not in answer.content.decode()


def test_the_quota_says_truly_what_a_create_will_meet(program: Client, artist: Artist) -> None:
    Limit.objects.filter(artist=artist).update(ceiling=15)
    free = [window["free"] for window in program.get("/v1/quota").json()["windows"]]
    assert free == [15]

    assert program.post(VIDEOS, {"prompt": "A boat"}).status_code == 200
    assert program.get("/v1/quota").json()["windows"][0]["free"] == 7
    assert program.post(VIDEOS, {"prompt": "A boat"}).status_code == 429


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/sketch-1", "/v1/quota"])
def test_nothing_of_a_provider_is_in_an_answer(program: Client, path: str) -> None:
    """I2."""
    assert "127.0.0.1" not in program.get(path).content.decode()
