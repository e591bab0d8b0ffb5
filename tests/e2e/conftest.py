"""A running portal, with worker, schedule and sketch server, and a browser to look at it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist
from tests.services.packages import CHROMIUM
from tests.services.portal import MANAGE, ROOT, Portal

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A real site, no demo, with the people of tests.e2e.people."""
    settings = {"GREENROOM_DEMO": "0", "GREENROOM_SECRET_KEY": "of the browser tests"}
    settings["GREENROOM_EMAIL_URL"] = "filemail://"
    running = Portal(tmp_path_factory.mktemp("portal"), settings)
    try:
        running.start()
        command = [sys.executable, "-m", "tests.e2e.people"]
        subprocess.run(command, env=running.environment, cwd=ROOT, check=True)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def invitation(portal: Portal) -> Callable[[str], str]:
    """Invite somebody at the command line, and return the link."""

    def invite(email: str) -> str:
        from tests.e2e.people import COHORT

        done = subprocess.run(
            [*MANAGE, "invite", email, "--cohort", COHORT],
            env=portal.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return next(word for word in done.stdout.split() if "/invitations/" in word)

    return invite


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = CHROMIUM.find()
        assert program is not None
        running = playwright.chromium.launch(executable_path=str(Path(program)), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, portal: Portal) -> Iterator[Callable[[], Page]]:
    """Open a window of somebody new; at the end none may have met an error in its console."""
    pages: list[Page] = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def open_page() -> Page:
        context = browser.new_context(base_url=portal.url, viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", listen)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    # A page that answers 404 or 410 on purpose is logged by Chromium as a failed resource.
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture(autouse=True, scope="session")
def _database_beside_the_browser() -> Iterator[None]:
    """Let tests and their fixtures reach the database in the thread that drives the browser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, client: Client, artist: Artist
) -> Iterator[Page]:
    """A window in which Ada is signed in, of a web server without worker and schedule."""
    client.force_login(artist)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    window = context.new_page()
    complaints: list[str] = []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    assert complaints == []
