"""A provider is one file, and one line in PROVIDER_APIS."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone

from artists.models import Reservation
from artists.quotas.checking import check_ledger
from generations import tasks
from generations.models import Attempt, Generation, VideoModel
from generations.models.generation import Status
from generations.providers.base import Provider
from generations.providers.registry import provider_named
from tests.emulators.openai_videos import small_clip
from tests.emulators.served import served

KEY = "a-bakers-key"
LINE = {"bakery": "tests.generations.providers.fourth.Bakery"}


class Oven:
    """The outside of it: each loaf is what `state` says."""

    def __init__(self) -> None:
        self.state = "baking"
        self.loaves: list[dict[str, Any]] = []
        self.clip = small_clip(seconds=0.5, width=160, height=90)

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["x-baker"] == KEY
        if request.method == "POST":
            self.loaves.append(json.loads(request.content))
            return httpx.Response(200, json={"loaf": str(len(self.loaves))})
        if request.url.path.endswith("/clip"):
            return httpx.Response(200, content=self.clip)
        return httpx.Response(200, json={"state": self.state})


@pytest.mark.django_db
@pytest.mark.usefixtures("tasks_run_at_once")
@pytest.mark.parametrize(
    ("state", "end"),
    [
        ("baked", (Status.READY, Reservation.State.SETTLED)),
        ("burnt", (Status.FAILED, Reservation.State.REFUNDED)),
    ],
)
def test_a_fourth_provider_takes_a_prompt_to_its_end_with_nothing_else_changed(
    make_generation: Callable[..., Generation],
    video_model: VideoModel,
    settings: Any,
    state: str,
    end: tuple[str, str],
) -> None:
    oven = Oven()
    settings.PROVIDER_APIS = settings.PROVIDER_APIS | LINE
    VideoModel.objects.update(provider="corner", extras={"oven": "stone", "output_path": "/etc"})
    video_model.refresh_from_db()
    with served(oven, base="") as url:
        settings.PROVIDERS = {"corner": {"api": "bakery", "url": url, "key": KEY}}
        generation = make_generation("A loaf")
        tasks.dispatch.delay()
        oven.state = state
        Generation.objects.update(next_poll_at=timezone.now())
        tasks.poll.delay()

    generation.refresh_from_db()
    assert (generation.status, generation.reservation.state) == end
    assert list(check_ledger()) == []
    assert oven.loaves == [{"recipe": "A loaf", "oven": "stone"}]
    assert Attempt.objects.get().native_status == state


def test_each_api_has_all_of_the_interface_and_a_row_in_the_docs(settings: Any) -> None:
    needed = {*Provider.__annotations__, *vars(Provider)} - set(vars(object))
    needed = {name for name in needed if not name.startswith("_")}
    docs = (Path(settings.BASE_DIR) / "docs" / "providers.md").read_text()
    for api in settings.PROVIDER_APIS:
        settings.PROVIDERS = {"one": {"api": api, "url": "https://one.example", "key": KEY}}

        assert needed <= set(dir(provider_named("one")))
        assert f"`{api}`" in docs
