"""Public pages as visitors meet them: behind a password, and in the frame of another site."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from generations.models import Generation, Share
from tests.e2e.films import give_film
from tests.generations.sharing.fixtures import make_share, make_submission, make_work

__all__ = ["make_share", "make_submission", "make_work"]

PASSWORD = "seven paper boats"


class OtherSite(BaseHTTPRequestHandler):
    """A page somewhere else that shows a share in a frame."""

    def __init__(self, *arguments: object, frame: str) -> None:
        self.page = f"<!doctype html><title>Elsewhere</title>{frame}".encode()
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """Serve a page of another site with this HTML in it, and return its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(html: str) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(OtherSite, frame=html))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://localhost:{server.server_address[1]}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def film(
    make_work: Callable[..., Generation], make_share: Callable[..., Share], tmp_path: Path
) -> Share:
    return make_share(give_film(make_work(), tmp_path))


def test_a_visitor_gives_the_password_and_sees_the_clip(page: Page, film: Share) -> None:
    Share.objects.filter(pk=film.pk).update(password=make_password(PASSWORD))
    page.context.clear_cookies()
    page.goto(film.get_absolute_url())
    assert Axe().run(page).violations_count == 0

    page.get_by_label("Password").fill("seven paper goats")
    page.get_by_role("button", name="Show the clip").click()
    expect(page.get_by_text("This is not the password.")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Boat")).to_be_visible()
    page.wait_for_function("document.querySelector('video').readyState >= 2")


def test_a_frame_on_another_site_plays_and_a_page_does_not_stand_there(
    page: Page, film: Share, live_server: LiveServer, elsewhere: Callable[[str], str]
) -> None:
    own = f"{live_server.url}{film.get_absolute_url()}"
    frames = f'<iframe id="embed" src="{own}embed/" width="640" height="400"></iframe>'
    refused: list[str] = []
    page.context.clear_cookies()
    page.on("console", lambda message: refused.append(message.text))

    page.goto(elsewhere(f'{frames}<iframe id="page" src="{own}"></iframe>'))

    player = page.frame_locator("#embed")
    player.locator("video").wait_for()
    player.locator("video").evaluate("(video) => { video.muted = true; return video.play(); }")
    time = "(video) => video.currentTime"
    page.wait_for_timeout(500)
    assert player.locator("video").evaluate(time) > 0
    credit = player.get_by_role("link", name="Boat by Ada L.")
    expect(credit).to_be_visible()
    assert page.frame_locator("#page").locator("video").count() == 0
    assert any("frame-ancestors" in text for text in refused)
    assert page.context.cookies(page.url) == []


def test_a_frame_is_usable_by_all(page: Page, film: Share) -> None:
    page.goto(f"{film.get_absolute_url()}embed/")

    assert Axe().run(page).violations_count == 0
