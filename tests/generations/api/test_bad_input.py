"""What does not fit is refused by its name, and leaves nothing behind."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from artists.models import LedgerEntry, Reservation
from generations.models import Generation
from tests.generations.api.conftest import VIDEOS, picture
from tests.generations.api.test_refusals import error_of

JSON = "application/json"
PNG = base64.b64encode(picture()).decode()


def stored_files() -> set[Path]:
    return {path for path in Path(default_storage.path("")).rglob("*") if path.is_file()}


@pytest.fixture
def _nothing_made(program: Client) -> Iterator[None]:
    """After the test there is no more than there was before: no row, no hold, no file."""
    before = stored_files()
    yield
    assert not Generation.objects.exists()
    assert not Reservation.objects.exists()
    assert not LedgerEntry.objects.filter(kind=LedgerEntry.Kind.HOLD).exists()
    assert stored_files() == before


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"prompt": None}, "prompt", "null"),
        ({"prompt": ""}, "prompt", "blank"),
        ({"prompt": " \n\t "}, "prompt", "required"),
        ({"prompt": "x" * 40_000}, "prompt", "max_length"),
        ({"prompt": "a\x00b"}, "prompt", "control_characters"),
        ({"prompt": "a\x1b[31mb"}, "prompt", "control_characters"),
        ({"prompt": "a\ud800b"}, "prompt", "control_characters"),
        ({"prompt": ["a", "b"]}, "prompt", "invalid"),
        ({"model": "sora-2"}, "model", "not_offered"),
        ({"model": "sketch-1\x00"}, "model", "null_characters_not_allowed"),
        ({"model": {"name": "sketch-1"}}, "model", "invalid"),
        ({"size": "640x480"}, "size", "not_offered"),
        ({"size": "x" * 10_000}, "size", "max_length"),
        ({"seconds": 3}, "seconds", "not_offered"),
        ({"seconds": "12"}, "seconds", "not_offered"),
        ({"seconds": "four"}, "seconds", "invalid"),
        ({"seconds": 4.5}, "seconds", "invalid"),
        ({"seconds": True}, "seconds", "invalid"),
        ({"seconds": 0}, "seconds", "min_value"),
        ({"seconds": -4}, "seconds", "min_value"),
        ({"seconds": "9" * 400}, "seconds", "not_offered"),
        ({"seconds": "9" * 5000}, "seconds", "max_string_length"),
        ({"seed": -1}, "seed", "min_value"),
        ({"seed": 2**32}, "seed", "max_value"),
        ({"seed": [[[]]]}, "seed", "invalid"),
        ({"style": "oil"}, "style", "not_offered"),
        ({"n": 4}, "n", "unknown_parameter"),
        ({"half a pair \ud800": 4}, "half a pair ?", "unknown_parameter"),
        ({"input_reference": "cat.png"}, "input_reference", "invalid"),
        ({"input_reference": {}}, "input_reference", "image_url_not_fetched"),
        ({"input_reference": {"file_id": "file-1"}}, "input_reference", "file_id_not_supported"),
        ({"input_reference": {"path": "/etc/passwd"}}, "input_reference", "invalid"),
        (
            {"input_reference": {"image_url": "http://169.254.169.254/latest/meta-data"}},
            "input_reference",
            "image_url_not_fetched",
        ),
        (
            {"input_reference": {"image_url": "https://example.org/cat.png"}},
            "input_reference",
            "image_url_not_fetched",
        ),
        (
            {"input_reference": {"image_url": "file:///etc/passwd"}},
            "input_reference",
            "image_url_not_fetched",
        ),
        (
            {"input_reference": {"image_url": "data:text/html;base64," + PNG}},
            "input_reference",
            "image_url_not_fetched",
        ),
        (
            {"input_reference": {"image_url": "data:image/png;base64,%%%"}},
            "input_reference",
            "invalid",
        ),
        (
            {"input_reference": {"image_url": "data:image/png;base64,é"}},
            "input_reference",
            "invalid",
        ),
        (
            {"input_reference": {"image_url": "data:image/png;base64,aGVsbG8="}},
            "input_reference",
            "bad_image",
        ),
    ],
)
@pytest.mark.usefixtures("_nothing_made")
def test_what_does_not_fit_is_refused_by_its_name(
    program: Client, change: dict[str, Any], param: str, code: str
) -> None:
    response = program.post(VIDEOS, {"prompt": "A boat"} | change, content_type=JSON)

    error = error_of(response)
    assert (response.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error["param"], error["code"]) == (param, code)


@pytest.mark.parametrize(("body", "code"), [("null", "null"), ("[]", "invalid"), ("4", "invalid")])
@pytest.mark.usefixtures("_nothing_made")
def test_a_body_that_is_no_object_is_refused(program: Client, body: str, code: str) -> None:
    response = program.post(VIDEOS, body, content_type=JSON)

    assert (response.status_code, error_of(response)["code"]) == (400, code)


@pytest.mark.usefixtures("_nothing_made")
def test_a_create_without_a_prompt_is_refused(program: Client) -> None:
    error = error_of(program.post(VIDEOS, {"seconds": "4"}))

    assert (error["param"], error["code"]) == ("prompt", "required")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"MZ\x90 a program", id="a program"),
        pytest.param(b"", id="nothing"),
        pytest.param(picture()[:-40], id="a damaged one"),
        pytest.param(picture(1, 1), id="one pixel"),
        pytest.param(picture(12_000, 12_000, mode="1"), id="a bomb of 144 megapixels"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', id="a drawing"),
    ],
)
@pytest.mark.usefixtures("_nothing_made")
def test_an_upload_that_is_no_usable_image_is_refused(program: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("boat.png", content, "image/png")

    response = program.post(VIDEOS, {"prompt": "A boat", "input_reference": upload})

    error = error_of(response)
    assert (response.status_code, error["param"]) == (400, "input_reference")
    assert error["code"] == "bad_image"


@pytest.mark.usefixtures("_nothing_made")
def test_an_image_over_the_limit_is_refused(program: Client, settings: Settings) -> None:
    settings.FIRST_IMAGE_MAX_BYTES = 100
    upload = SimpleUploadedFile("boat.png", picture(), "image/png")

    response = program.post(VIDEOS, {"prompt": "A boat", "input_reference": upload})

    error = error_of(response)
    assert (response.status_code, error["param"], error["code"]) == (
        400,
        "input_reference",
        "bad_image",
    )


@pytest.mark.usefixtures("_nothing_made")
def test_a_good_image_with_a_size_that_is_not_offered_leaves_no_file(program: Client) -> None:
    upload = SimpleUploadedFile("boat.png", picture(), "image/png")

    response = program.post(
        VIDEOS, {"prompt": "A boat", "size": "640x480", "input_reference": upload}
    )

    assert error_of(response)["param"] == "size"


@pytest.mark.parametrize(
    "prompt",
    [
        "מפרשית נייר על נהר של דיו",
        "‮A boat, read from the right‬",
        "A boat 🛶👩🏽‍🚀 among 🌊",
        "<script>alert('boat')</script> & <b>bold</b>",
        "first line\nsecond line\twith a tab",
        "'; DROP TABLE generations_generation; --",
        "x" * 32_000,
    ],
)
@pytest.mark.parametrize("content_type", ["json", "form"])
def test_any_text_that_can_be_read_is_kept_and_given_back_as_it_came(
    program: Client, prompt: str, content_type: str
) -> None:
    body = {"prompt": prompt}
    response = (
        program.post(VIDEOS, body, content_type=JSON)
        if content_type == "json"
        else program.post(VIDEOS, body)
    )

    assert response.status_code == 200
    assert response.json()["prompt"] == prompt
    assert Generation.objects.get().prompt == prompt
    assert response.headers["X-Content-Type-Options"] == "nosniff"
