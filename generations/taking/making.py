"""Making an archive: one worker at a time, straight into storage, in little memory (I12).

The row says what there is to do. A killed worker's claim runs out; then another begins again, and
what was half stored has a name that no row knows: the tidying deletes it.
"""

import hashlib
import io
import secrets
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from generations.media.storage import discard
from generations.models import Archive, Render, Rendition
from generations.taking.contents import Contents
from generations.taking.zipping import Source, zipped
from portal.errors import FilesAway
from portal.repeating import repeated

FOLDER = "archives"
AT_ONCE = 2  # of all artists: they share a worker with what is fetched
ENOUGH_TRIES = 4
REST = timedelta(seconds=30)  # while the storage is away
PROGRESS_SECONDS = 1.0


class NotWanted(Exception):
    """The row of the archive is gone, or another worker has made it."""


def due() -> list[UUID]:
    """Give up what cannot be made, and return what may be begun now."""
    waiting = Archive.objects.waiting()
    waiting.filter(tries__gte=ENOUGH_TRIES).order_by().update(status=Archive.Status.FAILED)
    running = Archive.objects.being_made().filter(lease_until__gt=timezone.now()).count()
    return list(waiting.values_list("pk", flat=True)[: max(AT_ONCE - running, 0)])


def make(archive_id: UUID) -> bool:
    """Make one archive, if nobody else does; say whether it is ready by this.

    What goes wrong leaves it to be tried again.
    """
    if not Archive.objects.claim(archive_id, seconds=settings.LEASE_SECONDS):
        return False
    archive = Archive.objects.select_related("artist").get(pk=archive_id)
    contents = Contents(archive.artist, at=timezone.now())
    written = Written(f"{FOLDER}/{archive.artist_id}/{secrets.token_hex(16)}.zip")
    try:
        Archive.objects.filter(pk=archive_id).update(total_bytes=_total_bytes(archive))
        with _renewed(archive_id, contents) as lost:
            written.write(zipped(contents, at=contents.at), until=lost)
        is_ready = _finish(archive, written)
    except NotWanted:
        is_ready = False
    except FilesAway:  # no fault of this archive: it rests, and its tries stay
        rested = timezone.now() + REST
        mine = Archive.objects.being_made().filter(pk=archive_id)
        mine.update(lease_until=rested, tries=F("tries") - 1)
        raise
    except Exception:
        Archive.objects.being_made().filter(pk=archive_id).update(lease_until=None)
        default_storage.delete(written.name)
        raise
    if not is_ready:
        default_storage.delete(written.name)
    return is_ready


def remove(archive: Archive) -> None:
    """Delete an archive's file, and then its row."""
    discard([archive.file])
    Archive.objects.filter(pk=archive.pk).delete()


def remove_outdated() -> int:
    """Delete the archives whose time is over; return how many."""
    outdated = list(Archive.objects.outdated())
    for archive in outdated:
        remove(archive)
    return len(outdated)


class Written:
    """A file in storage, measured as it is written."""

    def __init__(self, name: str) -> None:
        self.name, self.size_bytes = name, 0
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def write(self, blocks: Iterator[bytes], *, until: threading.Event) -> None:
        """Store the blocks as they come. Raises NotWanted once `until` is set."""
        source = io.BufferedReader(Source(self._measured(blocks, until)), File.DEFAULT_CHUNK_SIZE)
        self.name = default_storage.save(self.name, File(source, name=self.name))

    def _measured(self, blocks: Iterator[bytes], until: threading.Event) -> Iterator[bytes]:
        for block in blocks:
            if until.is_set():
                raise NotWanted
            self._digest.update(block)
            self.size_bytes += len(block)
            yield block


def _renewed(archive_id: UUID, contents: Contents) -> AbstractContextManager[threading.Event]:
    """Renew the claim and say how far it is, until the block ends; the event: it is lost."""
    return repeated(
        lambda: Archive.objects.renew(
            archive_id, seconds=settings.LEASE_SECONDS, done_bytes=contents.done_bytes
        ),
        every_seconds=min(PROGRESS_SECONDS, settings.LEASE_SECONDS / 3),
    )


@transaction.atomic
def _finish(archive: Archive, written: Written) -> bool:
    """READY, in the place of the one before; False if it is not wanted any more."""
    now = timezone.now()
    being_made = Archive.objects.being_made().filter(pk=archive.pk)
    is_ready = being_made.update(
        status=Archive.Status.READY,
        file=written.name,
        size_bytes=written.size_bytes,
        sha256=written.sha256,
        made_at=now,
        expires_at=now + timedelta(days=settings.ARCHIVE_DAYS),
        lease_until=None,
    )
    if is_ready:
        earlier = Archive.objects.filter(artist=archive.artist_id, pk__lt=archive.pk)
        for one in earlier:
            transaction.on_commit(partial(remove, one))
    return is_ready == 1


def _total_bytes(archive: Archive) -> int:
    """The size of all files that go in, but for first images, whose sizes no row knows."""
    of_artist = {"generation__artist": archive.artist_id}
    sums = (
        model.objects.filter(**of_artist).exclude(file="").aggregate(total=Sum("size_bytes"))
        for model in (Render, Rendition)
    )
    return sum(one["total"] or 0 for one in sums)
