"""A create that may be sent again without making a second video."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from artists.models import Artist
from generations.checks.services import check_prompt
from generations.models import Generation, IdempotencyKey
from generations.prompts.api_errors import (
    BadIdempotencyKey,
    IdempotencyKeyReused,
    IdempotencyKeySpent,
)
from generations.prompts.services import submit_prompt

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


def submit_once(
    *,
    artist: Artist,
    key: str,
    body_sha256: str,
    choose: Callable[[], Mapping[str, Any]],
) -> tuple[Generation, bool]:
    """Return what this key made, making it if it has made nothing yet; True says that it is new.

    `choose` says what submit_prompt shall make, and is asked where the key has made nothing yet.
    The prompt is checked before any transaction. The rest shares one with the key: that is kept
    if, and only if, its generation and the reservation are. The artist's row is the lock: of two
    requests with one key, the second waits and finds what the first made. Raises
    IdempotencyKeyReused, IdempotencyKeySpent, and what `choose` and submit_prompt raise; then the
    key is free still.
    """
    if earlier := _made_by(artist, key):
        return _again(earlier, body_sha256), False
    chosen = choose()
    findings = check_prompt(
        artist=artist,
        video_model=chosen["video_model"],
        prompt=chosen["prompt"],
        token=chosen.get("token"),
    )
    with transaction.atomic():
        Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
        if earlier := _made_by(artist, key):
            return _again(earlier, body_sha256), False
        generation = submit_prompt(artist=artist, findings=findings, **chosen)
        IdempotencyKey.objects.create(
            artist=artist, key=key, body_sha256=body_sha256, generation=generation
        )
    return generation, True


def _made_by(artist: Artist, key: str) -> IdempotencyKey | None:
    found = IdempotencyKey.objects.filter(artist=artist, key=key)
    return found.select_related("generation__video_model", "generation__parent").first()


def _again(earlier: IdempotencyKey, body_sha256: str) -> Generation:
    """What the key made, to the same body. Raises IdempotencyKeyReused, IdempotencyKeySpent."""
    if earlier.body_sha256 != body_sha256:
        raise IdempotencyKeyReused
    if earlier.generation.removed_at is not None:
        raise IdempotencyKeySpent
    return earlier.generation


def _file_sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():  # from the first byte, wherever it was read to before
        digest.update(chunk)
    return digest.hexdigest()
