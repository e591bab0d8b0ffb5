"""Answering with the image that a clip begins with."""

from django.http import FileResponse, Http404

from generations.media.delivery import REVALIDATED
from generations.models import Generation

CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png"}  # as read_first_image writes them


def serve_first_image(generation: Generation) -> FileResponse:
    """Answer with the pixels that the artist sent along. Raises Http404 where there are none."""
    image = generation.first_image
    if not image or generation.removed_at is not None:
        raise Http404
    try:
        file = image.storage.open(str(image.name), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    content_type = CONTENT_TYPES[str(image.name).rpartition(".")[2]]
    headers = {"Cache-Control": REVALIDATED, "X-Content-Type-Options": "nosniff"}
    return FileResponse(file, content_type=content_type, headers=headers)
