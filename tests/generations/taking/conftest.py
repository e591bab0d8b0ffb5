"""Archives made by hand, and read as their owner would read them."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage

from artists.models import Artist
from generations.models import Archive
from generations.taking import making
from generations.taking.services import ask


class Opened:
    """An archive that was downloaded."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        assert self.zip.testzip() is None

    @property
    def names(self) -> set[str]:
        return set(self.zip.namelist())

    def json(self, name: str) -> Any:
        return json.loads(self.zip.read(name))

    def text(self, name: str) -> str:
        return self.zip.read(name).decode("utf-8-sig")


@pytest.fixture(autouse=True)
def _no_archives_of_another_test() -> None:
    shutil.rmtree(default_storage.path(making.FOLDER), ignore_errors=True)


@pytest.fixture
def take(artist: Artist) -> Callable[[], Opened]:
    """Ask for an archive, make it as the worker does, and open it."""

    def make() -> Opened:
        archive = ask(artist)
        making.make(archive.pk)
        archive.refresh_from_db()
        assert archive.status == Archive.Status.READY
        with archive.file.open("rb") as file:
            return Opened(file.read())

    return make
