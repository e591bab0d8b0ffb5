"""Learning by what a public clip is known, once it is public."""

from uuid import UUID

from generations.media.inspection.inspecting import look
from generations.media.scratch import scratch_folder
from generations.media.storage import on_disk
from generations.models import SignedCopy

AT_ONCE = 20


def unknown() -> list[UUID]:
    """Public copies that nobody has looked at yet, the oldest first."""
    rows = SignedCopy.objects.public().filter(prints=None).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def get_to_know(copy_id: UUID) -> None:
    """Look at a public copy and keep what it is known by; done twice, it comes to the same.

    Raises OSError where the file cannot be read now.
    """
    copy = SignedCopy.objects.public().filter(pk=copy_id, prints=None).first()
    if copy is None:
        return
    with on_disk(copy.file, max_bytes=copy.size_bytes) as source, scratch_folder() as work:
        found = look(source, work)
    SignedCopy.objects.filter(pk=copy_id).update(
        video_sha256=found.video_sha256, prints=found.prints
    )
