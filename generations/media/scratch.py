"""Room for files that are being made, gone again whatever happens."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new private folder on a disk of this machine, removed at the end of the block."""
    settings.SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH) as name:
        yield Path(name)
