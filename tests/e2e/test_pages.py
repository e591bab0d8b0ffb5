"""What pages do by themselves in a browser: send once, ask again, go on with a session's end."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from artists.models import Artist, Reservation
from generations.models import Generation, VideoModel
from generations.models.generation import Status
from tests.generations.conftest import make_generation
from tests.generations.sharing.fixtures import FILES, make_work, store

__all__ = ["make_generation", "make_work"]


def test_a_double_click_makes_one_clip(page: Page, video_model: VideoModel) -> None:
    page.goto("/create/")
    page.get_by_label("Prompt").fill("A paper boat")

    page.get_by_role("button", name="Make it").dblclick()

    page.wait_for_url("**/works/*/")
    assert Generation.objects.count() == Reservation.objects.count() == 1


def test_the_button_rests_while_the_form_is_sent_and_wakes_for_who_comes_back(
    page: Page, video_model: VideoModel
) -> None:
    page.goto("/create/")
    page.get_by_label("Prompt").fill("A paper boat")
    button = page.get_by_role("button", name="Make it")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    nonce = page.locator("[name=nonce]").input_value()

    button.click()
    expect(button).to_be_disabled()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(button).to_be_enabled()
    assert page.locator("[name=nonce]").input_value() != nonce


def test_home_asks_once_for_all_and_shows_what_has_ended(
    page: Page, make_generation: Callable[..., Generation]
) -> None:
    boat = make_generation("A paper boat")
    for number in range(5):
        make_generation(f"A crane, {number}")
    page.goto("/home/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    Generation.objects.filter(pk=boat.pk).update(status=Status.CANCELLED)

    expect(page.locator("#active .badge[data-status=cancelled]")).to_be_visible()
    assert [url for url in asked if "/progress/" in url] == []
    Generation.objects.update(status=Status.CANCELLED)
    expect(page.get_by_role("heading", name="Just ended")).to_be_visible()
    assert page.locator("#active [hx-get], #active[hx-get]").count() == 0


def test_the_focus_stays_on_a_button_while_its_list_is_renewed(
    page: Page, make_generation: Callable[..., Generation]
) -> None:
    waiting, _ = make_generation("Waits"), make_generation("Waits too")
    page.goto("/home/")
    page.locator(f"#cancel-{waiting.pk}").focus()

    with page.expect_response("**/active/**"):
        pass
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-settling')")

    assert page.evaluate("document.activeElement.id") == f"cancel-{waiting.pk}"


def test_a_work_shows_its_steps_as_they_are_taken(
    page: Page, make_generation: Callable[..., Generation]
) -> None:
    generation = make_generation("A paper boat")
    page.goto(generation.get_absolute_url())
    expect(page.locator("#moves li")).to_have_count(1)

    Generation.objects.move(generation.pk, Status.SUBMITTING)

    expect(page.locator("#moves li")).to_have_count(2)
    expect(page.locator("#moves")).to_have_count(1)


@pytest.mark.parametrize("place", ["", "#account"])
def test_a_clip_that_is_ready_comes_into_sight(
    page: Page, make_generation: Callable[..., Generation], place: str
) -> None:
    generation = make_generation("A paper boat", size="1920x1080", duration_seconds=10)
    page.goto(generation.get_absolute_url() + place)
    page.evaluate("scrollTo(0, 0)")
    expect(page).to_have_title(re.compile("^Being made: A paper boat"))

    for kind, (content_type, width, height) in FILES.items():
        store(generation, kind, content_type=content_type, width=width, height=height)
    Generation.objects.filter(pk=generation.pk).update(
        status=Status.READY, finished_at=timezone.now()
    )

    expect(page.locator("video")).to_be_visible()
    expect(page).to_have_title(re.compile("^A paper boat"))
    page.wait_for_load_state()
    page.wait_for_timeout(500)  # a browser that keeps the place scrolls after the page has loaded
    assert page.evaluate("scrollY") == 0
    expect(page.locator("video")).to_be_in_viewport()


def test_a_session_that_ends_while_a_page_asks_leads_to_sign_in(
    page: Page, make_generation: Callable[..., Generation], artist: Artist
) -> None:
    make_generation("A paper boat")
    page.goto("/home/")

    page.context.clear_cookies()

    page.wait_for_url("**/accounts/login/?next=/home/")
