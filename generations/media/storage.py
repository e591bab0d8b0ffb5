"""Private storage for files that were made on this machine."""

import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import FieldFile

from generations.media.scratch import scratch_folder


class LocalFile(File):
    """A file that the storage may move, not copy: it moves what has a `temporary_file_path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"))
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def store(path: Path, *, folder: str, generation_id: UUID, kind: str) -> str:
    """Bring a finished file into private storage and return its name there.

    Where both are on one disk this is a rename; elsewhere a copy, whose name nobody knows before
    it is whole. The original is gone afterwards. The name has 128 random bits and says nothing of
    the content.
    """
    name = f"{folder}/{generation_id}/{secrets.token_hex(16)}-{kind}{path.suffix}"
    with LocalFile(path) as file:
        return default_storage.save(name, file)


def is_in_a_folder(file: FieldFile) -> bool:
    return isinstance(file.storage, FileSystemStorage)


@contextmanager
def on_disk(file: FieldFile) -> Iterator[Path]:
    """Give the path at which a stored file can be read: in its place, or of a copy made here."""
    if is_in_a_folder(file):
        yield Path(file.path)
        return
    with scratch_folder() as folder:
        copy = folder / Path(str(file.name)).name
        with file.storage.open(str(file.name), "rb") as stored, copy.open("xb") as here:
            shutil.copyfileobj(stored, here)
        yield copy


def discard(files: Iterable[FieldFile]) -> None:
    """Delete files from storage, for good; one that is gone already is no error."""
    for file in files:
        if file.name:
            file.storage.delete(file.name)
