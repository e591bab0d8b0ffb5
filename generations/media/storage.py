"""Private storage for files that were made on this machine."""

import secrets
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile


class LocalFile(File):
    """A file that the storage may move, not copy: it moves what has a `temporary_file_path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"))
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def store(path: Path, *, folder: str, generation_id: UUID, kind: str) -> str:
    """Bring a finished file into private storage and return its name there.

    Where both are on one disk this is a rename, so a file is there whole or not at all; the
    original is gone afterwards. The name has 128 random bits and says nothing of the content.
    """
    name = f"{folder}/{generation_id}/{secrets.token_hex(16)}-{kind}{path.suffix}"
    with LocalFile(path) as file:
        return default_storage.save(name, file)


def discard(files: Iterable[FieldFile]) -> None:
    """Delete files from storage, for good; one that is gone already is no error."""
    for file in files:
        if file.name:
            file.storage.delete(file.name)
