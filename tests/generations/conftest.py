"""Prompts, and finished works with their files."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from artists.models import Artist
from generations.models import Generation, VideoModel
from generations.prompts.services import submit_prompt
from portal.celery import app as celery_app
from tests.generations.appeals.fixtures import (
    appeal,
    make_appeal,
    make_refusal,
    make_take_down,
    second_reviewer,
)
from tests.generations.sharing.fixtures import (
    claimed,
    ground,
    make_share,
    make_submission,
    make_work,
    share,
    submission,
    work,
)

__all__ = [
    "appeal",
    "claimed",
    "ground",
    "make_appeal",
    "make_refusal",
    "make_share",
    "make_submission",
    "make_take_down",
    "make_work",
    "second_reviewer",
    "share",
    "submission",
    "work",
]


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
        facts: dict[str, Any] = {"size": "1280x720", "duration_seconds": 4} | chosen
        return submit_prompt(artist=by or artist, video_model=video_model, prompt=prompt, **facts)

    return make
