"""The picture of a profile: small, square, and nothing in it but pixels."""

import io
import secrets

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps

from portal.images import read_image

PICTURE_MAX_BYTES = 10_000_000
SIDE = 512
QUALITY = 85
BACKGROUND = "white"


def read_picture(upload: File) -> ContentFile:
    """Return the middle of an upload as WebP of 512x512, under a name that says nothing.

    Raises BadImage for what is no image, or a bomb.
    """
    image = read_image(upload, max_bytes=PICTURE_MAX_BYTES)
    square = ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.LANCZOS)
    if square.mode == "RGBA":
        ground = Image.new("RGBA", square.size, BACKGROUND)
        square = Image.alpha_composite(ground, square).convert("RGB")
    encoded = io.BytesIO()
    square.save(encoded, "WEBP", quality=QUALITY)
    return ContentFile(encoded.getvalue(), name=f"pictures/{secrets.token_hex(16)}.webp")
