"""Making the renditions of a render; then the generation is ready, and settled."""

from uuid import UUID

from generations.media.finishing import BadMedia, Made
from generations.media.finishing import finish as make_renditions
from generations.media.scratch import scratch_folder
from generations.media.storage import discard, on_disk, store
from generations.models import Render, Rendition
from generations.models.generation import Status
from generations.providers.base import FailureKind
from generations.rendering.ending import fail, succeed
from generations.rendering.lease import leased


def finish(generation_id: UUID) -> None:
    """Finish a fetched video. Bad media is a FAILED generation with its refund, never a crash."""
    with leased(generation_id, Status.FINISHING) as is_mine, scratch_folder() as folder:
        if not is_mine:
            return
        render = Render.objects.get(generation=generation_id)
        try:
            with on_disk(render.file, max_bytes=render.size_bytes) as source:
                made = make_renditions(source, folder)
        except BadMedia as exc:
            fail(generation_id, kind=FailureKind.BAD_OUTPUT, note=exc.message)
            return
        renditions = [_store(generation_id, one) for one in made]
        if not succeed(generation_id, renditions=renditions):
            discard(rendition.file for rendition in renditions)


def _store(generation_id: UUID, made: Made) -> Rendition:
    return Rendition(
        generation_id=generation_id,
        file=store(made.path, folder="renditions", generation_id=generation_id, kind=made.kind),
        kind=made.kind,
        content_type=made.content_type,
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        width=made.width,
        height=made.height,
        duration_seconds=made.duration_seconds,
        frame_rate=made.frame_rate,
    )
