"""The forms in which an API client may give a first image."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

_DATA_URL = re.compile(r"data:(image/[a-z0-9.+-]{1,40});base64,(.*)", re.ASCII | re.DOTALL)


def read_reference(given: Any) -> UploadedFile:
    """Return the upload, or the image in `{"image_url": "data:image/…;base64,…"}`.

    Addresses are never fetched: a server that opens what it is told to reaches into its own
    network. Raises ValidationError for anything but an image that came along.
    """
    if isinstance(given, UploadedFile):
        return given
    if not isinstance(given, Mapping) or set(given) - {"image_url", "file_id"}:
        raise ValidationError(
            'Upload the image as a file, or give {"image_url": "data:image/png;base64,…"}.',
            code="invalid",
        )
    if given.get("file_id") is not None:
        raise ValidationError(
            "There are no stored files to refer to here: upload the image itself.",
            code="file_id_not_supported",
        )
    return _decode(given.get("image_url"))


def _decode(image_url: Any) -> UploadedFile:
    data_url = _DATA_URL.fullmatch(image_url) if isinstance(image_url, str) else None
    if data_url is None:
        raise ValidationError(
            "Images are not fetched from addresses: upload the file, or give its bytes as "
            "data:image/png;base64,…",
            code="image_url_not_fetched",
        )
    try:
        content = base64.b64decode(data_url[2], validate=True)
    except ValueError as error:  # binascii.Error is one
        raise ValidationError("This data URL is not valid base64.", code="invalid") from error
    return SimpleUploadedFile("input_reference", content, data_url[1])
