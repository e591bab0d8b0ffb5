"""Private storage: how files get there, and how they are read again on this machine."""

import errno
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models.fields.files import FieldFile

from generations.media.scratch import scratch_folder
from portal.errors import FilesAway

BLOCK_BYTES = 1024 * 1024
FIRST_IMAGES = "first_images"

logger = logging.getLogger(__name__)


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
    it is whole. The original is not to be used afterwards. The name has 128 random bits and says
    nothing of the content. Raises OSError where it cannot be kept.
    """
    name = f"{folder}/{generation_id}/{secrets.token_hex(16)}-{kind}{path.suffix}"
    with LocalFile(path) as file:
        return default_storage.save(name, file)


def is_in_a_folder(file: FieldFile) -> bool:
    return isinstance(file.storage, FileSystemStorage)


@contextmanager
def on_disk(file: FieldFile, *, max_bytes: int) -> Iterator[Path]:
    """Give the path at which a stored file can be read: in its place, or of a copy made here.

    The copy is gone after the block. Raises FileNotFoundError where it is not there, and OSError
    where it cannot be read or a copy of it would have more than `max_bytes`.
    """
    if is_in_a_folder(file):
        path = Path(file.path)
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, "the file is missing from the folder", path.name)
        yield path
        return
    with scratch_folder() as folder:
        copy = folder / Path(str(file.name)).name
        with file.storage.open(str(file.name), "rb") as stored, copy.open("xb") as here:
            copied = 0
            while block := stored.read(BLOCK_BYTES):
                copied += len(block)
                if copied > max_bytes:
                    raise OSError(errno.EFBIG, "the stored file is larger than it may be")
                here.write(block)
        yield copy


def discard(files: Iterable[FieldFile]) -> None:
    """Delete files from storage, for good; one that is gone already is no error.

    Raises OSError where the storage does not answer.
    """
    for file in files:
        if file.name:
            file.storage.delete(file.name)


@contextmanager
def stored_first(content: ContentFile | None) -> Iterator[str | None]:
    """Store a first image and give its name, before what names it; what fails keeps no image."""
    if content is None:
        yield None
        return
    try:
        name = default_storage.save(f"{FIRST_IMAGES}/{content.name}", content)
    except FilesAway as away:
        logger.error("a first image cannot be stored: %s", away.reason)  # noqa: TRY400
        raise
    try:
        yield name
    except BaseException:
        with suppress(OSError):  # else the tidying finds it
            default_storage.delete(name)
        raise
