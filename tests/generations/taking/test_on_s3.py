"""An archive made of a bucket, stored in it in parts, and given to its artist alone."""

import os
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import Archive
from generations.taking import making
from generations.taking.services import ask
from generations.tasks import tidy
from portal.bucket import PART_BYTES
from portal.errors import FilesAway
from tests.generations.sharing.fixtures import MakeWork
from tests.generations.taking.conftest import Opened
from tests.services.s3 import BUCKET, Files

PICTURE = os.urandom(2 * PART_BYTES + 1)


@pytest.fixture(autouse=True)
def _undisturbed(settings: Any) -> None:
    """The thread that says how far it is would wait for the transaction of the test."""
    settings.LEASE_SECONDS = 1800


@pytest.fixture
def archive(files: Files, artist: Artist, make_work: MakeWork) -> Archive:
    """One that is yet to be made, of two parts and a little more."""
    make_work().first_image.save("first.png", ContentFile(PICTURE))
    return ask(artist)


@pytest.fixture
def made(archive: Archive) -> Archive:
    assert making.make(archive.pk)
    archive.refresh_from_db()
    return archive


def address(archive: Archive) -> str:
    return reverse("generations:take_download", args=[archive.pk])


def test_it_goes_up_in_parts_as_it_is_made_and_comes_down_whole(
    files: Files, made: Archive, artist: Artist, client: Client
) -> None:
    """I12"""
    stored = files.client.head_object(**files.place(str(made.file.name)))
    assert stored["ContentLength"] == made.size_bytes > len(PICTURE)
    assert re.fullmatch(r'"[0-9a-f]{32}-3"', stored["ETag"])  # three parts
    client.force_login(artist)

    answer = client.get(address(made))

    opened = Opened(answer.getvalue())
    (folder,) = {row["files"][0].rpartition("/")[0] for row in opened.json("data/works.json")}
    assert opened.zip.read(f"{folder}/first-image.png") == PICTURE
    assert {"index.html", "manifest.json", f"{folder}/master.mp4"} <= opened.names


def test_a_download_that_broke_off_goes_on_where_it_was(
    made: Archive, artist: Artist, client: Client
) -> None:
    client.force_login(artist)
    whole = client.get(address(made)).getvalue()
    start = made.size_bytes - 1000

    rest = client.get(address(made), headers={"Range": f"bytes={start}-"})

    assert (rest.status_code, rest.getvalue()) == (206, whole[start:])


def test_nobody_else_gets_it(made: Archive, other_artist: Artist, client: Client) -> None:
    """I7"""
    assert client.get(address(made)).status_code == 404
    client.force_login(other_artist)

    assert client.get(address(made)).status_code == 404


def test_one_that_breaks_off_leaves_nothing_in_the_bucket(
    files: Files, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a file nor the parts of one."""

    def fail(contents: making.Contents, table: object) -> object:
        raise RuntimeError("the database went away")

    before = files.names()
    monkeypatch.setattr(making.Contents, "_table", fail)

    with pytest.raises(RuntimeError):
        making.make(archive.pk)

    assert files.names() == before
    assert "Uploads" not in files.client.list_multipart_uploads(Bucket=BUCKET)
    assert making.due() == [archive.pk]


def test_while_the_bucket_is_away_it_waits_and_is_made_afterwards(
    files: Files, archive: Archive
) -> None:
    for _ in range(making.ENOUGH_TRIES + 1):
        with files.away(), pytest.raises(FilesAway):
            making.make(archive.pk)
        assert making.due() == []  # it rests
        Archive.objects.update(lease_until=timezone.now())

    assert making.due() == [archive.pk]
    assert making.make(archive.pk)


def test_what_is_outdated_is_deleted_from_the_bucket(files: Files, made: Archive) -> None:
    name = str(made.file.name)
    assert name in files.names()
    Archive.objects.update(expires_at=timezone.now())

    tidy()

    assert name not in files.names()
    assert not Archive.objects.exists()
