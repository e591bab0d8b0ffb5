"""An artist's program: a token, a client that sends it, and videos in any state."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from artists.access.services import create_token
from artists.models import Artist, Token
from generations.models import Generation, Rendition, VideoModel
from generations.models.generation import Status
from generations.prompts.services import submit_prompt
from tests.generations.sharing.fixtures import clip_bytes

VIDEOS = "/v1/videos"
FILES = {
    Rendition.Kind.MASTER: ("video/mp4", clip_bytes()),
    Rendition.Kind.POSTER: ("image/webp", b"the bytes of a poster"),
    Rendition.Kind.FILMSTRIP: ("image/webp", b"the bytes of a filmstrip"),
}


def program_of(artist: Artist) -> Client:
    """A client that sends a new token of the artist's, and meets a 500 as a program does."""
    _, plaintext = create_token(artist, "a program")
    headers = {"Authorization": f"Bearer {plaintext}"}
    return Client(headers=headers, raise_request_exception=False)


@pytest.fixture
def program(artist: Artist, video_model: VideoModel) -> Client:
    return program_of(artist)


@pytest.fixture
def token(artist: Artist) -> tuple[Token, str]:
    return create_token(artist, "laptop")


@pytest.fixture
def make_video(artist: Artist, video_model: VideoModel) -> Callable[..., Generation]:
    """Put a generation into a state by moving its row; a ready one has its files."""

    def make(
        status: Status = Status.QUEUED,
        *,
        by: Artist | None = None,
        parent: Generation | None = None,
        **changes: Any,
    ) -> Generation:
        generation = submit_prompt(
            artist=by or artist,
            video_model=video_model,
            prompt="A paper boat on a river of ink",
            size="1280x720",
            duration_seconds=4,
            parent=parent,
        )
        Generation.objects.filter(pk=generation.pk).update(status=status, **changes)
        generation.refresh_from_db()
        if status == Status.READY:
            for kind in FILES:
                make_rendition(generation, kind)
        return generation

    return make


def make_rendition(generation: Generation, kind: Rendition.Kind) -> Rendition:
    content_type, content = FILES[kind]
    rendition = Rendition(
        generation=generation,
        kind=kind,
        content_type=content_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=1280,
        height=720,
    )
    name = f"{generation.pk}{Rendition.SUFFIXES[kind]}"
    rendition.file.save(name, ContentFile(content), save=False)
    rendition.save()
    return rendition


def picture(width: int = 320, height: int = 180, *, form: str = "PNG", mode: str = "RGB") -> bytes:
    encoded = io.BytesIO()
    Image.new(mode, (width, height), 1).save(encoded, form)
    return encoded.getvalue()
