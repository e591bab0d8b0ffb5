"""Files in an S3-compatible bucket, on a server that speaks S3."""

import io
import logging
import os
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from portal import bucket
from portal.errors import FilesAway
from tests.services.s3 import Files

LARGE = os.urandom(2 * bucket.PART_BYTES + 12_345)


def keep(name: str, content: bytes) -> str:
    return default_storage.save(name, ContentFile(content))


@contextmanager
def reading(name: str) -> Iterator[File]:
    with default_storage.open(name, "rb") as file:
        yield file


def test_a_large_file_goes_up_in_parts_and_comes_back_whole(files: Files) -> None:
    name = keep("renders/large.mp4", LARGE)

    head = files.client.head_object(**files.place(name))
    with reading(name) as file:
        assert (file.size, file.read()) == (len(LARGE), LARGE)
    assert head["ETag"].strip('"').endswith("-3")
    assert head["ContentType"] == "video/mp4"
    assert files.names() == {name}


def test_a_file_is_read_from_where_one_seeks_to(files: Files) -> None:
    name = keep("renders/large.mp4", LARGE)

    with reading(name) as file:
        at_middle = (file.seek(bucket.PART_BYTES - 5), file.read(10))
        at_end = (file.seek(-7, io.SEEK_END), file.read(100), file.read(1))
        at_start = (file.seek(0), file.read(3), file.tell())

    assert at_middle[1] == LARGE[bucket.PART_BYTES - 5 : bucket.PART_BYTES + 5]
    assert at_end[1:] == (LARGE[-7:], b"")
    assert at_start[1:] == (LARGE[:3], 3)


def test_no_more_is_asked_for_than_is_read_on(files: Files) -> None:
    """Half a file that is skipped is not sent: a player jumps about in a clip."""
    name = keep("renders/large.mp4", LARGE)
    asked: list[str] = []
    events = default_storage.connection.meta.client.meta.events  # type: ignore[attr-defined]
    events.register(
        "before-send.s3.GetObject", lambda request, **_: asked.append(range_of(request))
    )

    with reading(name) as file:
        file.seek(1000)
        file.read(10)
        file.read(10)

    assert asked == ["bytes=1000-"]


def range_of(request: Any) -> str:
    value = request.headers["Range"]
    return value.decode() if isinstance(value, bytes) else str(value)


def test_an_empty_file_is_read(files: Files) -> None:
    name = keep("renders/empty", b"")

    with reading(name) as file:
        assert (file.size, file.read()) == (0, b"")


def test_other_bytes_under_the_same_name_are_not_mixed_in(files: Files) -> None:
    """I1"""
    name = keep("renders/one", LARGE)

    with reading(name) as file:
        before = file.read(10)
        files.client.put_object(**files.place(name), Body=b"x" * len(LARGE))
        file.seek(100)
        with pytest.raises(FilesAway):
            file.read(10)

    assert before == LARGE[:10]


def test_a_missing_file_is_not_found_and_may_be_deleted_again(files: Files) -> None:
    name = keep("renders/one", b"one")

    default_storage.delete(name)
    default_storage.delete(name)

    assert not default_storage.exists(name)
    with pytest.raises(FileNotFoundError):
        default_storage.open(name)


def test_every_file_below_a_folder_is_listed_and_none_beside_it(files: Files) -> None:
    names = {keep(f"renders/{number}/a.mp4", b"a") for number in range(3)}
    keep("renders-of-others/b.mp4", b"b")

    storage: Any = default_storage
    listed = list(storage.walk("renders"))

    assert {one.name for one in listed} == names
    assert all(abs(one.modified.timestamp() - time.time()) < 600 for one in listed)
    assert {one.size_bytes for one in listed} == {1}
    assert list(storage.walk("nothing")) == []
    assert {one.name for one in storage.walk()} == {*names, "renders-of-others/b.mp4"}


def test_nobody_is_given_a_right_to_what_is_kept(files: Files) -> None:
    """I1"""
    name = keep("renders/one", b"one")

    acl = files.client.get_object_acl(**files.place(name))

    assert [one["Grantee"]["Type"] for one in acl["Grants"]] == ["CanonicalUser"]


@pytest.mark.parametrize(
    "options", [{}, {"bucket_name": "somebody-elses"}], ids=["away", "no bucket"]
)
def test_a_bucket_that_does_not_answer_says_so_and_never_its_credential(
    files: Files, options: dict[str, str]
) -> None:
    """I2"""
    with files.away(**options), pytest.raises(FilesAway) as refused:
        keep("renders/one", b"one")

    told = "".join(traceback.format_exception(refused.value)) + str(refused.value.__dict__)
    assert refused.value.reason in ("EndpointConnectionError", "NoSuchBucket")
    assert "secret-of-the-tests" not in told
    assert files.names() == set()


@pytest.mark.parametrize("name", ["boto3", "botocore", "s3transfer", "urllib3"])
def test_the_library_below_logs_no_header_and_no_address(name: str) -> None:
    """I2: a signature is among them, whatever GREENROOM_LOG_LEVEL says."""
    assert logging.getLogger(f"{name}.endpoint").getEffectiveLevel() == logging.WARNING


def test_many_threads_share_one_connection(files: Files) -> None:
    def keep_one(number: int) -> tuple[int, str]:
        name = keep(f"renders/{number}", str(number).encode())
        with reading(name) as file:
            assert file.read() == str(number).encode()
        return id(default_storage.connection), name  # type: ignore[attr-defined]

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(keep_one, range(24)))

    assert len({connection for connection, _ in done}) == 1
    assert files.names() == {name for _, name in done}
