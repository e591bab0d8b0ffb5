"""Files that nobody needs any more: what killed workers left, and what was removed."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from generations.media.agreement import compared
from generations.media.credentials.copies import FOLDER as SIGNED
from generations.media.credentials.copies import delete_copies
from generations.media.storage import FIRST_IMAGES, discard
from generations.models import Generation, Render
from generations.models.generation import ENDED, Status

AT_ONCE = 500  # the next pass comes within the hour
OLD_SECONDS = 24 * 3600  # no work takes as long: what is older is nobody's
FOLDERS = ("renders", "renditions", FIRST_IMAGES, "pictures", "archives", SIGNED)


def empty_scratch() -> int:
    """Remove the scratch folders of workers that were killed; return how many."""
    old = [path for path in _entries(settings.SCRATCH) if _is_old(path.stat().st_mtime)]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def delete_removed() -> int:
    """Delete the files of removed works that a killed process has left; return how many works.

    Works whose files are gone are not looked at again, however many they are.
    """
    left = Generation.objects.filter(removed_at__isnull=False, files_deleted_at=None)
    removed = list(left.order_by("removed_at")[:AT_ONCE])
    for generation in removed:
        delete_files(generation)
    return len(removed)


def delete_first_images() -> int:
    """Delete the first images of what ended without a clip, for nobody needs them any more."""
    without_a_clip = set(ENDED) - {Status.READY}
    ended = Generation.objects.filter(status__in=without_a_clip, first_image__isnull=False)
    found = list(ended[:AT_ONCE])
    for generation in found:
        discard([generation.first_image])
        Generation.objects.filter(pk=generation.pk).update(first_image=None)
    return len(found)


def delete_files(generation: Generation) -> None:
    """Delete the files of a work, and then say in its rows that they are gone."""
    renders = Render.objects.filter(generation=generation)
    discard(made.file for made in [*renders, *generation.renditions.all()])
    discard([generation.first_image])
    delete_copies(generation)
    renders.update(file="")
    generation.renditions.update(file="")
    Generation.objects.filter(pk=generation.pk).update(
        first_image=None, placeholder="", files_deleted_at=timezone.now()
    )


def delete_unknown() -> int:
    """Delete old files that no row names: their worker was killed before it wrote the row."""
    count = 0
    old = timezone.now() - timedelta(seconds=OLD_SECONDS)
    with compared() as agreement:
        for name in agreement.unnamed(before=old):
            if name.partition("/")[0] in FOLDERS:
                default_storage.delete(name)
                count += 1
    return count


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _is_old(modified: float) -> bool:
    return time.time() - modified > OLD_SECONDS
