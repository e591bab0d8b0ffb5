"""Files that nobody needs any more: what killed workers left, and what was removed."""

import itertools
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from artists.models import Artist
from generations.media.credentials.copies import FOLDER as SIGNED
from generations.media.credentials.copies import delete_copies
from generations.media.storage import FIRST_IMAGES, discard, stored_below
from generations.models import Archive, Generation, Render, Rendition, SignedCopy

OLD_SECONDS = 24 * 3600  # no work takes as long: what is older is nobody's
FOLDERS = ("renders", "renditions", FIRST_IMAGES, "pictures", "archives", SIGNED)
AT_ONCE = 200


def empty_scratch() -> int:
    """Remove the scratch folders of workers that were killed; return how many."""
    old = [path for path in _entries(settings.SCRATCH) if _is_old(path.stat().st_mtime)]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def delete_removed() -> int:
    """Delete the files of removed works that a killed process has left; return how many works."""
    has_files = (
        Q(render__isnull=False) & ~Q(render__file="")
        | Q(renditions__isnull=False) & ~Q(renditions__file="")
        | (Q(first_image__isnull=False) & ~Q(first_image=""))
        | Q(signed_copies__isnull=False)
    )
    removed = list(Generation.objects.filter(has_files, removed_at__isnull=False).distinct())
    for generation in removed:
        delete_files(generation)
    return len(removed)


def delete_files(generation: Generation) -> None:
    """Delete the files of a work, and then say in its rows that they are gone."""
    renders = Render.objects.filter(generation=generation)
    discard(made.file for made in [*renders, *generation.renditions.all()])
    discard([generation.first_image])
    delete_copies(generation)
    renders.update(file="")
    generation.renditions.update(file="")
    Generation.objects.filter(pk=generation.pk).update(first_image=None)


def delete_unknown() -> int:
    """Delete old files that no row names: their worker was killed before it wrote the row."""
    count = 0
    stored = _stored_names()
    while names := list(itertools.islice(stored, AT_ONCE)):
        unknown = set(names) - _known(names)
        for name in unknown:
            default_storage.delete(name)
        count += len(unknown)
    return count


def _stored_names() -> Iterator[str]:
    """Names of old files in private storage."""
    for top in FOLDERS:
        for name, modified in stored_below(top):
            if (timezone.now() - modified).total_seconds() > OLD_SECONDS:
                yield name


def _known(names: list[str]) -> set[str]:
    known = set(Render.objects.filter(file__in=names).values_list("file", flat=True))
    known |= set(Rendition.objects.filter(file__in=names).values_list("file", flat=True))
    known |= set(SignedCopy.objects.filter(file__in=names).values_list("file", flat=True))
    known |= set(Archive.objects.filter(file__in=names).values_list("file", flat=True))
    images = Generation.objects.filter(first_image__in=names)
    known |= {str(name) for name in images.values_list("first_image", flat=True)}
    pictures = Artist.objects.filter(picture__in=names)
    return known | set(pictures.values_list("picture", flat=True))


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _is_old(modified: float) -> bool:
    return time.time() - modified > OLD_SECONDS
