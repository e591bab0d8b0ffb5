"""The first image of a clip: checked, turned upright, and kept as a plain PNG."""

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from .errors import ApiError
from .offer import MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS

_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_LONGEST_SIDE: Final = 2560  # more than a 1080p frame with its margin shows


def clean_image(content: bytes) -> bytes:
    """An uploaded image as an upright RGB PNG no larger than a render uses.

    Raises ApiError for what is too large, not an image, damaged, or would not fit in memory.
    """
    if len(content) > MAX_IMAGE_BYTES:
        raise _refusal(f"The image is larger than {MAX_IMAGE_BYTES // 1_000_000} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MAX_IMAGE_PIXELS:
                    raise _refusal(f"The image has more than {MAX_IMAGE_PIXELS:,} pixels.")
                image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
        raise _refusal(f"The image has more than {MAX_IMAGE_PIXELS:,} pixels.") from exc
    except UnidentifiedImageError as exc:
        raise _refusal("The first image must be a PNG, JPEG or WebP picture.") from exc
    except (OSError, SyntaxError, ValueError) as exc:
        raise _refusal("The image is damaged and cannot be read.") from exc
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    png = io.BytesIO()
    upright.save(png, "PNG", compress_level=1)
    return png.getvalue()


def _refusal(message: str) -> ApiError:
    return ApiError(message, code="invalid_image", param="input_reference")
