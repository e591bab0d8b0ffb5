"""Reading an image that somebody uploads to begin a clip with."""

import io
import secrets

from django.conf import settings
from django.core.files.base import ContentFile, File
from PIL import Image

from portal.images import BadImage, read_image

MAX_SIDE = 1920
JPEG_QUALITY = 92
ENCODED_MAX_BYTES = 5 * MAX_SIDE * MAX_SIDE  # four a pixel that do not compress, and some room


def read_first_image(upload: File) -> ContentFile:
    """Return an upload as a JPEG, or a PNG where parts are transparent, that holds pixels alone.

    At most 1920 pixels a side, upright, in sRGB, without metadata, under a name that says
    nothing. Raises BadImage.
    """
    try:
        image = read_image(upload, max_bytes=settings.FIRST_IMAGE_MAX_BYTES)
    except BadImage as refusal:
        raise BadImage(refusal.message, field="first_image") from refusal
    has_transparency = image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)
    if not has_transparency:
        image = image.convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    encoded = io.BytesIO()
    if has_transparency:
        image.save(encoded, "PNG")
        suffix = "png"
    else:
        image.save(encoded, "JPEG", quality=JPEG_QUALITY)
        suffix = "jpg"
    return ContentFile(encoded.getvalue(), name=f"{secrets.token_hex(16)}.{suffix}")
