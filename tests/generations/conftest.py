"""Works in any state, with files made here."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile

from artists.models import Artist
from generations.models import Generation, Rendition, VideoModel
from generations.models.generation import Status
from generations.prompts.services import submit_prompt
from portal.celery import app as celery_app


@pytest.fixture
def tasks_run_at_once() -> Iterator[None]:
    """Run tasks where they are sent, without a worker."""
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


@pytest.fixture
def make_generation(artist: Artist, video_model: VideoModel) -> Callable[..., Generation]:
    """Queue four seconds of 1280x720 for eight credits."""

    def make(
        prompt: str = "A paper boat", *, by: Artist | None = None, **chosen: Any
    ) -> Generation:
        facts = {"size": "1280x720", "duration_seconds": 4} | chosen
        return submit_prompt(artist=by or artist, video_model=video_model, prompt=prompt, **facts)

    return make


@pytest.fixture
def make_work(make_generation: Callable[..., Generation]) -> Callable[..., Generation]:
    """A READY generation with a (tiny, made-up) file for each rendition."""

    def make(
        prompt: str = "A paper boat", *, by: Artist | None = None, **chosen: Any
    ) -> Generation:
        generation = make_generation(prompt, by=by, **chosen)
        Generation.objects.filter(pk=generation.pk).update(status=Status.READY, progress=100)
        for kind, suffix in Rendition.SUFFIXES.items():
            is_video = suffix == ".mp4"
            rendition = Rendition(
                generation=generation,
                kind=kind,
                content_type="video/mp4" if is_video else "image/webp",
                size_bytes=4,
                sha256="0" * 64,
                width=1280,
                height=720,
                duration_seconds=4 if is_video else None,
            )
            rendition.file.save(f"tests/{rendition.pk}{suffix}", ContentFile(b"tiny"), save=False)
            rendition.save()
        generation.refresh_from_db()
        return generation

    return make
