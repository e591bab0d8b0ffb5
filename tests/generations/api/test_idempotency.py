"""A create that is sent again with its key makes no second video."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from artists.models import Artist, Limit, Reservation
from generations.models import Generation, IdempotencyKey, VideoModel
from tests.generations.api.conftest import VIDEOS, picture, program_of
from tests.generations.api.test_refusals import error_of

BOAT = {"prompt": "A paper boat", "seconds": "4"}


def create(program: Client, body: dict[str, Any], key: str, *, as_json: bool = False) -> Any:
    headers = {"Idempotency-Key": key}
    if as_json:
        return program.post(VIDEOS, body, content_type="application/json", headers=headers)
    return program.post(VIDEOS, body, headers=headers)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_same_key_and_body_give_the_same_video(program: Client, as_json: bool) -> None:
    """I5: a form has another boundary each time and is the same body still."""
    first = create(program, BOAT, "key-1", as_json=as_json)
    second = create(program, BOAT, "key-1", as_json=as_json)

    assert first.json() == second.json()
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert Generation.objects.count() == Reservation.objects.count() == 1


def test_the_answer_to_a_repeated_create_tells_how_the_video_stands_now(program: Client) -> None:
    create(program, BOAT, "key-1")
    Generation.objects.update(status="rendering", progress=40)

    video = create(program, BOAT, "key-1").json()

    assert (video["status"], video["progress"]) == ("in_progress", 40)


@pytest.mark.parametrize(
    "other",
    [
        {"prompt": "A paper plane", "seconds": "4"},
        {"prompt": "A paper boat", "seconds": "8"},
        {"prompt": "A paper boat"},
        {"prompt": "A paper boat", "seconds": "4", "seed": "1"},
    ],
)
def test_the_same_key_with_another_body_is_refused(program: Client, other: dict[str, str]) -> None:
    create(program, BOAT, "key-1")

    response = create(program, other, "key-1")

    error = error_of(response)
    assert (response.status_code, error["code"]) == (422, "idempotency_key_reused")
    assert error["param"] == "Idempotency-Key"
    assert Generation.objects.count() == 1


def test_a_file_is_the_same_by_its_bytes_not_by_its_name(program: Client) -> None:
    def with_file(name: str, content: bytes) -> Any:
        body = BOAT | {"input_reference": SimpleUploadedFile(name, content, "image/png")}
        return create(program, body, "key-1")

    first = with_file("boat.png", picture())

    assert with_file("copy.png", picture()).json() == first.json()
    assert with_file("boat.png", picture(640)).status_code == 422


def test_an_image_in_a_data_url_is_part_of_the_body(program: Client) -> None:
    def with_image(width: int) -> Any:
        encoded = base64.b64encode(picture(width)).decode()
        url = f"data:image/png;base64,{encoded}"
        return create(program, BOAT | {"input_reference": {"image_url": url}}, "k", as_json=True)

    first = with_image(320)

    assert with_image(320).json() == first.json()
    assert with_image(640).status_code == 422


def test_a_key_is_ones_own(program: Client, other_artist: Artist) -> None:
    """I7: another artist's use of the same key is another key."""
    mine = create(program, BOAT, "key-1").json()
    theirs = create(program_of(other_artist), BOAT, "key-1").json()

    assert mine["id"] != theirs["id"]


def test_a_refused_create_leaves_its_key_free(program: Client, artist: Artist) -> None:
    limit = Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=1)
    assert create(program, BOAT, "key-1").status_code == 429
    assert not IdempotencyKey.objects.exists()
    limit.delete()

    assert create(program, BOAT, "key-1").status_code == 200


def test_a_key_answers_although_its_video_model_is_switched_off_since(
    program: Client, video_model: VideoModel
) -> None:
    first = create(program, BOAT, "key-1").json()
    VideoModel.objects.update(is_enabled=False)

    assert create(program, BOAT, "key-1").json()["id"] == first["id"]


def test_a_key_whose_video_was_deleted_makes_no_new_one(program: Client) -> None:
    video = create(program, BOAT, "key-1").json()
    program.delete(f"{VIDEOS}/{video['id']}")

    response = create(program, BOAT, "key-1")

    assert (response.status_code, error_of(response)["code"]) == (409, "idempotency_key_spent")
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "with space", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_none_is_refused(program: Client, key: str) -> None:
    response = create(program, BOAT, key)

    assert (response.status_code, error_of(response)["code"]) == (400, "bad_idempotency_key")
    assert not Generation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_creates_with_one_key_at_once_make_one_video(
    artist: Artist, video_model: VideoModel
) -> None:
    """I3, I5: 24 requests from 8 threads with 3 keys, and credits for just the three."""
    Limit.objects.filter(artist=artist).update(ceiling=24)
    programs = [program_of(artist) for _ in range(8)]

    def send(number: int) -> tuple[int, str]:
        try:
            response = create(programs[number % 8], BOAT, f"key-{number % 3}")
            return response.status_code, response.json().get("id")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(24)))

    assert [status for status, _ in answers] == [200] * 24
    assert len({video_id for _, video_id in answers}) == 3
    assert Generation.objects.count() == Reservation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_bodies_that_race_for_one_key_make_one_video(
    artist: Artist, video_model: VideoModel
) -> None:
    programs = [program_of(artist) for _ in range(4)]

    def send(number: int) -> int:
        try:
            body = BOAT | {"seed": str(number)}
            return create(programs[number], body, "key-1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(4)))

    assert statuses == [200, 422, 422, 422]
    assert Generation.objects.count() == 1


def test_the_key_and_the_reservation_are_kept_together_or_not_at_all(program: Client) -> None:
    """I4: a fault after the reservation, and neither it nor the video is there."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX one_each ON generations_idempotencykey (artist_id)")
    create(program, BOAT, "key-0")

    assert create(program, BOAT, "key-1").status_code == 500
    assert Generation.objects.count() == Reservation.objects.count() == 1

    IdempotencyKey.objects.all().delete()  # now the database takes the key
    assert create(program, BOAT, "key-1").status_code == 200
