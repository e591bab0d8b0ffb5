"""A programme whose generations end when a test says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from artists.models import Artist, Reservation
from generations.models import Generation, VideoModel
from generations.models.generation import Status

MakeEnded = Callable[..., Generation]


@pytest.fixture
def make_ended(artist: Artist, video_model: VideoModel) -> MakeEnded:
    """Make a generation that ended at a moment: 8 credits, a minute after its prompt."""

    def make(
        at: datetime,
        *,
        by: Artist = artist,
        model: VideoModel = video_model,
        status: Status = Status.READY,
        seconds: int = 60,
        credits: int = 8,
        **facts: Any,
    ) -> Generation:
        settled = credits if status == Status.READY else 0
        state = "settled" if settled else "refunded"
        reservation = Reservation.objects.create(
            artist=by, credits=credits, settled_credits=settled, state=state, closed_at=at
        )
        made = Generation.objects.create(
            artist=by,
            video_model=model,
            prompt="A secret boat",
            size="1280x720",
            duration_seconds=4,
            seed=7,
            price_credits=credits,
            reservation=reservation,
            status=status,
            finished_at=at,
            **facts,
        )
        Generation.objects.filter(pk=made.pk).update(created_at=at - timedelta(seconds=seconds))
        return made

    return make


@pytest.fixture
def browser(client: Client, manager: Artist) -> Client:
    """A browser in which Mona, who manages, is signed in."""
    client.force_login(manager)
    return client
