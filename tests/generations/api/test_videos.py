"""Create, retrieve, list and delete: what an artist's program sees of its videos."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from artists.models import Artist, Reservation, Token
from generations.models import Generation, Rate, VideoModel
from generations.models.generation import Status
from tests.generations.api.conftest import VIDEOS, picture, program_of
from tests.generations.api.test_refusals import error_of

JSON = "application/json"
KEYS = {
    "id",
    "object",
    "model",
    "status",
    "progress",
    "created_at",
    "completed_at",
    "expires_at",
    "prompt",
    "size",
    "seconds",
    "remixed_from_video_id",
    "error",
}


def url_of(generation: Generation, rest: str = "") -> str:
    return f"{VIDEOS}/video_{generation.pk.hex}{rest}"


def test_the_routes_have_names() -> None:
    assert reverse("api:videos") == VIDEOS
    assert reverse("api:video", args=["video_1"]) == "/v1/videos/video_1"
    assert reverse("api:video_content", args=["video_1"]) == "/v1/videos/video_1/content"
    assert reverse("api_schema_of_v1") == "/v1/openapi.json"


def test_a_prompt_alone_makes_a_video_with_the_defaults(program: Client, artist: Artist) -> None:
    response = program.post(VIDEOS, {"prompt": "A paper boat"}, content_type=JSON)

    generation = Generation.objects.get()
    assert response.status_code == 200
    assert response.json() == {
        "id": f"video_{generation.pk.hex}",
        "object": "video",
        "model": "sketch-1",
        "status": "queued",
        "progress": 0,
        "created_at": int(generation.created_at.timestamp()),
        "completed_at": None,
        "expires_at": None,
        "prompt": "A paper boat",
        "size": "1280x720",
        "seconds": "4",
        "remixed_from_video_id": None,
        "error": None,
    }
    assert response.headers["openai-poll-after-ms"] == "1000"
    assert (generation.artist, generation.token) == (artist, Token.objects.get())
    assert generation.reservation.credits == 8


@pytest.mark.parametrize("seconds", [8, "8"])
def test_every_choice_is_taken_from_json(program: Client, seconds: int | str) -> None:
    body = {
        "prompt": "A paper boat",
        "model": "sketch-1",
        "size": "1920x1080",
        "seconds": seconds,
        "style": "ink",
        "seed": 7,
        "user": "a label that changes nothing",
        "input_reference": None,
    }

    video = program.post(VIDEOS, body, content_type=JSON).json()

    generation = Generation.objects.get()
    assert (video["size"], video["seconds"]) == ("1920x1080", "8")
    assert (generation.style, generation.seed, generation.price_credits) == ("ink", 7, 32)


def test_every_choice_is_taken_from_a_form_with_a_file(program: Client) -> None:
    body = {
        "prompt": "A paper boat",
        "seconds": "5",
        "seed": "0",
        "style": "neon",
        "model": "",  # a form's way to leave it out
        "input_reference": SimpleUploadedFile("boat.png", picture(), "image/png"),
    }

    response = program.post(VIDEOS, body)

    generation = Generation.objects.get()
    assert (response.status_code, response.json()["seconds"]) == (200, "5")
    assert (generation.style, generation.seed) == ("neon", 0)
    assert generation.first_image
    assert generation.first_image.size > 0


def test_an_image_may_come_in_a_data_url(program: Client) -> None:
    encoded = base64.b64encode(picture(form="JPEG")).decode()
    body = {
        "prompt": "A paper boat",
        "input_reference": {"image_url": f"data:image/jpeg;base64,{encoded}"},
    }

    assert program.post(VIDEOS, body, content_type=JSON).status_code == 200
    assert Generation.objects.get().first_image


def test_the_widest_size_is_the_default_where_the_usual_one_is_not_offered(
    program: Client, video_model: VideoModel
) -> None:
    Rate.objects.filter(size="1280x720").delete()

    assert program.post(VIDEOS, {"prompt": "A boat"}).json()["size"] == "1920x1080"


def test_a_model_that_is_switched_off_is_not_the_default(
    program: Client, video_model: VideoModel
) -> None:
    VideoModel.objects.update(is_enabled=False)

    response = program.post(VIDEOS, {"prompt": "A boat"})

    error = error_of(response)
    assert (response.status_code, error["param"], error["code"]) == (400, "model", "not_offered")


@pytest.mark.parametrize(
    ("status", "seen", "code"),
    [
        (Status.QUEUED, "queued", None),
        (Status.SUBMITTING, "in_progress", None),
        (Status.UNKNOWN, "in_progress", None),
        (Status.RENDERING, "in_progress", None),
        (Status.FETCHING, "in_progress", None),
        (Status.FINISHING, "in_progress", None),
        (Status.READY, "completed", None),
        (Status.FAILED, "failed", "provider_error"),
        (Status.REFUSED, "failed", "moderation_blocked"),
        (Status.CANCELLED, "failed", "cancelled"),
    ],
)
def test_each_state_is_one_of_the_four_that_clients_know(
    program: Client,
    make_video: Callable[..., Generation],
    status: Status,
    seen: str,
    code: str | None,
) -> None:
    generation = make_video(status, progress=100)

    response = program.get(url_of(generation))

    video = response.json()
    assert set(video) == KEYS
    assert video["status"] == seen
    assert video["progress"] == (100 if seen == "completed" else 99)
    assert (video["error"] or {}).get("code") == code
    assert ("openai-poll-after-ms" in response.headers) == (seen in {"queued", "in_progress"})


def test_a_failure_says_why_in_the_words_that_the_artist_reads(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    generation = make_video(
        Status.REFUSED, failure_kind="safety_output", failure_message="The picture was refused."
    )

    error = program.get(url_of(generation)).json()["error"]

    assert error == {"code": "output_moderation_blocked", "message": "The picture was refused."}


def test_a_remix_names_the_video_it_came_from_while_that_is_in_the_library(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    parent = make_video(Status.READY)
    remix = make_video(parent=parent)
    assert program.get(url_of(remix)).json()["remixed_from_video_id"] == f"video_{parent.pk.hex}"

    assert program.delete(url_of(parent)).status_code == 200

    assert program.get(url_of(remix)).json()["remixed_from_video_id"] is None


def test_a_remix_of_somebody_elses_video_does_not_name_it(
    program: Client, make_video: Callable[..., Generation], other_artist: Artist
) -> None:
    """I7: an id of another's video is not given away."""
    remix = make_video(parent=make_video(Status.READY, by=other_artist))

    assert program.get(url_of(remix)).json()["remixed_from_video_id"] is None


@pytest.mark.parametrize("rest", ["", "/content"])
def test_somebody_elses_video_is_as_unknown_as_one_that_never_was(
    program: Client, make_video: Callable[..., Generation], other_artist: Artist, rest: str
) -> None:
    """I7: the two answers are the same but for their number."""
    theirs = program.get(url_of(make_video(Status.READY, by=other_artist), rest))
    nobodys = program.get(f"{VIDEOS}/video_{'0' * 32}{rest}")

    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    assert nobodys.status_code == 404


def test_somebody_elses_video_cannot_be_deleted(
    program: Client, make_video: Callable[..., Generation], other_artist: Artist
) -> None:
    """I7."""
    theirs = make_video(Status.READY, by=other_artist)

    assert program.delete(url_of(theirs)).status_code == 404
    assert program_of(other_artist).get(url_of(theirs)).status_code == 200


def ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [video["id"] for video in page["data"]]


def test_a_list_goes_from_the_newest_page_by_page_and_holds_ones_own_alone(
    program: Client, make_video: Callable[..., Generation], other_artist: Artist
) -> None:
    """I7."""
    own = [f"video_{make_video().pk.hex}" for _ in range(5)]
    make_video(by=other_artist)

    first = program.get(f"{VIDEOS}?limit=3").json()
    second = program.get(f"{VIDEOS}?limit=3&after={first['last_id']}").json()

    assert (ids(first), first["has_more"]) == (own[:1:-1], True)
    assert (first["object"], first["first_id"], first["last_id"]) == ("list", own[4], own[2])
    assert (ids(second), second["has_more"]) == (own[1::-1], False)
    oldest = program.get(f"{VIDEOS}?order=asc&limit=2&after={own[0]}").json()
    assert (ids(oldest), oldest["has_more"]) == (own[1:3], True)


def test_a_page_may_be_empty(program: Client, make_video: Callable[..., Generation]) -> None:
    empty: dict[str, object] = {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }
    assert program.get(VIDEOS).json() == empty
    make_video()

    assert program.get(VIDEOS, {"limit": 0}).json() == empty


def test_a_loop_that_deletes_what_it_lists_reaches_everything(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    for _ in range(5):
        make_video(Status.FAILED)
    page, seen = program.get(VIDEOS, {"limit": 2}).json(), 0
    while page["data"]:
        seen += len(page["data"])
        for video in page["data"]:
            assert program.delete(f"{VIDEOS}/{video['id']}").json()["deleted"] is True
        page = program.get(VIDEOS, {"limit": 2, "after": page["last_id"]}).json()

    assert seen == 5
    assert program.get(VIDEOS).json()["data"] == []


def test_a_list_costs_as_many_queries_however_long_it_is(
    program: Client,
    make_video: Callable[..., Generation],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    parent = make_video(Status.READY)
    program.get(VIDEOS)  # notes that the token is in use, once a minute
    with django_assert_num_queries(2):  # the token, the page
        program.get(VIDEOS)
    for _ in range(15):
        make_video(parent=parent)

    with django_assert_num_queries(2):
        assert len(program.get(VIDEOS, {"limit": 100}).json()["data"]) == 16


@pytest.mark.parametrize("status", [Status.READY, Status.FAILED, Status.REFUSED, Status.CANCELLED])
def test_an_ended_video_is_deleted_with_its_files(
    program: Client,
    make_video: Callable[..., Generation],
    status: Status,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    generation = make_video(status)
    files = [Path(rendition.file.path) for rendition in generation.renditions.all()]

    with django_capture_on_commit_callbacks(execute=True):
        response = program.delete(url_of(generation))

    assert response.json() == {
        "id": f"video_{generation.pk.hex}",
        "object": "video.deleted",
        "deleted": True,
    }
    assert program.get(url_of(generation)).status_code == 404
    assert program.delete(url_of(generation)).status_code == 404
    assert not any(file.exists() for file in files)


def test_a_queued_video_is_cancelled_refunded_and_deleted(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    """I4: its credits come back once."""
    generation = make_video()

    assert program.delete(url_of(generation)).json()["deleted"] is True

    generation.refresh_from_db()
    assert generation.status == Status.CANCELLED
    assert generation.reservation.state == Reservation.State.REFUNDED
    assert program.get(VIDEOS).json()["data"] == []


def test_nothing_of_a_provider_is_in_an_answer(
    program: Client, make_video: Callable[..., Generation]
) -> None:
    """I2: neither its address nor its credential."""
    text = program.get(url_of(make_video(Status.RENDERING))).content.decode()

    for provider in settings.PROVIDERS.values():
        assert provider["key"] not in text
        assert provider["url"] not in text
