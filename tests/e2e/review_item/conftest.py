"""A claimed review of a clip that follows an earlier one, open in a real browser."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist
from generations.models import Generation, Note, Submission
from generations.notes.services import pin
from tests.e2e.films import give_film
from tests.generations.reviews.acting import claim
from tests.generations.sharing.fixtures import ground, make_submission, make_work

__all__ = ["ground", "make_submission", "make_work"]

FACE = "Whose face is it?"
# Where an element is once the page under it has scrolled to its end.
AT_REST = """async (one) => {
  for (let was = "", calm = 0; calm < 5; ) {
    await new Promise(requestAnimationFrame);
    const now = JSON.stringify(one.getBoundingClientRect());
    calm = now === was ? calm + 1 : 0;
    was = now;
  }
  return one.getBoundingClientRect().toJSON();
}"""
FRAMES = 48  # two seconds


@pytest.fixture
def earlier(
    make_work: Callable[..., Generation],
    make_submission: Callable[..., Submission],
    tmp_path: Path,
) -> Submission:
    """Ada's first version, submitted too: shorter by a second."""
    folder = tmp_path / "earlier"
    folder.mkdir()
    return make_submission(give_film(make_work(), folder, frames=24), title="Boat, first")


@pytest.fixture
def submission(
    earlier: Submission,
    make_work: Callable[..., Generation],
    make_submission: Callable[..., Submission],
    tmp_path: Path,
) -> Submission:
    """Made from the first version, with a first image."""
    work = give_film(make_work(parent=earlier.generation), tmp_path, frames=FRAMES)
    image = io.BytesIO()
    Image.new("RGB", (640, 360), "orange").save(image, "JPEG")
    work.first_image.save("hers.jpg", ContentFile(image.getvalue()))
    return make_submission(work)


@pytest.fixture
def held(submission: Submission, reviewer: Artist) -> Submission:
    claim(submission=submission, reviewer=reviewer)
    return submission


@pytest.fixture
def window(
    browser: Browser, live_server: LiveServer, client: Client, reviewer: Artist
) -> Iterator[Callable[..., Page]]:
    """Open a window in which Rita is signed in, or another; `options` are those of a context."""
    contexts, complaints = [], []

    def open_window(who: Artist = reviewer, **options: Any) -> Page:
        client.force_login(who)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=live_server.url, **options)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    return window()


def watch(page: Page, submission: Submission) -> None:
    page.goto(submission.review.get_absolute_url())
    page.wait_for_function("() => document.querySelector('clip-player video').readyState >= 2")


def go_to(page: Page, frame: int) -> None:
    page.evaluate(f"document.querySelector('clip-player').seekToFrame({frame})")
    page.wait_for_function(
        f"""() => {{ const player = document.querySelector("clip-player");
        return player.frame === {frame} && !player.video.seeking; }}"""
    )


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """Draw with the mouse, in parts of the picture."""
    box = page.locator(".player-stage > video").evaluate(AT_REST)
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def pin_at(submission: Submission, author: Artist, frame: int, **said: Any) -> Note:
    facts: dict[str, Any] = {"last_frame": frame, "text": FACE, "drawing": []} | said
    return pin(submission=submission, author=author, first_frame=frame, **facts)
