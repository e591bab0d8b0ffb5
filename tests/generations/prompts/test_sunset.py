"""A video model that leaves the programme says so in time, and names who comes after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from artists.access.services import create_token
from artists.models import Artist
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from generations.prompts.errors import NotOffered
from tests.generations.rendering.conftest import Worker, clip, emulator, worker

__all__ = ["clip", "emulator", "worker"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(video_model: VideoModel) -> VideoModel:
    return VideoModel.objects.create(
        name="sketch-2", title="Sketch 2", provider="sketch", native_name="sketch-2", durations=[4]
    )


def set_sunset(*, in_days: int, successor: VideoModel | None = None) -> None:
    day = timezone.localdate() + timedelta(days=in_days)
    VideoModel.objects.filter(name="sketch-1").update(sunset_on=day, successor=successor)


@pytest.mark.parametrize(("in_days", "is_told"), [(31, False), (30, True), (0, True)])
def test_the_create_page_tells_of_a_sunset_from_thirty_days_before(
    client: Client, artist: Artist, successor: VideoModel, in_days: int, is_told: bool
) -> None:
    set_sunset(in_days=in_days, successor=successor)
    client.force_login(artist)

    page = client.get("/create/").content.decode()

    assert ("takes its last prompts on" in page) is is_told
    assert ("choose Sketch 2" in page) is is_told


def test_on_its_last_day_it_still_takes_prompts(make_generation: Callable[..., Generation]) -> None:
    set_sunset(in_days=0)

    assert make_generation().status == Status.QUEUED


def test_after_its_sunset_a_prompt_is_refused_with_the_successor_named(
    make_generation: Callable[..., Generation], successor: VideoModel, video_model: VideoModel
) -> None:
    set_sunset(in_days=-1, successor=successor)
    video_model.refresh_from_db()

    with pytest.raises(NotOffered, match=r"Choose Sketch 2 \(sketch-2\) instead"):
        make_generation()
    assert not Generation.objects.exists()


def test_the_api_names_the_successor_too(
    client: Client, artist: Artist, successor: VideoModel
) -> None:
    set_sunset(in_days=-1, successor=successor)
    _, plaintext = create_token(artist, "tool")

    answer = client.post(
        "/v1/videos",
        {"prompt": "A paper boat", "model": "sketch-1"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {plaintext}"},
    )

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (400, "not_offered", "model")
    assert "Choose Sketch 2 (sketch-2) instead" in error["message"]


def test_what_was_queued_or_made_before_the_sunset_stays(
    make_generation: Callable[..., Generation], worker: Worker
) -> None:
    generation = make_generation()
    set_sunset(in_days=-1)

    worker.dispatch_and_submit()
    worker.render_and_finish()

    generation.refresh_from_db()
    assert generation.status == Status.READY
