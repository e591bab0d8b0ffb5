"""A program has everything of its artist's made into an archive, and downloads it (I12)."""

import hashlib
import io
import shutil
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from artists.terms.services import decline
from generations.leaving.services import end_membership
from generations.models import Archive, Generation
from generations.taking import making
from generations.taking.services import ask
from tests.artists.terms.texts import publish_text
from tests.generations.account.conftest import client_of
from tests.generations.api.test_refusals import error_of
from tests.generations.pauses.conftest import paused

EXPORTS = "/api/exports"


@pytest.fixture(autouse=True)
def _no_archives_of_another_test() -> None:
    shutil.rmtree(default_storage.path(making.FOLDER), ignore_errors=True)


@pytest.fixture
def made(artist: Artist, work: Generation) -> Archive:
    archive = ask(artist)
    making.make(archive.pk)
    archive.refresh_from_db()
    return archive


def content_of(archive: Archive) -> str:
    return f"{EXPORTS}/{archive.pk}/content"


def test_an_export_is_begun_once_watched_and_downloaded(program: Client, work: Generation) -> None:
    begun = program.post(EXPORTS).json()
    again = program.post(EXPORTS).json()
    assert begun == again
    assert (begun["status"], begun["progress"], begun["sha256"]) == ("making", 0, "")
    Archive.objects.update(total_bytes=2000, done_bytes=500)
    assert program.get(f"{EXPORTS}/{begun['id']}").json()["progress"] == 25
    early = program.get(f"{EXPORTS}/{begun['id']}/content")
    assert (early.status_code, error_of(early)["code"]) == (404, "export_not_ready")

    making.make(Archive.objects.get().pk)

    ready = program.get(f"{EXPORTS}/{begun['id']}").json()
    assert (ready["status"], ready["progress"]) == ("ready", 100)
    answer = program.get(f"{EXPORTS}/{begun['id']}/content")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    content = answer.getvalue()
    assert len(content) == ready["size_bytes"]
    assert hashlib.sha256(content).hexdigest() == ready["sha256"]
    assert "data/works.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_a_download_goes_on_where_it_broke_off(program: Client, made: Archive) -> None:
    answer = program.get(content_of(made), headers={"range": "bytes=2-5"})

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes 2-5/{made.size_bytes}"
    assert answer.headers["x-request-id"]
    head = program.head(content_of(made))
    assert head.headers["Content-Length"] == str(made.size_bytes)


def test_another_is_made_ten_minutes_later_at_the_earliest(program: Client, made: Archive) -> None:
    answer = program.post(EXPORTS)

    assert (answer.status_code, error_of(answer)["code"]) == (429, "archive_made_just_now")
    assert 0 < int(answer.headers["Retry-After"]) <= 600

    Archive.objects.update(made_at=timezone.now() - timedelta(minutes=11))
    assert program.post(EXPORTS).json()["status"] == "making"
    assert len(program.get(EXPORTS).json()["data"]) == 2


def test_what_is_over_is_not_there_any_more(program: Client, made: Archive) -> None:
    Archive.objects.update(expires_at=timezone.now())

    assert program.get(EXPORTS).json()["data"] == []
    for address in (f"{EXPORTS}/{made.pk}", content_of(made), f"{EXPORTS}/{uuid.uuid4()}"):
        assert error_of(program.get(address))["code"] == "export_not_found"


def test_a_failed_one_is_told(program: Client, artist: Artist) -> None:
    archive = ask(artist)
    Archive.objects.update(status=Archive.Status.FAILED)

    assert program.get(f"{EXPORTS}/{archive.pk}").json()["status"] == "failed"
    assert error_of(program.get(content_of(archive)))["code"] == "export_not_ready"


def test_anothers_is_not_there(other_program: Client, made: Archive) -> None:
    """I7"""
    assert other_program.get(EXPORTS).json()["data"] == []
    for address in (f"{EXPORTS}/{made.pk}", content_of(made)):
        answer = other_program.get(address)
        assert (answer.status_code, error_of(answer)["code"]) == (404, "export_not_found")


def test_exports_are_listed_page_by_page_the_newest_first(
    program: Client, artist: Artist, made: Archive
) -> None:
    failed = Archive.objects.create(artist=artist, status=Archive.Status.FAILED)

    first = program.get(EXPORTS, {"limit": 1}).json()
    second = program.get(EXPORTS, {"limit": 1, "after": first["last_id"]}).json()

    assert [first["last_id"], second["last_id"]] == [str(failed.pk), str(made.pk)]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_a_list_takes_two_queries(
    program: Client, artist: Artist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        Archive.objects.create(artist=artist, status=Archive.Status.FAILED)
    program.get(EXPORTS)

    with django_assert_num_queries(2):
        assert len(program.get(EXPORTS).json()["data"]) == 3


@pytest.mark.parametrize("stopped_by", ["terms", "membership", "pause"])
def test_who_makes_nothing_new_still_takes_everything(
    program: Client, artist: Artist, manager: Artist, stopped_by: str
) -> None:
    if stopped_by == "terms":
        publish_text("# Be kind\n")
        decline(artist)
    elif stopped_by == "membership":
        end_membership(artist, by=manager, ends_on=timezone.localdate(), reason="Over.")
    else:
        paused(artist=artist)
    assert program.post("/v1/videos", {"prompt": "A boat"}).status_code == 403

    begun = program.post(EXPORTS).json()
    making.make(Archive.objects.get().pk)

    assert program.get(f"{EXPORTS}/{begun['id']}/content").status_code == 200


def test_it_takes_the_scope_of_exports(artist: Artist, made: Archive) -> None:
    reader = client_of(artist, scopes=["videos:read", "account:read"])

    for answer in (reader.get(EXPORTS), reader.post(EXPORTS), reader.get(content_of(made))):
        assert (answer.status_code, error_of(answer)["code"]) == (403, "missing_scope")
