"""What the sketch server refuses, and how it says so."""

import base64
import io
import json
import struct
import zlib

import httpx
import pytest
from PIL import Image

from generations.sketch.images import clean_image

JSON = {"Content-Type": "application/json"}


def png_bomb() -> bytes:
    """A small file that says it is 30,000 pixels square."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 90_001)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({}, "prompt", "missing_required_parameter"),
        ({"prompt": "  \n "}, "prompt", "missing_required_parameter"),
        ({"prompt": ["a", "list"]}, "prompt", "missing_required_parameter"),
        ({"prompt": "a" * 32_001}, "prompt", "invalid_value"),
        ({"prompt": "bell \x07"}, "prompt", "invalid_value"),
        ({"prompt": "half a pair \ud800"}, "prompt", "invalid_value"),
        ({"prompt": "a field, then Gory details"}, "prompt", "moderation_blocked"),
        ({"prompt": "hills", "model": "sora-2"}, "model", "model_not_found"),
        ({"prompt": "hills", "size": "640x480"}, "size", "invalid_value"),
        ({"prompt": "hills", "seconds": "12"}, "seconds", "invalid_value"),
        ({"prompt": "hills", "seconds": "four"}, "seconds", "invalid_value"),
        ({"prompt": "hills", "seconds": True}, "seconds", "invalid_value"),
        ({"prompt": "hills", "style": "oil"}, "style", "invalid_value"),
        ({"prompt": "hills", "seed": -1}, "seed", "invalid_value"),
        ({"prompt": "hills", "seed": 2**32}, "seed", "invalid_value"),
        ({"prompt": "hills", "seed": "1.5"}, "seed", "invalid_value"),
        (
            {"prompt": "hills", "input_reference": {"file_id": "f"}},
            "input_reference",
            "invalid_value",
        ),
        (
            {"prompt": "hills", "input_reference": {"image_url": "http://127.0.0.1/a.png"}},
            "input_reference",
            "invalid_value",
        ),
        (
            {"prompt": "hills", "input_reference": {"image_url": "data:image/png;base64,?"}},
            "input_reference",
            "invalid_value",
        ),
        (
            {"prompt": "hills", "input_reference": {"image_url": "data:image/png;base64,é\ud800"}},
            "input_reference",
            "invalid_value",
        ),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(idle_server, fields, param, code):
    answer = idle_server.http.post("/videos", content=json.dumps(fields), headers=JSON)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (param, code)
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert answer.headers["x-request-id"].startswith("req_")
    assert idle_server.http.get("/videos").json()["data"] == []


@pytest.mark.parametrize(
    "content",
    [b"no image", b"", png_bomb(), b"\x89PNG\r\n\x1a\n cut short", b"GIF89a" + b"\0" * 40],
    ids=["text", "empty", "bomb", "damaged", "gif"],
)
def test_what_is_not_a_usable_image_is_refused(idle_server, content):
    files = {"input_reference": ("first.png", content, "image/png")}

    answer = idle_server.http.post("/videos", data={"prompt": "hills"}, files=files)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == ("input_reference", "invalid_image")


def test_an_image_above_the_limit_is_refused(idle_server):
    files = {"input_reference": ("first.png", b"\0" * 20_000_001, "image/png")}

    answer = idle_server.http.post("/videos", data={"prompt": "hills"}, files=files)

    assert answer.status_code == 400
    assert "20 MB" in answer.json()["error"]["message"]


def test_a_body_that_hides_its_length_is_stopped_at_the_limit(idle_server):
    pieces = (b" " * 1_000_000 for _ in range(40))

    answer = idle_server.http.post("/videos", content=pieces, headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(idle_server, body):
    answer = idle_server.http.post("/videos", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


def test_another_content_type_is_refused(idle_server):
    answer = idle_server.http.post("/videos", content=b"prompt=hills")

    assert answer.json()["error"]["code"] == "invalid_content_type"


@pytest.mark.parametrize("key", [None, "Bearer wrong", "Bearer", "Basic abc", "Bearer ключ"])
def test_nothing_is_told_without_the_key(idle_server, key):
    headers = {} if key is None else {"Authorization": key.encode()}

    answer = httpx.get(f"{idle_server.url}/v1/videos", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_health_is_told_to_everybody_and_says_what_the_model_is(idle_server):
    answer = httpx.get(f"{idle_server.url}/healthz")

    assert answer.json() == {
        "status": "ok",
        "model": "sketch-1",
        "notice": "a procedural sketch, no generative model",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/videos/video_unknown", 404, "not_found"),
        ("GET", "/videos/video_unknown/content", 404, "not_found"),
        ("DELETE", "/videos/video_unknown", 404, "not_found"),
        ("GET", "/videos/..%2f..%2fetc", 404, "not_found"),
        ("GET", "/elsewhere", 404, "not_found"),
        ("PUT", "/videos", 405, "method_not_allowed"),
        ("GET", "/videos?limit=101", 400, "invalid_value"),
        ("GET", "/videos?limit=-1", 400, "invalid_value"),
        ("GET", "/videos?order=sideways", 400, "invalid_value"),
        ("GET", "/videos?after=video_unknown", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told_in_the_error_envelope(idle_server, method, path, status, code):
    answer = idle_server.http.request(method, path)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


def test_an_image_turned_by_its_camera_is_taken_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    file = io.BytesIO()
    Image.new("RGB", (60, 20)).save(file, "JPEG", exif=exif)

    cleaned = Image.open(io.BytesIO(clean_image(file.getvalue())))

    assert (cleaned.format, cleaned.size) == ("PNG", (20, 60))


def test_a_data_url_is_read_as_the_first_image(idle_server):
    url = "data:image/png;base64," + base64.b64encode(b"no image").decode()
    fields = {"prompt": "hills", "input_reference": {"image_url": url}}

    answer = idle_server.http.post("/videos", json=fields)

    assert answer.json()["error"]["code"] == "invalid_image"
