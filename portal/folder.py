"""Private files in a folder of this machine, or one that many machines mount."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from django.core.files.storage import FileSystemStorage

from portal.files import StoredFile


class Folder(FileSystemStorage):
    def delete(self, name: str) -> None:
        """Delete a file, and the folders that it leaves empty, but for those at the top."""
        super().delete(name)
        for folder in PurePosixPath(name).parents[:-2]:
            try:
                Path(self.path(str(folder))).rmdir()
            except OSError:  # others are in it, or it is gone
                return

    def walk(self, top: str = "") -> Iterator[StoredFile]:
        """Yield every file below a folder, or every one that there is."""
        for path in Path(self.path(top)).rglob("*"):
            if path.is_file():
                found = path.stat()
                modified = datetime.fromtimestamp(found.st_mtime, UTC)
                name = path.relative_to(self.location).as_posix()
                yield StoredFile(name, modified, found.st_size)
