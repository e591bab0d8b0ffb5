"""Downloading a video, its poster and its film strip."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from generations.models import Generation, Rendition
from generations.models.generation import Status
from tests.generations.api.conftest import FILES
from tests.generations.api.test_refusals import error_of
from tests.generations.api.test_videos import url_of

Make = Callable[..., Generation]


def signed_bytes(generation: Generation) -> bytes:
    with generation.signed_copies.get().file.open() as file:
        return bytes(file.read())


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", Rendition.Kind.MASTER),
        ("?variant=video", Rendition.Kind.MASTER),
        ("?variant=thumbnail", Rendition.Kind.POSTER),
        ("?variant=spritesheet", Rendition.Kind.FILMSTRIP),
    ],
)
def test_each_variant_is_a_file_whatever_the_client_accepts(
    program: Client, make_video: Make, query: str, kind: Rendition.Kind
) -> None:
    generation = make_video(Status.READY)

    response = program.get(
        url_of(generation, f"/content{query}"), headers={"Accept": "application/binary"}
    )

    content_type, content = FILES[kind]
    assert response.status_code == 200
    if kind == Rendition.Kind.MASTER:  # given with its Content Credentials
        content = signed_bytes(generation)
    assert response.getvalue() == content
    assert response.headers["Content-Type"] == content_type
    assert f"video_{generation.pk.hex}" in response.headers["Content-Disposition"]
    assert response.headers["x-request-id"].startswith("req_")


def test_a_range_of_a_video_is_answered(program: Client, make_video: Make) -> None:
    url = url_of(make_video(Status.READY), "/content")

    response = program.get(url, headers={"Range": "bytes=4-8"})

    assert (response.status_code, response.getvalue()) == (206, b"ftypi")


def test_a_range_beyond_the_end_is_refused_in_the_envelope(
    program: Client, make_video: Make
) -> None:
    generation = make_video(Status.READY)
    url = url_of(generation, "/content")

    response = program.get(url, headers={"Range": "bytes=99999999-"})

    assert response.status_code == 416
    assert error_of(response)["code"] == "requested_range_not_satisfiable"
    assert response.headers["Content-Range"] == f"bytes */{len(signed_bytes(generation))}"


def test_head_answers_without_a_body(program: Client, make_video: Make) -> None:
    generation = make_video(Status.READY)

    response = program.head(url_of(generation, "/content"))

    assert (response.status_code, response.getvalue()) == (200, b"")
    assert response.headers["Content-Length"] == str(len(signed_bytes(generation)))


@pytest.mark.parametrize("status", [s for s in Status if s != Status.READY])
def test_a_video_that_is_not_ready_has_nothing_to_download_and_says_so(
    program: Client, make_video: Make, status: Status
) -> None:
    response = program.get(url_of(make_video(status), "/content"))

    assert (response.status_code, error_of(response)["code"]) == (404, "video_not_ready")


def test_a_variant_that_is_none_is_refused(program: Client, make_video: Make) -> None:
    response = program.get(url_of(make_video(Status.READY), "/content?variant=gif"))

    error = error_of(response)
    assert (response.status_code, error["param"]) == (400, "variant")


def test_a_file_that_went_missing_is_a_404_in_the_envelope(
    program: Client, make_video: Make
) -> None:
    generation = make_video(Status.READY)
    for rendition in generation.renditions.all():
        rendition.file.storage.delete(str(rendition.file.name))

    response = program.get(url_of(generation, "/content"))

    assert (response.status_code, error_of(response)["code"]) == (404, "not_found")


def test_a_download_that_is_signed_takes_one_query_for_each_of_its_rows(
    program: Client, make_video: Make, django_assert_num_queries: Any
) -> None:
    """Token, video, rendition, signed copy; and of that one nothing that is large."""
    generation = make_video(Status.READY)
    program.get(url_of(generation, "/content"))

    with django_assert_num_queries(4) as asked:
        program.get(url_of(generation, "/content"))

    assert not [query for query in asked if "manifest" in query["sql"]]
