"""Other words for a finished video of one's own."""

from collections.abc import Callable

import pytest
from django.test import Client

from artists.models import Artist
from generations.models import Generation, Rate, VideoModel
from generations.models.generation import Status
from tests.generations.api.conftest import VIDEOS
from tests.generations.api.test_refusals import error_of
from tests.generations.api.test_videos import url_of

JSON = "application/json"
PLANE = {"prompt": "A paper plane"}


def remix(program: Client, parent: Generation, body: object = None, **headers: str):
    url = url_of(parent, "/remix")
    return program.post(url, body or PLANE, content_type=JSON, headers=headers)


def test_a_remix_has_other_words_and_is_otherwise_as_its_parent(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    parent = make_video(Status.READY, style="neon", seed=7, duration_seconds=8)

    video = remix(program, parent).json()

    assert video["status"] == "queued"
    assert video["prompt"] == "A paper plane"
    assert video["remixed_from_video_id"] == f"video_{parent.pk.hex}"
    assert (video["model"], video["size"], video["seconds"]) == ("sketch-1", "1280x720", "8")
    made = Generation.objects.get(parent=parent)
    assert (made.style, made.seed, made.price_credits) == ("neon", 7, 16)
    assert made.token is not None
    assert program.get(url_of(made)).json()["remixed_from_video_id"] == f"video_{parent.pk.hex}"


@pytest.mark.parametrize("status", [status for status in Status if status != Status.READY])
def test_what_is_not_finished_cannot_be_remixed(
    program: Client, make_video: Callable[..., Generation], status: Status
) -> None:
    parent = make_video(status)

    response = remix(program, parent)

    assert (response.status_code, error_of(response)["code"]) == (409, "video_not_finished")
    assert response.headers["x-should-retry"] == "false"
    assert Generation.objects.count() == 1


def test_somebody_elses_video_is_as_unknown_as_one_that_never_was(
    program: Client, make_video: Callable[..., Generation], other_artist: Artist
) -> None:
    """I7."""
    theirs = remix(program, make_video(Status.READY, by=other_artist))
    nobodys = program.post(f"{VIDEOS}/video_{'0' * 32}/remix", PLANE, content_type=JSON)

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert Generation.objects.count() == 1


def test_a_removed_video_cannot_be_remixed(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    parent = make_video(Status.READY)
    program.delete(url_of(parent))

    assert remix(program, parent).status_code == 404


def no_more_model(video_model: VideoModel) -> None:
    VideoModel.objects.filter(pk=video_model.pk).update(is_enabled=False)


def no_more_size(video_model: VideoModel) -> None:
    Rate.objects.filter(video_model=video_model, size="1280x720").delete()


def no_more_length(video_model: VideoModel) -> None:
    VideoModel.objects.filter(pk=video_model.pk).update(durations=[5, 8])


def no_more_style(video_model: VideoModel) -> None:
    VideoModel.objects.filter(pk=video_model.pk).update(styles=["neon"])


@pytest.mark.parametrize(
    ("change", "param"),
    [
        (no_more_model, "model"),
        (no_more_size, "size"),
        (no_more_length, "seconds"),
        (no_more_style, "style"),
    ],
)
def test_what_is_not_offered_any_more_is_named(
    program: Client,
    make_video: Callable[..., Generation],
    video_model: VideoModel,
    change: Callable[[VideoModel], None],
    param: str,
) -> None:
    parent = make_video(Status.READY)
    change(video_model)

    response = remix(program, parent)

    error = error_of(response)
    assert (response.status_code, error["code"], error["param"]) == (400, "not_offered", param)
    assert Generation.objects.count() == 1


def test_a_remix_takes_a_prompt_and_nothing_else(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    parent = make_video(Status.READY)

    response = remix(program, parent, PLANE | {"seconds": "8"})

    error = error_of(response)
    assert (response.status_code, error["param"]) == (400, "seconds")
    assert error_of(remix(program, parent, {"prompt": " "}))["code"] == "required"


def test_a_remix_with_a_key_is_made_once(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    """I5."""
    parent = make_video(Status.READY)
    key = {"Idempotency-Key": "key-1"}

    first, second = remix(program, parent, **key), remix(program, parent, **key)

    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert Generation.objects.filter(parent=parent).count() == 1


def test_a_key_of_a_remix_is_not_for_another_parent_or_a_create(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    parent, other = make_video(Status.READY), make_video(Status.READY)
    key = {"Idempotency-Key": "key-1"}
    remix(program, parent, **key)

    for response in (
        remix(program, other, **key),
        program.post(VIDEOS, PLANE, content_type=JSON, headers=key),
    ):
        assert (response.status_code, error_of(response)["code"]) == (422, "idempotency_key_reused")
