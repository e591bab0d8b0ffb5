"""Pauses of any scope."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from artists.access.pausing import pause
from artists.access.services import create_token
from artists.models import Artist, Pause, Token
from generations.models import VideoModel
from tests.generations.rendering.conftest import Worker, clip, emulator, worker

__all__ = ["Worker", "clip", "emulator", "worker"]

SCOPES = ("programme", "cohort", "artist", "token", "video_model")
REASON = "A key of ours was seen in public"


def paused(by: Artist | None = None, **fields: Any) -> Pause:
    """Put a pause in force, for two hours as far as anybody knows."""
    known = {"reason": REASON, "expected_end": timezone.now() + timedelta(hours=2)}
    return pause(Pause(**known | fields), by=by)


@pytest.fixture
def token(artist: Artist) -> Token:
    return create_token(artist, "laptop")[0]


@pytest.fixture
def scope_of(artist: Artist, token: Token, video_model: VideoModel) -> Callable[[str], dict]:
    """The scope of a pause that touches what Ada makes by her token."""
    keys: dict[str, dict[str, Any]] = {
        "programme": {},
        "cohort": {"cohort": artist.cohort},
        "artist": {"artist": artist},
        "token": {"token": token},
        "video_model": {"video_model_id": video_model.pk},
    }
    return keys.__getitem__
