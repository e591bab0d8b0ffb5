"""What goes into an archive, file by file: the works, the tables, pages to read, the manifest."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from artists.models import Artist
from generations.media.credentials.copies import signed_once
from generations.media.credentials.errors import MasterMissing, NotSigned
from generations.media.filenames import name_words
from generations.models import Generation, Rendition
from generations.taking.pages import STYLE, STYLE_PATH, Taken, pages
from generations.taking.sections import TABLES, WORKS, works_of
from generations.taking.tables import Row, Table, as_csv, as_json, read
from generations.taking.zipping import Entry

AT_ONCE = 100
BLOCK_BYTES = 256 * 1024

logger = logging.getLogger(__name__)


class Contents:
    """The files of one archive, each made as it is asked for.

    `done_bytes` says how much of the works' files has been read. A work that is removed meanwhile
    keeps its prompt in the tables, and has those of its files that were there in time.
    """

    def __init__(self, artist: Artist, *, at: datetime) -> None:
        self.artist, self.at = artist, at
        self.done_bytes = 0
        self._taken: dict[UUID, Taken] = {}
        self._manifest: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Entry]:
        for number, work in enumerate(self._works(), start=1):
            yield from self._files_of(work, number)
        for table in (WORKS._replace(more=self._with_files), *TABLES):
            yield from self._table(table)
        yield self._noted(STYLE_PATH, [STYLE.encode()])
        for path, page in pages(self.artist, self._taken, at=self.at):
            yield self._noted(path, [page.encode()])
        manifest = {
            "programme": settings.PROGRAMME_NAME,
            "made_at": timezone.localtime(self.at).isoformat(timespec="seconds"),
            "files": self._manifest,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        yield Entry("manifest.json", [text.encode()])

    def _works(self) -> Iterator[Generation]:
        works = works_of(self.artist).select_related("render", "artist", "video_model")
        works = works.prefetch_related("renditions")
        last = None
        while True:
            after = works if last is None else works.filter(pk__gt=last)
            page = list(after.order_by("pk")[:AT_ONCE])
            yield from page
            if len(page) < AT_ONCE:
                return
            last = page[-1].pk

    def _files_of(self, work: Generation, number: int) -> Iterator[Entry]:
        words = name_words(work.prompt)
        folder = "works/" + "-".join(filter(None, [f"{number:04d}", words]))
        taken = self._taken[work.pk] = Taken(folder, [])
        for name, stored in _files(work):
            path = f"{folder}/{name}{PurePosixPath(str(stored.name)).suffix}"
            with ExitStack() as until_read:
                try:
                    file = _open(stored, until_read)
                except FileNotFoundError:  # removed a moment ago
                    logger.info("%s is not there to be taken", stored.name)
                    continue
                taken.files.append(path.removeprefix(f"{folder}/"))
                yield self._noted(path, self._read(file), size_bytes=file.size)

    def _read(self, file: File) -> Iterator[bytes]:
        with file:
            while block := file.read(BLOCK_BYTES):
                self.done_bytes += len(block)
                yield block

    def _table(self, table: Table) -> Iterator[Entry]:
        for suffix, blocks in (
            ("json", as_json(read(table, self.artist))),
            ("csv", as_csv(table, read(table, self.artist))),
        ):
            yield self._noted(f"data/{table.name}.{suffix}", blocks)

    def _with_files(self, row: Row) -> Row | None:
        """A work's row with its files; None for a work that was begun after the archive."""
        taken = self._taken.get(row["id"])
        return taken and row | {"files": [f"{taken.folder}/{name}" for name in taken.files]}

    def _noted(self, path: str, blocks: Iterable[bytes], *, size_bytes: int = 0) -> Entry:
        """An entry that stands in the manifest with the size and the hash that it turns out to
        have."""
        return Entry(path, self._note(path, blocks), size_bytes)

    def _note(self, path: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        for block in blocks:
            digest.update(block)
            size += len(block)
            yield block
        self._manifest.append({"path": path, "bytes": size, "sha256": digest.hexdigest()})


def _open(stored: FieldFile, until_read: ExitStack) -> File:
    """Open a stored file: of a share master a copy with Content Credentials, made for this.

    Where nothing can be signed now the share master goes as it is: all of their work is what an
    artist is promised. Raises FileNotFoundError.
    """
    of = stored.instance
    if isinstance(of, Rendition) and of.kind == Rendition.Kind.MASTER:
        try:
            return until_read.enter_context(signed_once(of))
        except NotSigned:
            logger.error("%s is taken without credentials", stored.name)  # noqa: TRY400  (see above)
        except MasterMissing as exc:
            raise FileNotFoundError(str(stored.name)) from exc
    return stored.storage.open(str(stored.name), "rb")


def _files(work: Generation) -> Iterator[tuple[str, FieldFile]]:
    """The stored files of a work, each with its name in the archive."""
    if hasattr(work, "render") and work.render.file:
        yield "render", work.render.file
    for rendition in work.renditions.all():
        if rendition.file:
            yield rendition.kind, rendition.file
    if work.first_image:
        yield "first-image", work.first_image
