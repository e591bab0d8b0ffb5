"""A create that may be sent again without making a second video."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from artists.models import Artist
from generations.models import Generation, IdempotencyKey
from generations.prompts.api_errors import (
    BadIdempotencyKey,
    IdempotencyKeyReused,
    IdempotencyKeySpent,
)

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


def read_key(header: str) -> str:
    """Return the key of an Idempotency-Key header. Raises BadIdempotencyKey."""
    key = header.strip()
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey
    return key


def fingerprint(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a body's fields as they were sent, a file by its bytes.

    Fields, not raw bytes: a multipart body has another boundary every time that it is sent.
    """
    stand_ins = {
        name: _file_sha256(value) if isinstance(value, UploadedFile) else value
        for name, value in body.items()
    }
    return hashlib.sha256(json.dumps(stand_ins, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def submit_once(
    *, artist: Artist, key: str, body_sha256: str, submit: Callable[[], Generation]
) -> tuple[Generation, bool]:
    """Return what this key made, making it if it has made nothing yet; True says that it is new.

    `submit` runs in this transaction: the key is kept if, and only if, its generation and the
    reservation are. The artist's row is the lock: of two requests with one key, the second waits
    and finds what the first made. Raises IdempotencyKeyReused, IdempotencyKeySpent, and what
    `submit` raises; then the key is free still.
    """
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    earlier = (
        IdempotencyKey.objects.filter(artist=artist, key=key)
        .select_related("generation__video_model", "generation__parent")
        .first()
    )
    if earlier is None:
        generation = submit()
        IdempotencyKey.objects.create(
            artist=artist, key=key, body_sha256=body_sha256, generation=generation
        )
        return generation, True
    if earlier.body_sha256 != body_sha256:
        raise IdempotencyKeyReused
    if earlier.generation.removed_at is not None:
        raise IdempotencyKeySpent
    return earlier.generation, False


def _file_sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():  # from the first byte, wherever it was read to before
        digest.update(chunk)
    return digest.hexdigest()
