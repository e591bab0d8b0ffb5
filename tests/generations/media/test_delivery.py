"""How a private file is answered with."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from unittest.mock import Mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.http import Http404
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from generations.media.delivery import BLOCK_BYTES, serve, serve_exactly
from generations.media.digests import digest_of
from generations.models import Rendition


@pytest.fixture
def rendition(work) -> Rendition:
    return work.renditions.get(kind=Rendition.Kind.MASTER)


@pytest.fixture
def content(rendition) -> bytes:
    with rendition.file.open() as file:
        return bytes(file.read())


def ask(rendition: Rendition, *, method: str = "GET", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(
        method, "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return serve(request, rendition)


def body(response: HttpResponseBase) -> bytes:
    try:
        return bytes(response.getvalue())
    finally:
        response.close()


def test_a_file_is_answered_whole_with_safe_headers(rendition, content):
    response = ask(rendition)

    assert response.status_code == 200
    assert dict(response.items()) == {
        "Content-Type": "video/mp4",
        "Content-Length": str(len(content)),
        "ETag": f'"{rendition.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": "inline",
        "X-Content-Type-Options": "nosniff",
    }
    assert body(response) == content


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, 4000), ("bytes=-7", 3993, 4000)],
)
def test_a_range_is_answered_with_that_part(rendition, content, asked, start, stop):
    response = ask(rendition, Range=asked)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{stop - 1}/4000"
    assert response["Content-Length"] == str(stop - start)
    assert body(response) == content[start:stop]


def test_a_range_past_the_end_is_answered_with_416(rendition):
    response = ask(rendition, Range="bytes=4000-")

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */4000"
    assert body(response) == b""


def test_several_ranges_are_answered_with_the_whole_file(rendition, content):
    response = ask(rendition, Range="bytes=0-1,5-6")

    assert (response.status_code, body(response)) == (200, content)


def test_if_range_holds_for_these_bytes_alone(rendition):
    same = ask(rendition, Range="bytes=0-9", If_Range=f'"{rendition.sha256}"')
    other = ask(rendition, Range="bytes=0-9", If_Range='"another"')
    weak = ask(rendition, Range="bytes=0-9", If_Range=f'W/"{rendition.sha256}"')
    date = ask(rendition, Range="bytes=0-9", If_Range="Wed, 21 Oct 2015 07:28:00 GMT")

    assert [answer.status_code for answer in (same, other, weak, date)] == [206, 200, 200, 200]


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"', "*"])
def test_a_browser_that_has_the_bytes_is_not_sent_them_again(rendition, known):
    response = ask(rendition, If_None_Match=known.format(rendition.sha256))

    assert response.status_code == 304
    assert response["ETag"] == f'"{rendition.sha256}"'
    assert response["Cache-Control"] == "private, no-cache"
    assert body(response) == b""


def test_a_browser_that_has_other_bytes_is_sent_these(rendition, content):
    response = ask(rendition, If_None_Match='"other"')

    assert (response.status_code, body(response)) == (200, content)


def test_head_has_the_headers_of_get_and_no_body(rendition, content):
    response = ask(rendition, method="HEAD", Range="bytes=0-9")

    assert response.status_code == 200
    assert response["Content-Length"] == str(len(content))
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == b""


def test_a_large_file_comes_in_blocks_and_is_closed_when_the_browser_leaves(rendition):
    path = Path(rendition.file.path)
    path.write_bytes(os.urandom(3 * BLOCK_BYTES + 1))
    rendition.size_bytes = path.stat().st_size
    before = open_files_of(path)

    response = ask(rendition)
    lengths = [len(next(iter(response))), open_files_of(path)]
    response.close()

    assert lengths == [BLOCK_BYTES, before + 1]
    assert open_files_of(path) == before


@pytest.mark.parametrize(
    "headers",
    [{}, {"Range": "bytes=9999-"}, {"If-None-Match": "*"}, {"If-Match": '"other"'}],
)
def test_no_answer_leaves_a_file_open(rendition, headers):
    for method in ("GET", "HEAD"):
        serve(RequestFactory().generic(method, "/", headers=headers), rendition).close()

    assert open_files_of(Path(rendition.file.path)) == 0


def open_files_of(path: Path) -> int:
    targets = []
    for number in os.listdir("/proc/self/fd"):
        link = Path("/proc/self/fd") / number
        if link.is_symlink():
            targets.append(os.readlink(link))
    return targets.count(str(path))


def test_a_missing_file_is_not_found(rendition):
    Path(rendition.file.path).unlink()

    with pytest.raises(Http404):
        ask(rendition)


def test_a_file_that_was_cut_short_is_not_found(rendition):
    path = Path(rendition.file.path)
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(Http404):
        ask(rendition)


def test_exactly_the_approved_bytes_are_served(rendition, content):
    """I1: a public address answers with the bytes that were approved."""
    response = serve_exactly(
        RequestFactory().get("/"), rendition, sha256=rendition.sha256, cache_control="no-cache"
    )

    assert body(response) == content
    assert response["Cache-Control"] == "no-cache"


def test_bytes_that_changed_after_the_approval_are_not_served(rendition, content):
    """I1: not even for a moment, though the same file was served a moment ago."""
    path = Path(rendition.file.path)
    body(serve_exactly(RequestFactory().get("/"), rendition, sha256=rendition.sha256))
    times = path.stat()

    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(Http404):
        serve_exactly(RequestFactory().get("/"), rendition, sha256=rendition.sha256)
    assert open_files_of(path) == 0


def test_bytes_that_another_decision_named_are_not_served(rendition):
    """I1: the hash is the approval's, whatever the row says."""
    with pytest.raises(Http404):
        serve_exactly(RequestFactory().get("/"), rendition, sha256="0" * 64)


def test_a_browser_is_not_told_that_changed_bytes_are_the_approved_ones(rendition, content):
    """I1: revalidation reads the stored bytes too."""
    Path(rendition.file.path).write_bytes(b"x" * len(content))
    request = RequestFactory().get("/", headers={"If-None-Match": f'"{rendition.sha256}"'})

    with pytest.raises(Http404):
        serve_exactly(request, rendition, sha256=rendition.sha256)


def test_a_stored_file_is_hashed_once_while_it_stays_as_it_is(rendition, monkeypatch):
    digest = Mock(wraps=hashlib.file_digest)
    monkeypatch.setattr("hashlib.file_digest", digest)

    for _ in range(3):
        serve_exactly(RequestFactory().get("/"), rendition, sha256=rendition.sha256).close()

    assert digest.call_count == 1


def test_of_many_who_ask_at_once_one_reads_the_whole_file(rendition, monkeypatch):
    """A share that is opened by a crowd costs one reading."""
    everybody = Barrier(8)
    readings = []
    read = hashlib.file_digest

    def read_slowly(file, name: str):
        readings.append(name)
        sleep(0.2)  # so that the others come while it reads
        return read(file, name)

    monkeypatch.setattr("hashlib.file_digest", read_slowly)

    def look(_: int) -> str:
        with rendition.file.storage.open(rendition.file.name, "rb") as file:
            everybody.wait(timeout=30)
            digest = digest_of(file)
            assert file.tell() == 0
            return digest

    with ThreadPoolExecutor(8) as threads:
        digests = set(threads.map(look, range(8)))

    assert digests == {rendition.sha256}
    assert len(readings) == 1


@pytest.fixture
def accel(settings) -> None:
    """A site behind nginx, whose internal location /private is the folder of the files."""
    settings.DELIVERY = "/private"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_behind_nginx_the_bytes_are_left_to_it(rendition, accel, method):
    response = ask(rendition, method=method, Range="bytes=0-9")

    assert response.status_code == 200
    assert response["X-Accel-Redirect"] == f"/private/{rendition.file.name}"
    assert "Accept-Ranges" not in response  # nginx would say it twice
    assert response["ETag"] == f'"{rendition.sha256}"'
    assert response["Content-Type"] == "video/mp4"
    assert response["Cache-Control"] == "private, no-cache"
    assert body(response) == b""


def test_behind_nginx_it_is_still_known_who_has_the_bytes(rendition, accel):
    response = ask(rendition, If_None_Match=f'"{rendition.sha256}"')

    assert response.status_code == 304
    assert "X-Accel-Redirect" not in response


def test_behind_nginx_too_a_missing_file_is_not_found_and_other_bytes_are_not_served(
    rendition, content, accel
):
    """I1"""
    path = Path(rendition.file.path)
    path.write_bytes(b"x" * len(content))
    with pytest.raises(Http404):
        serve_exactly(RequestFactory().get("/"), rendition, sha256=rendition.sha256)
    path.unlink()
    with pytest.raises(Http404):
        ask(rendition)


def test_a_storage_that_is_no_folder_is_read_through_its_own_doors(rendition, content, accel):
    """I1: even behind nginx, which knows nothing of it."""
    rendition.file.storage = InMemoryStorage()
    rendition.file.storage.save(rendition.file.name, ContentFile(content))
    request = RequestFactory().get("/", headers={"Range": "bytes=3-9"})

    response = serve_exactly(request, rendition, sha256=rendition.sha256)

    assert (response.status_code, body(response)) == (206, content[3:10])
    with pytest.raises(Http404):
        serve_exactly(request, rendition, sha256="0" * 64)
