"""By keyboard alone: an artist appeals, a second reviewer overturns, the public page opens."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist
from generations.models import Appeal, Share, Submission
from tests.generations.appeals.fixtures import make_refusal, second_reviewer
from tests.generations.reviews.acting import let_stand
from tests.generations.sharing.fixtures import ground, make_submission, make_work
from tests.second_factor import FullClient

__all__ = ["ground", "make_refusal", "make_submission", "make_work", "second_reviewer"]

TABS_MAX = 80


@pytest.fixture
def page_of(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[Artist | None], Page]]:
    """Open a window in which somebody is signed in, or nobody."""
    contexts = []
    complaints: list[str] = []

    def open_page(person: Artist | None) -> Page:
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        if person is not None:
            client: Client = FullClient()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def reach(page: Page, words: str) -> None:
    """Press Tab until a control with these words has the focus."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if re.search(words, _focused(page)):
            return
    raise AssertionError(f"no Tab leads to {words}")


def _focused(page: Page) -> str:
    return str(
        page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
    )


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    with page.expect_navigation():
        yield


def test_an_appeal_by_keyboard_alone(
    page_of: Callable[[Artist | None], Page],
    artist: Artist,
    second_reviewer: Artist,
    make_refusal: Callable[..., Submission],
) -> None:
    refused = make_refusal()

    # The artist finds the way on the page of the work, and writes why.
    hers = page_of(artist)
    hers.goto(refused.generation.get_absolute_url())
    reach(hers, "^Appeal…")
    with leaving(hers):
        hers.keyboard.press("Enter")
    reach(hers, "^Why it should")
    hers.keyboard.type("It is my own face.")
    reach(hers, "^Send the appeal")
    with leaving(hers):
        hers.keyboard.press("Enter")
    expect(hers.get_by_role("heading", name="Your appeal")).to_be_visible()
    review = Appeal.objects.get().review

    # Somebody else reads, claims, asks, and overturns.
    sven = page_of(second_reviewer)
    sven.goto(review.get_absolute_url())
    expect(sven.get_by_text("It is my own face.")).to_be_visible()
    reach(sven, "^Claim this appeal")
    with leaving(sven):
        sven.keyboard.press("Enter")
    reach(sven, "^Write a message")
    sven.keyboard.type("When was it made?")
    reach(sven, "^Send")
    with leaving(sven):
        sven.keyboard.press("Enter")
    hers.reload()
    expect(hers.get_by_text("When was it made?")).to_be_visible()
    reach(sven, "^Uphold: ")
    sven.keyboard.press("ArrowDown")
    expect(sven.get_by_label("Overturn: undo")).to_be_checked()
    reach(sven, "^Record the decision")
    with leaving(sven):
        sven.keyboard.press("Enter")
    let_stand()

    # The page is there for everybody.
    share = Share.objects.get()
    stranger = page_of(None)
    stranger.goto(share.get_absolute_url())
    expect(stranger.get_by_role("heading", name=share.title)).to_be_visible()
    hers.reload()
    expect(hers.get_by_text("The first decision is undone").first).to_be_visible()
