"""A review by the keyboard alone, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from artists.models import Artist
from generations.models import Review, ReviewerPreferences, Submission
from tests.e2e.review_item.conftest import watch
from tests.generations.reviews.acting import let_stand, review_of


def test_the_veil_is_lifted_by_one_key(page: Page, held: Submission, reviewer: Artist) -> None:
    ReviewerPreferences.objects.create(reviewer=reviewer, veiled="all")
    watch(page, held)
    state = """() => { const video = document.querySelector(".player-stage > video");
      return [getComputedStyle(video).filter.includes("blur"), video.muted]; }"""
    assert page.evaluate(state) == [True, True]

    page.keyboard.press("b")
    assert page.evaluate(state) == [False, False]
    page.keyboard.press("b")
    assert page.evaluate(state) == [True, True]


def leave(page: Page, submission: Submission) -> None:
    """Wait until the page has gone on: to the next review, or to the queue where there is none."""
    address = submission.review.get_absolute_url()
    page.wait_for_url(lambda url: address not in url)


def test_approving_by_the_keyboard_alone(page: Page, submission: Submission) -> None:
    watch(page, submission)
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Record the decision")).to_be_focused()
    page.keyboard.press("Enter")

    leave(page, submission)
    let_stand()
    submission.refresh_from_db()
    assert submission.status == "approved"


@pytest.mark.parametrize(("key", "status"), [("r", "rejected"), ("c", "changes_asked")])
def test_refusing_by_the_keyboard_alone(
    key: str, status: str, page: Page, held: Submission
) -> None:
    watch(page, held)
    page.keyboard.press(key)
    expect(page.get_by_label("Ground")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Keys in words: a r c n j k.")
    page.keyboard.press("Control+Enter")

    leave(page, held)
    let_stand()
    held.refresh_from_db()
    assert held.status == status
    assert held.decision.reason == "Keys in words: a r c n j k."


def test_a_decision_that_lacks_something_leads_to_what_it_lacks(
    page: Page, held: Submission
) -> None:
    watch(page, held)
    page.keyboard.press("c")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Choose the ground that this rests on.")).to_be_in_viewport()
    expect(page.get_by_label("Ground")).to_be_focused()


def test_escalating_by_the_keyboard_alone(page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("e")
    expect(page.get_by_label("Words for the managers")).to_be_focused()
    page.keyboard.type("A court case: not for me.")
    page.keyboard.press("Control+Enter")

    leave(page, held)
    let_stand()
    review = review_of(held)
    assert (review.status, review.level) == (Review.Status.WAITING, Review.Level.MANAGERS)
    assert review.opinions.get().words_inside == "A court case: not for me."


def test_what_was_recorded_is_undone_by_one_key(
    page: Page, held: Submission, settings: Any
) -> None:
    settings.UNDO_SECONDS = 600
    watch(page, held)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    leave(page, held)
    watch(page, held)

    page.keyboard.press("u")

    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()
    assert review_of(held).status == "claimed"


def test_the_clip_is_stepped_and_played_by_the_keys_of_the_player(
    page: Page, held: Submission
) -> None:
    watch(page, held)
    frame = "() => document.querySelector('clip-player').frame"
    is_paused = "() => document.querySelector('clip-player video').paused"

    for key, reached in ((".", 1), (".", 2), (",", 1)):
        page.keyboard.press(key)
        page.wait_for_function(f"() => ({frame})() === {reached}")
    page.keyboard.press(" ")
    page.wait_for_function(f"() => !({is_paused})()")
    page.keyboard.press(" ")

    page.wait_for_function(is_paused)


def test_one_goes_through_the_queue_by_j_and_k(
    page: Page, held: Submission, earlier: Submission
) -> None:
    watch(page, earlier)
    page.keyboard.press("j")
    page.wait_for_url(f"**{held.review.get_absolute_url()}")
    page.keyboard.press("j")  # there is no other: one stays
    page.keyboard.press("k")

    page.wait_for_url(f"**{earlier.review.get_absolute_url()}")


def test_the_keys_are_shown_and_the_sheet_closes_again(page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys of a review")
    expect(sheet).to_be_visible()
    page.keyboard.press("a")  # not while it is read
    page.keyboard.press("Escape")

    expect(sheet).to_be_hidden()
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
