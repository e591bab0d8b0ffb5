"""A reviewer at work, in Chromium: from one to the next, undo, a lease that lives, a live queue."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist
from generations.models import Review, Submission
from generations.sharing.services import withdraw_submission
from tests.e2e.films import give_film
from tests.generations.reviews.acting import claim, review_of
from tests.generations.sharing.fixtures import make_submission, make_work
from tests.second_factor import give_app, show_factors

__all__ = ["make_submission", "make_work"]

MOST_MILLISECONDS = 300
GENEROUS = 5  # times as long, for machines that have other things to do meanwhile

SHOWN = """
() => {
  const video = document.querySelector("clip-player video");
  return new Promise((resolve) => {
    const shown = () => resolve(performance.timeOrigin + performance.now());
    if (video.readyState >= 2) shown();
    else video.addEventListener("loadeddata", shown, { once: true });
  });
}
"""


@pytest.fixture
def reviewer(make_artist: Callable[..., Artist]) -> Artist:
    rita = make_artist("Rita", role="reviewer")
    if not Authenticator.objects.filter(user=rita).exists():
        give_app(rita)
    return rita


@pytest.fixture
def desk(
    browser: Browser, live_server: LiveServer, client: Client, reviewer: Artist
) -> Iterator[Page]:
    """A window in which Rita is signed in."""
    client.force_login(reviewer)
    show_factors(client, reviewer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def queue(make_submission: Callable[..., Submission], tmp_path: Path) -> list[Submission]:
    """Three submissions of two seconds each, with files that a browser shows."""
    made = []
    for number in range(3):
        submission = make_submission(title=f"Boat {number}")
        folder = tmp_path / str(number)
        folder.mkdir()
        give_film(submission.generation, folder)
        due_at = timezone.now() + timedelta(hours=number + 1)
        Review.objects.filter(submission=submission).update(due_at=due_at)
        made.append(submission)
    return made


def test_a_reviewer_goes_through_the_queue_and_takes_one_back(
    desk: Page, queue: list[Submission]
) -> None:
    desk.goto("/reviews/")
    desk.get_by_role("button", name="Next").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 0")

    desk.get_by_label("Escalate").check()
    desk.get_by_label("Words for the managers").fill("Whose boat is it?")
    desk.get_by_role("button", name="Record the decision").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 1")
    bar = desk.get_by_role("group", name="Your last decision")
    expect(bar).to_contain_text("Boat 0")
    expect(bar).to_be_in_viewport()  # beneath a screen that fills the window
    expect(bar).to_contain_text(" s")
    bar.get_by_role("button", name="Undo").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 0")
    expect(desk.get_by_role("heading", name="Your decision")).to_be_visible()


def test_the_bar_to_undo_goes_by_itself(
    desk: Page, queue: list[Submission], reviewer: Artist, settings
) -> None:
    settings.UNDO_SECONDS = 4
    claim(submission=queue[0], reviewer=reviewer)
    desk.goto(review_of(queue[0]).get_absolute_url())

    desk.get_by_label("Approve").check()
    desk.get_by_role("button", name="Record it and go back").click()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()

    expect(desk.locator("undo-bar")).to_have_count(0)


def test_the_next_one_was_loaded_ahead(
    desk: Page, queue: list[Submission], reviewer: Artist
) -> None:
    """The decision alone is sent: its answer brings the page, and the clip was there before."""
    claim(submission=queue[0], reviewer=reviewer)
    first, then = review_of(queue[0]), review_of(queue[1])
    desk.goto(first.get_absolute_url())
    ahead = desk.locator(f"[data-ahead='{then.pk}'] video")
    expect(ahead).to_have_js_property("readyState", 4)
    ahead.evaluate("(video) => { window.isStillHere = video.isTheSame = true; }")
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(urlsplit(request.url).path))

    desk.keyboard.press("a")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 1")
    shown = desk.locator("clip-player video")

    expect(shown).to_have_attribute("src", then.video_url)
    assert shown.evaluate("(video) => video.isTheSame && video.readyState") == 4
    assert desk.evaluate("window.isStillHere")
    assert asked[0] == reverse("generations:decide", args=[first.pk])
    assert not {then.get_absolute_url(), then.video_url, then.poster_url} & {*asked}
    assert desk.url.endswith(then.get_absolute_url())
    assert desk.title().startswith("Review: Boat 1")
    then.refresh_from_db()
    assert then.claimed_by == reviewer


def test_what_a_decision_lacks_is_said_in_its_place_and_back_leads_to_the_one_before(
    desk: Page, queue: list[Submission], reviewer: Artist
) -> None:
    claim(submission=queue[0], reviewer=reviewer)
    desk.goto(review_of(queue[0]).get_absolute_url())

    desk.get_by_label("Reject").check()
    desk.get_by_label("Words for the artist").fill("A long letter")
    desk.get_by_role("button", name="Record the decision").click()
    expect(desk.get_by_role("alert")).to_contain_text("Nothing was recorded yet")
    expect(desk.get_by_label("Words for the artist")).to_have_value("A long letter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 0")

    desk.get_by_label("Approve").check()
    desk.get_by_role("button", name="Record the decision").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 1")
    assert desk.evaluate("sessionStorage.getItem('htmx-history-cache')") is None

    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Boat 0")
    expect(desk.get_by_role("heading", name="Your decision")).to_have_count(0)


def test_the_last_decision_leads_to_the_queue(
    desk: Page, queue: list[Submission], reviewer: Artist
) -> None:
    claim(submission=queue[0], reviewer=reviewer)
    for other in queue[1:]:
        withdraw_submission(other)
    desk.goto(review_of(queue[0]).get_absolute_url())

    desk.get_by_label("Approve").check()
    desk.get_by_role("button", name="Record the decision").click()

    expect(desk.get_by_role("heading", name="Review queue")).to_be_visible()
    expect(desk.get_by_text("Nothing is left that you may decide")).to_be_visible()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()


def test_the_next_one_shows_at_once(
    desk: Page, queue: list[Submission], reviewer: Artist, record_property: Callable[..., None]
) -> None:
    """What follows was loaded ahead: from the press to the first frame of the next clip."""
    claim(submission=queue[0], reviewer=reviewer)
    desk.goto(review_of(queue[0]).get_absolute_url())
    ahead = review_of(queue[1])
    expect(desk.locator(f"[data-ahead='{ahead.pk}']")).to_have_count(1)
    desk.wait_for_load_state("networkidle")
    desk.get_by_label("Approve").check()

    took = []
    for number in (1, 2):
        button = desk.get_by_role("button", name="Record the decision")
        start = desk.evaluate("performance.timeOrigin + performance.now()")
        button.press("Enter")
        expect(desk.get_by_role("heading", level=1)).to_have_text(f"Boat {number}")
        took.append(desk.evaluate(SHOWN) - start)
        desk.wait_for_timeout(1500)
        desk.get_by_label("Approve").check()

    record_property("milliseconds from the press to the next clip", took)
    assert min(took) < GENEROUS * MOST_MILLISECONDS


def test_a_claim_is_renewed_while_one_works_and_not_while_one_does_not(
    desk: Page, queue: list[Submission], reviewer: Artist
) -> None:
    claim(submission=queue[0], reviewer=reviewer)
    review = Review.objects.filter(submission=queue[0])
    desk.clock.install()
    desk.goto(review.get().get_absolute_url())
    until = review.get().claim_expires_at
    expect(desk.locator("review-lease")).to_contain_text("and longer while you work")

    desk.clock.run_for(70_000)
    desk.wait_for_timeout(500)
    assert review.get().claim_expires_at == until  # nobody moved

    desk.mouse.move(200, 300)
    desk.mouse.move(210, 310)
    with desk.expect_response("**/renew/"):
        desk.clock.run_for(2_000)
    assert review.exclude(claim_expires_at=until).exists()


def test_a_claim_that_ends_is_announced_and_taken_again_with_what_was_written(
    desk: Page, queue: list[Submission], reviewer: Artist
) -> None:
    claim(submission=queue[0], reviewer=reviewer)
    review = Review.objects.filter(submission=queue[0])
    desk.clock.install()
    desk.goto(review.get().get_absolute_url())
    desk.get_by_label("Words for the artist").fill("A long letter")
    with desk.expect_response("**/renew/"):
        desk.clock.run_for(61_000)

    desk.clock.run_for(13 * 60_000 + 30_000)
    expect(desk.locator("review-lease")).to_contain_text("Move or type to keep it")
    review.update(status="waiting", claimed_by=None, claim_expires_at=None)
    desk.clock.run_for(120_000)
    expect(desk.locator("review-lease")).to_contain_text("is over")
    desk.get_by_role("button", name="Claim it again").click()

    expect(desk.locator("review-lease")).to_contain_text("longer while you work")
    assert review.get().claimed_by == reviewer
    expect(desk.get_by_label("Words for the artist")).to_have_value("A long letter")


def test_the_queue_shows_what_others_do(
    desk: Page, queue: list[Submission], make_artist: Callable[..., Artist]
) -> None:
    desk.goto("/reviews/?state=waiting")
    expect(desk.locator(".clip-row")).to_have_count(3)
    desk.get_by_role("link", name="Boat 2").focus()

    claim(submission=queue[0], reviewer=make_artist("Sven", role="reviewer"))

    expect(desk.locator(".clip-row")).to_have_count(2, timeout=20_000)
    assert desk.evaluate("document.activeElement.textContent") == "Boat 2"


def test_a_view_is_saved_and_found_again(desk: Page, queue: list[Submission]) -> None:
    desk.goto("/reviews/")
    desk.get_by_text("Narrow it down").click()
    desk.get_by_label("State").select_option("waiting")
    desk.get_by_role("button", name="Show").click()
    desk.get_by_label("Come back to this often?").fill("Untouched")
    desk.get_by_role("button", name="Save").click()

    tab = desk.get_by_role("link", name="Untouched")
    expect(tab).to_have_attribute("aria-current", "page")
    expect(tab).to_contain_text("3")
