"""Whatever goes wrong under /v1, a program gets one envelope and a number to ask about."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from artists.models import Artist, Limit, Token
from generations.models import Generation
from generations.models.generation import Status
from portal.throttling import WriteThrottle
from tests.generations.api.conftest import VIDEOS

JSON = "application/json"


def error_of(response) -> dict[str, str | None]:
    """Return the error of an answer that is a whole envelope."""
    assert response.headers["Content-Type"] == JSON
    assert re.fullmatch(r"req_[0-9a-f]{32}", response.headers["x-request-id"])
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert body["error"]["message"]
    return body["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/v1", 404, "not_found"),
        ("get", "/v1/", 404, "not_found"),
        ("get", "/v1/models/", 404, "not_found"),
        ("get", "/v1/models/no-such-model", 404, "model_not_found"),
        ("post", "/v1/videos/edits", 404, "not_supported"),
        ("post", "/v1/videos/extensions", 404, "not_supported"),
        ("post", "/v1/videos/characters", 404, "not_supported"),
        ("get", "/v1/videos/characters/char_1", 404, "not_supported"),
        ("post", "/v1/videos/video_1/remix", 400, "required"),
        ("get", "/v1/videos/video_1/remix", 405, "method_not_allowed"),
        ("get", "/v1/webhook_endpoints/we_1", 404, "webhook_endpoint_not_found"),
        ("post", "/v1/videos/edits/more", 404, "not_found"),
        ("get", "/v1/videos/", 404, "not_found"),
        ("put", "/v1/videos", 405, "method_not_allowed"),
        ("options", "/v1/videos", 405, "method_not_allowed"),
        ("post", "/v1/videos/video_1", 405, "method_not_allowed"),
        ("post", "/v1/openapi.json", 405, "method_not_allowed"),
        ("get", "/v1/videos/video_1", 404, "video_not_found"),
        ("delete", "/v1/videos/%00%ff", 404, "video_not_found"),
        ("get", "/v1/videos/video_1/content", 404, "video_not_found"),
        ("get", "/v1/videos?limit=101", 400, "max_value"),
        ("get", "/v1/videos?limit=many", 400, "invalid"),
        ("get", "/v1/videos?order=sideways", 400, "invalid_choice"),
        ("get", "/v1/videos?after=video_1", 400, "invalid"),
    ],
)
def test_an_address_or_method_that_is_none_is_refused_in_the_envelope(
    program: Client, method: str, path: str, status: int, code: str
) -> None:
    response = getattr(program, method)(path)

    assert response.status_code == status
    assert error_of(response)["code"] == code


def test_an_unknown_route_needs_no_token_to_be_unknown(client: Client) -> None:
    assert error_of(client.get("/v1/none"))["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", JSON, 400, "parse_error"),
        ("[" * 100_000, JSON, 400, "parse_error"),
        (b"\xff\xfe\x00", JSON, 400, "parse_error"),
        ('{"prompt": NaN}', JSON, 400, "parse_error"),
        ("[]", JSON, 400, "invalid"),
        ("prompt=a+boat", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("A boat", "text/plain", 415, "unsupported_media_type"),
        ("no parts", "multipart/form-data; boundary=x", 400, "parse_error"),
        ("no parts", "multipart/form-data", 400, "parse_error"),
        ('{"prompt": "A boat", "sytle": "ink"}', JSON, 400, "unknown_parameter"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_envelope(
    program: Client, body: str | bytes, content_type: str, status: int, code: str
) -> None:
    response = program.post(VIDEOS, body, content_type=content_type)

    assert (response.status_code, error_of(response)["code"]) == (status, code)
    assert not Generation.objects.exists()


def test_json_is_utf_8_whatever_character_set_a_client_names(program: Client) -> None:
    body = json.dumps({"prompt": "Een bootje, ✿"}).encode()

    response = program.generic(
        "POST", f"{VIDEOS}?why=%ff", body, content_type="application/json; charset=latin-1"
    )

    assert (response.status_code, response.json()["prompt"]) == (200, "Een bootje, ✿")


def test_a_body_over_the_limit_is_refused_before_it_is_read(program: Client) -> None:
    response = program.generic(
        "POST", VIDEOS, b"{}", content_type=JSON, headers={"Content-Length": "30000000"}
    )

    assert (response.status_code, error_of(response)["code"]) == (413, "body_too_large")


def test_a_body_in_chunks_is_refused_not_taken_for_an_empty_one(program: Client) -> None:
    response = program.post(VIDEOS, {"prompt": "A boat"}, headers={"Transfer-Encoding": "chunked"})

    assert (response.status_code, error_of(response)["code"]) == (411, "length_required")


def test_a_form_with_text_over_the_limit_is_refused(program: Client) -> None:
    response = program.post(VIDEOS, {"prompt": "a" * 1_100_000})

    assert (response.status_code, error_of(response)["code"]) == (413, "body_too_large")


def test_a_form_with_thousands_of_fields_is_refused(program: Client) -> None:
    response = program.post(VIDEOS, {f"field{n}": "" for n in range(1100)})

    assert (response.status_code, error_of(response)["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "invalid_api_key"),
        ("Bearer", "invalid_api_key"),
        ("Basic YTpi", "invalid_api_key"),
        ("Bearer grm_" + "a" * 36, "invalid_api_key"),
        ("Bearer sk-live-é", "invalid_api_key"),
    ],
)
def test_without_a_token_of_ours_the_answer_is_401_and_never_echoes_it(
    client: Client, db: None, authorization: str, code: str
) -> None:
    """I11: what was sent as a token stands nowhere in the answer."""
    response = client.get(VIDEOS, headers={"Authorization": authorization})

    error = error_of(response)
    assert (response.status_code, error["type"], error["code"]) == (
        401,
        "invalid_request_error",
        code,
    )
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "grm_" not in str(response.headers)
    assert "aaaa" not in response.content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revoked_at": timezone.now()}, "token_revoked"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "token_expired"),
    ],
)
def test_the_owner_of_a_token_reads_why_it_stopped(
    client: Client, token: tuple[Token, str], change: dict[str, object], code: str
) -> None:
    """I8: from the next request on."""
    row, plaintext = token
    headers = {"Authorization": f"Bearer {plaintext}"}
    assert client.get(VIDEOS, headers=headers).status_code == 200

    Token.objects.filter(pk=row.pk).update(**change)

    response = client.get(VIDEOS, headers=headers)
    assert (response.status_code, error_of(response)["code"]) == (401, code)


def test_a_session_is_no_token(client: Client, artist: Artist) -> None:
    client.force_login(artist)

    assert client.get(VIDEOS).status_code == 401


def test_a_quota_that_is_used_up_says_which_and_when_it_resets(
    program: Client, artist: Artist
) -> None:
    Limit.objects.create(artist=artist, period=Limit.Period.DAY, ceiling=7)

    response = program.post(VIDEOS, {"prompt": "A boat", "seconds": "4"})

    error = error_of(response)
    assert (response.status_code, error["code"]) == (429, "quota_exceeded")
    assert "8 credits" in str(error["message"])
    assert "7 of 7" in str(error["message"])
    assert "resets on" in str(error["message"])
    assert 0 < int(response.headers["Retry-After"]) <= 86_400
    assert response.headers["x-should-retry"] == "false"


def test_a_full_queue_is_to_be_asked_again_when_one_may_have_started(
    program: Client, artist: Artist, make_video: Callable[..., Generation]
) -> None:
    make_video()
    assert artist.cohort
    artist.cohort.queued_cap = 1
    artist.cohort.save()

    response = program.post(VIDEOS, {"prompt": "A boat"})

    assert (response.status_code, error_of(response)["code"]) == (429, "queue_full")
    assert response.headers["x-should-retry"] == "true"
    assert 5 <= int(response.headers["Retry-After"]) <= 60  # what the client library waits for


def test_haste_is_slowed_where_something_changes_and_nowhere_else(
    program: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WriteThrottle, "THROTTLE_RATES", {"api_writes": "1/hour"})
    program.post(VIDEOS, {"prompt": "A boat"})

    response = program.post(VIDEOS, {"prompt": "A boat"})

    assert (response.status_code, error_of(response)["code"]) == (429, "rate_limit_exceeded")
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert response.headers["x-should-retry"] == "true"  # waiting helps
    assert program.get(VIDEOS).status_code == 200


def test_what_cannot_be_taken_is_not_to_be_sent_again(program: Client) -> None:
    for body in ({"prompt": " "}, {"prompt": "A boat", "seconds": "12"}, {"promt": "A boat"}):
        response = program.post(VIDEOS, body)

        assert response.status_code == 400
        assert response.headers["x-should-retry"] == "false"


def test_a_fault_of_ours_is_a_500_that_says_nothing_of_itself(
    program: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE generations_generation RENAME TO elsewhere")

    response = program.get(VIDEOS)

    error = error_of(response)
    assert (response.status_code, error["type"]) == (500, "server_error")
    assert "generations_generation" not in response.content.decode()
    assert "generations_generation" in caplog.text
    assert response.headers["x-request-id"] in caplog.text


def test_a_create_that_broke_down_is_not_sent_again_by_itself(program: Client) -> None:
    """I5: the client library would otherwise send it twice more."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX one_each ON generations_generation (artist_id)")
    program.post(VIDEOS, {"prompt": "A boat"})

    response = program.post(VIDEOS, {"prompt": "Another, which the database does not take"})

    assert response.status_code == 500
    assert response.headers["x-should-retry"] == "false"


def test_a_host_that_is_not_ours_is_refused_in_the_envelope(client: Client, db: None) -> None:
    response = client.get(VIDEOS, headers={"Host": "elsewhere.example"})

    assert (response.status_code, error_of(response)["code"]) == (400, "bad_request")


def test_a_client_does_not_choose_the_number_of_its_answer(program: Client) -> None:
    first = program.get(VIDEOS, headers={"x-request-id": "mine"})
    second = program.get(VIDEOS, headers={"x-request-id": "mine"})

    numbers = {answer.headers["x-request-id"] for answer in (first, second)}
    assert len(numbers - {"mine"}) == 2


def test_a_page_beside_the_api_has_no_request_id(client: Client, db: None) -> None:
    assert "x-request-id" not in client.get("/v1x").headers


@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.RENDERING, Status.FINISHING])
def test_a_video_that_is_being_made_cannot_be_deleted(
    program: Client, make_video: Callable[..., Generation], status: Status
) -> None:
    generation = make_video(status)

    response = program.delete(f"{VIDEOS}/video_{generation.pk.hex}")

    assert (response.status_code, error_of(response)["code"]) == (409, "still_running")
    assert Generation.objects.get(pk=generation.pk).status == status
