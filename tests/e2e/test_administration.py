"""Django's administration and the dashboard under the strict policy, in the portal's colours."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page

from artists.models import Artist
from artists.roles.services import MANAGER, set_roles
from generations.models import Generation, VideoModel
from tests.generations.sharing.fixtures import make_work, work
from tests.second_factor import give_app, show_factors

__all__ = ["make_work", "work"]

BREACH = "document.addEventListener('securitypolicyviolation', (e) => console.error(e.blockedURI))"


@pytest.fixture
def managed(page: Page, client: Client, artist: Artist) -> Iterator[Page]:
    """A window in which Ada manages; at the end its console may hold no error and no warning."""
    set_roles(artist, {MANAGER}, by=None)
    give_app(artist)
    show_factors(client, artist)
    complaints: list[str] = []
    page.add_init_script(BREACH)
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    yield page
    assert complaints == []


def test_the_administration_keeps_to_the_policy(
    managed: Page, artist: Artist, video_model: VideoModel
) -> None:
    for address in (
        "/admin/",
        "/admin/artists/artist/",
        "/admin/artists/artist/?is_active__exact=1",
        f"/admin/artists/artist/{artist.pk}/change/",
        "/admin/generations/videomodel/",
        f"/admin/generations/videomodel/{video_model.pk}/change/",
        "/admin/artists/invitation/add/",
    ):
        answer = managed.goto(address)

        assert answer is not None
        assert answer.status == 200, address
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert managed.locator(".vDateField, .vTimeField").count() == 2  # its own script ran
    assert managed.locator(".datetimeshortcuts").count() == 2


def test_the_administration_has_the_portals_colours_on_both_sides(managed: Page) -> None:
    colours = {}
    for address in ("/admin/", "/status/"):
        managed.goto(address)
        for scheme in ("light", "dark"):
            managed.emulate_media(color_scheme=scheme)
            read = "getComputedStyle(document.body).backgroundColor"
            colours[address, scheme] = managed.evaluate(read)
    managed.goto("/admin/")
    managed.get_by_role("button", name="Use the light theme").click()

    assert colours["/admin/", "light"] == colours["/status/", "light"]
    assert colours["/admin/", "dark"] == colours["/status/", "dark"]
    assert colours["/admin/", "dark"] != colours["/admin/", "light"]
    assert managed.evaluate(read) == colours["/status/", "light"]
    managed.goto("/status/")
    assert managed.evaluate(read) == colours["/status/", "light"]


def test_a_column_leads_to_its_list_by_pointer_and_by_keyboard(
    managed: Page, work: Generation
) -> None:
    managed.goto("/dashboard/")
    managed.locator(".chart-hits").first.locator("a").last.click()
    assert managed.locator("tbody tr").count() == 1

    managed.goto("/dashboard/")
    managed.get_by_text("Show the numbers").first.press("Enter")
    managed.keyboard.press("Tab")  # the table, which scrolls
    managed.keyboard.press("Tab")
    managed.keyboard.press("Enter")
    managed.wait_for_url("**/dashboard/generations/**")
    assert managed.locator("tbody tr").count() == 1
