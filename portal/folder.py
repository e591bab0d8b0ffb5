"""Private files in a folder of this machine, or one that many machines mount."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    def walk(self, top: str) -> Iterator[tuple[str, datetime]]:
        """Yield the name of every file below a folder, with the time of its last change."""
        for path in Path(self.path(top)).rglob("*"):
            if path.is_file():
                modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield path.relative_to(self.location).as_posix(), modified
