"""The main job, end to end on real parts: made, reviewed, seen by the public, withdrawn."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import PASSWORD, REVIEWER
from tests.second_factor import code_now
from tests.services.portal import Portal

pytestmark = pytest.mark.main_job

CLIP_MILLISECONDS = 240_000
STANDS_SECONDS = 40


def sign_in(page: Page, email: str, *, with_code: bool = True) -> None:
    """Sign in with a password; then, as whoever reviews or manages, with the code of an app."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if with_code:
        page.get_by_label("Code from your app").fill(code_now())
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home/")


def assert_video_plays(page: Page) -> None:
    """It plays, is 1920x1080 and about 10 s long, and can be moved to any place."""
    video = page.locator("video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    facts = video.evaluate("video => [video.videoWidth, video.videoHeight, video.duration]")
    assert facts[:2] == [1920, 1080]
    assert 9.9 <= facts[2] <= 10.1
    video.evaluate("video => { video.currentTime = 7; }")
    arrived = "video => !video.seeking && video.currentTime >= 7"
    page.wait_for_function(f"() => ({arrived})(document.querySelector('video'))")


def decide(page: Page, outcome: str, *, ground: str = "", reason: str = "") -> None:
    page.goto("/reviews/")
    page.get_by_role("link", name="Evening crossing").click()
    page.get_by_role("button", name="Claim this submission").click()
    page.get_by_label(outcome).check()
    if ground:
        page.get_by_label("Ground").select_option(label=ground)
        page.get_by_label("Words for the artist").fill(reason)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("Claim this submission")).to_have_count(0)


def reload_until_visible(page: Page, wanted: Locator) -> None:
    """Reload a page until a decision stands, whose time to be undone is over then."""
    for _ in range(STANDS_SECONDS):
        page.reload()
        if wanted.is_visible():
            return
        page.wait_for_timeout(1000)
    expect(wanted).to_be_visible()


def submit_for_sharing(page: Page) -> None:
    form = page.locator("form", has=page.get_by_role("button", name="Submit for sharing"))
    if not form.is_visible():
        page.get_by_text("Submit it again").click()
    form.get_by_label("Title").fill("Evening crossing")
    form.get_by_role("button", name="Submit for sharing").click()
    expect(page.get_by_text("Waiting for review").first).to_be_visible()


def test_the_main_job(
    portal: Portal, new_page: Callable[[], Page], invitation: Callable[[str], str]
) -> None:
    artist, reviewer, stranger = new_page(), new_page(), new_page()

    # An invited person signs up.
    artist.goto(invitation("lena@example.org"))
    artist.get_by_role("button", name="Accept and make an account").click()
    assert artist.get_by_label("E-mail").input_value() == "lena@example.org"
    artist.get_by_label("Credit name").fill("Lena Ortiz")
    for field in artist.locator("input[type=password]").all():
        field.fill(PASSWORD)
    artist.get_by_role("button", name="Make the account").click()

    # Before anything else she accepts the terms.
    artist.wait_for_url(re.compile("/terms/accept/"))
    for text in artist.get_by_label("I have read and accept").all():
        text.check()
    artist.get_by_role("button", name="Accept", exact=True).click()
    artist.wait_for_url("**/home/")

    # She makes a clip and watches it finish.
    artist.goto("/create/")
    artist.get_by_label("Prompt").fill("A small boat crosses a calm sea at sunset")
    artist.get_by_label("1080p wide").check()
    artist.get_by_label("10 s", exact=True).check()
    expect(artist.locator("#quote")).to_contain_text("40")
    artist.get_by_role("button", name=re.compile("Make it")).click()
    artist.wait_for_url("**/works/*/")
    work = artist.url
    expect(artist.locator("progress")).to_be_visible()
    expect(artist.locator("video")).to_be_visible(timeout=CLIP_MILLISECONDS)

    # It plays.
    assert_video_plays(artist)
    file = artist.locator("video").get_attribute("src")
    assert file

    # To a stranger there is no such thing.
    for address in (work, portal.url + file):
        assert stranger.request.get(address, max_redirects=0).status == 404

    # She submits it; a reviewer rejects it with a ground, and she reads why.
    submit_for_sharing(artist)
    sign_in(reviewer, REVIEWER)
    decide(reviewer, "Reject", ground="Rights of others", reason="Whose boat is it?")
    reload_until_visible(artist, artist.get_by_text("Rejected").first)
    expect(artist.get_by_text("Whose boat is it?")).to_be_visible()
    expect(artist.get_by_text("Rights of others").first).to_be_visible()

    # She submits again, and it is approved.
    submit_for_sharing(artist)
    decide(reviewer, "Approve")
    reload_until_visible(artist, artist.get_by_role("link", name="The public page"))
    share = artist.get_by_role("link", name="The public page").get_attribute("href")
    assert share

    # Now the stranger sees it.
    stranger.goto(share)
    expect(stranger.get_by_role("heading", name="Evening crossing")).to_be_visible()
    expect(stranger.get_by_text("Lena Ortiz").first).to_be_visible()
    assert_video_plays(stranger)
    public_file = stranger.locator("video").get_attribute("src")
    assert public_file

    # She withdraws it; it is gone.
    artist.get_by_text("Withdraw…").click()
    artist.get_by_role("button", name="Withdraw from the public").click()
    expect(artist.get_by_text("The public page is closed")).to_be_visible()
    assert stranger.request.get(portal.url + share).status == 410
    assert stranger.request.get(portal.url + public_file).status == 410
