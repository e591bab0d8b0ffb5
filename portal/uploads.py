"""What people send lies in a folder of its own while it is read: see FILE_UPLOAD_TEMP_DIR."""

import time
from pathlib import Path

from django.conf import settings

OLD_SECONDS = 24 * 3600  # nobody sends for as long


def remove_old() -> int:
    """Remove uploads of web processes that were killed; return how many."""
    count = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if time.time() - path.stat().st_mtime > OLD_SECONDS:
                path.unlink()
                count += 1
        except FileNotFoundError:  # read meanwhile, or removed by another process
            continue
    return count
