"""What holds for every page: a strict policy of what a browser may load, and nothing inline."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from artists.models import Artist
from generations.models import Generation, Share
from tests.generations.sharing.fixtures import make_share, make_submission, make_work

__all__ = ["make_share", "make_submission", "make_work"]

PAGES = ("/", "/home/", "/create/", "/works/", "/tokens/", "/grounds/")


class InlineFinder(HTMLParser):
    """Collects what a strict policy would refuse: inline styles, scripts and handlers."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or "style" in names or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag} {names}>")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append(f"<{tag} {names}>")


@pytest.fixture
def pages(
    client: Client,
    make_work: Callable[..., Generation],
    make_share: Callable[..., Share],
    artist: Artist,
) -> dict[str, str]:
    """Every kind of page that an artist sees, by its address."""
    sign_in = {"/accounts/login/": client.get("/accounts/login/").content.decode()}
    client.force_login(artist)
    addresses = [*PAGES, make_work().get_absolute_url(), make_share().get_absolute_url()]
    return sign_in | {address: client.get(address).content.decode() for address in addresses}


def test_no_page_holds_anything_inline(pages: dict[str, str]) -> None:
    found = {address: InlineFinder(page).found for address, page in pages.items()}

    assert found == {address: [] for address in pages}


def test_every_page_has_a_title_a_language_one_heading_and_a_main_landmark(
    pages: dict[str, str],
) -> None:
    for address, page in pages.items():
        assert re.search(r"<title>\s*\S", page), address
        assert '<html lang="en' in page, address
        assert page.count("<h1") == 1, address
        assert page.count("<main") == 1, address


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here/"])
def test_the_policy_allows_what_comes_from_here_and_nothing_inline(
    client: Client, address: str
) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert not {"unsafe", "data:", "blob:", "*"} & set(re.split(r"[\s;'-]+", policy))
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/v1/videos", "/v1/nothing", "/api/openapi.json"])
def test_an_answer_in_json_has_the_policy_of_pages(client: Client, address: str) -> None:
    answer = client.get(address)

    assert "json" in answer.headers["Content-Type"]
    page = client.get("/")
    assert answer.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]
