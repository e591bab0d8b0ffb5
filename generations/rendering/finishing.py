"""Making the renditions of a render; then the generation is ready, and settled."""

from functools import partial
from pathlib import Path
from shutil import copyfile
from uuid import UUID

from django.db import transaction

from generations.media.finishing import BadMedia, Made
from generations.media.finishing import finish as make_renditions
from generations.media.marking import marks_for
from generations.media.scratch import scratch_folder
from generations.media.storage import discard, on_disk, store
from generations.models import Generation, Render, Rendition
from generations.models.generation import Status
from generations.providers.base import FailureKind
from generations.rendering.ending import fail, succeed
from generations.rendering.lease import leased

POSTER = Rendition.Kind.POSTER


def finish(generation_id: UUID) -> None:
    """Finish a fetched video. Bad media is a FAILED generation with its refund, never a crash.

    Its poster is stored as soon as there is one, for the artist to see while the rest is made.
    """
    with leased(generation_id, Status.FINISHING) as is_mine, scratch_folder() as folder:
        if not is_mine:
            return
        render = Render.objects.select_related("generation__artist").get(generation=generation_id)
        try:
            with on_disk(render.file, max_bytes=render.size_bytes) as source:
                made = make_renditions(
                    source,
                    folder,
                    marks=marks_for(render.generation),
                    on_poster=partial(_show_poster, generation_id),
                )
        except BadMedia as exc:
            if fail(generation_id, kind=FailureKind.BAD_OUTPUT, note=exc.message):
                _hide_poster(generation_id)
            return
        renditions = [_store(generation_id, one, one.path) for one in made if one.kind != POSTER]
        if not succeed(generation_id, renditions=renditions):
            discard(rendition.file for rendition in renditions)


def _show_poster(generation_id: UUID, made: Made) -> None:
    """Store the poster of a clip that is being finished, in the place of one of an earlier try."""
    copy = made.path.with_name(f"kept{made.path.suffix}")
    copyfile(made.path, copy)
    poster = _store(generation_id, made, copy)
    if not _keep_poster(generation_id, poster, placeholder=made.placeholder):
        discard([poster.file])


@transaction.atomic
def _keep_poster(generation_id: UUID, poster: Rendition, *, placeholder: str) -> bool:
    """Write the poster down; False if the generation is not being finished any more."""
    finishing = Generation.objects.filter(pk=generation_id, status=Status.FINISHING)
    if not finishing.update(placeholder=placeholder):
        return False
    _drop_poster(generation_id)
    poster.save(force_insert=True)
    return True


@transaction.atomic
def _hide_poster(generation_id: UUID) -> None:
    Generation.objects.filter(pk=generation_id).update(placeholder="")
    _drop_poster(generation_id)


def _drop_poster(generation_id: UUID) -> None:
    """Delete the row of a poster and then, once that holds, its file."""
    for earlier in Rendition.objects.filter(generation=generation_id, kind=POSTER):
        file = earlier.file
        earlier.delete()
        transaction.on_commit(partial(discard, [file]), robust=True)  # or else the tidying


def _store(generation_id: UUID, made: Made, path: Path) -> Rendition:
    return Rendition(
        generation_id=generation_id,
        file=store(path, folder="renditions", generation_id=generation_id, kind=made.kind),
        kind=made.kind,
        content_type=made.content_type,
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        width=made.width,
        height=made.height,
        duration_seconds=made.duration_seconds,
        frame_rate=made.frame_rate,
        mark=made.mark,
    )
