"""Reading an image that somebody uploads: pixels come out, and nothing else that was in it."""

import io
from http import HTTPStatus
from threading import BoundedSemaphore

from django.core.files.base import File
from PIL import Image, ImageCms, ImageOps

from portal.errors import PortalError

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 50_000_000  # what phones take; 150 MB when decoded
MIN_SIDE = 64
# A JPEG has some twenty scans, each of which goes over all its pixels: a file of 15 MB has room
# for a million of them, which would take hours.
MAX_SCANS = 100
SCAN = b"\xff\xda"
AT_ONCE = 2  # images decoded in one process: the largest takes half a gigabyte
MAX_RATIO = 4  # a frame takes the middle: of a longer strip next to nothing would be left


_room = BoundedSemaphore(AT_ONCE)


class BadImage(PortalError):
    code = "bad_image"
    message = "This file is not an image that can be read."
    status = HTTPStatus.BAD_REQUEST


def read_image(upload: File, *, max_bytes: int) -> Image.Image:
    """Return the upright pixels of an upload in sRGB, as RGB or RGBA, without any metadata.

    PNG, JPEG or WebP of `max_bytes` and 50 megapixels at most. Raises BadImage.
    """
    data = _read(upload, limit=max_bytes)
    with _room:
        return _decode(data)


def _read(upload: File, *, limit: int) -> bytes:
    upload.seek(0)
    data: bytes = upload.read(limit + 1)
    if not data:
        raise BadImage("The image file is empty.")
    if len(data) > limit:
        raise BadImage(f"The image is larger than {limit / 1e6:g} MB; send a smaller one.")
    return data


def _decode(data: bytes) -> Image.Image:
    """Return the upright pixels in sRGB, as RGB or RGBA, without anything that came with them."""
    _ensure_within_bounds(data)
    try:
        with _open(data) as image:
            image.verify()
        with _open(data) as image:
            profile = image.info.get("icc_profile")
            upright = ImageOps.exif_transpose(image)
            pixels = _to_srgb(_to_rgb(upright), profile if upright.mode.startswith("RGB") else None)
    except Exception as error:  # what a decoder raises for a damaged file is not a closed list
        raise BadImage("The image is damaged and cannot be read.") from error
    pixels.info.clear()
    return pixels


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _ensure_within_bounds(data: bytes) -> None:
    """Refuse by the header, before room is made for the pixels."""
    try:
        with _open(data) as image:
            width, height = image.size
            is_jpeg = image.format in ("JPEG", "MPO")
    except Image.DecompressionBombError as error:
        raise BadImage(f"The image has more than {MAX_PIXELS / 1e6:g} megapixels.") from error
    except Exception as error:
        raise BadImage("This file is not a PNG, JPEG or WebP image.") from error
    if is_jpeg and data.count(SCAN) > MAX_SCANS:
        raise BadImage("The image is made of too many layers to be read; save it anew.")
    if width * height > MAX_PIXELS:
        raise BadImage(f"The image has more than {MAX_PIXELS / 1e6:g} megapixels.")
    if min(width, height) < MIN_SIDE:
        raise BadImage(f"The image is smaller than {MIN_SIDE} pixels a side.")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise BadImage(f"The image is more than {MAX_RATIO} times as long as it is wide.")


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert from the colour profile that came with an image, for it is stripped.

    One that cannot be applied is passed over, as browsers do.
    """
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image
