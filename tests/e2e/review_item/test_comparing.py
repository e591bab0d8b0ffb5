"""A clip beside another, its first image or its set, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from artists.models import Artist
from generations.models import Submission, SubmissionSet
from tests.e2e.films import READ
from tests.e2e.review_item.conftest import FACE, watch

OF_THE_OTHER = """() => {
  const read = READ;
  const player = document.querySelector("clip-player");
  const other = player.querySelector(".player-other:not([hidden]) video");
  return [player.frame, read(player.video), read(other)];
}""".replace("READ", READ)


@pytest.mark.parametrize("mode", ["side", "wipe"])
def test_both_clips_step_by_the_frame(mode: str, page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("w")
    if mode == "wipe":
        page.keyboard.press("w")
    expect(page.locator("clip-player")).to_have_attribute("data-compare", mode)

    for key, frame in ((".", 1), (".", 2), (".", 3), (",", 2), ("5", 24), ("2", 9)):
        page.keyboard.press(key)
        last = min(frame, 23)  # the earlier version is shorter, and stays at its last frame
        page.wait_for_function(
            f"() => JSON.stringify(({OF_THE_OTHER})()) === '[{frame},{frame},{last}]'"
        )


def test_both_clips_play_together(page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("w")
    page.get_by_role("combobox", name="Speed").select_option("0.25")
    page.locator(".scrubber").focus()
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('clip-player').frame >= 6")

    _, ours, theirs = page.evaluate(OF_THE_OTHER)

    assert abs(ours - theirs) <= 2
    page.keyboard.press(" ")
    page.wait_for_function("() => document.querySelector('clip-player').video.paused")
    page.wait_for_function(f"() => {{ const [, a, b] = ({OF_THE_OTHER})(); return a === b; }}")


def test_the_wipe_is_drawn_by_mouse_and_by_arrow_keys(page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("w")
    page.keyboard.press("w")
    line = page.locator(".player-wipe")
    box = line.bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert float(line.input_value()) == pytest.approx(81, abs=3)
    drawn = float(line.input_value())
    line.focus()
    page.keyboard.press("ArrowLeft")

    expect(line).to_have_value(f"{drawn - 1:g}")
    page.keyboard.press(".")  # the player's keys go on working
    page.wait_for_function("() => document.querySelector('clip-player').frame === 1")


def test_the_first_image_is_compared_with_too(page: Page, held: Submission) -> None:
    watch(page, held)
    page.get_by_role("combobox", name="Compare with").select_option("the first image")
    page.locator("[name=compare][value=side]").check(force=True)

    image = page.get_by_role("img", name="the first image")
    expect(image).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('.player-other > div > img').naturalWidth === 640"
    )


def test_the_clips_of_a_set_play_under_the_focus_and_open_in_the_player(
    page: Page, held: Submission, earlier: Submission, artist: Artist
) -> None:
    together = SubmissionSet.objects.create(artist=artist, title="Two boats")
    Submission.objects.update(set=together)
    watch(page, held)
    tile = page.locator(".clip-set-grid > li", has_text="Boat, first")

    page.keyboard.press("Tab")  # from now on the focus is of one who uses keys
    tile.get_by_role("link").focus()
    expect(tile.locator("video.is-playing")).to_have_count(1)
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{earlier.review.get_absolute_url()}")
    expect(page.locator(".clip-set-grid [aria-current]")).to_have_text("Boat, first")


def test_without_script_there_are_two_players_and_a_form(
    window: Callable[..., Page], held: Submission
) -> None:
    page = window(java_script_enabled=False)
    page.goto(held.review.get_absolute_url())

    assert page.locator("video[controls]:visible").count() == 2
    expect(page.locator("clip-compare")).to_be_hidden()
    page.get_by_text("Pin a note").click()
    page.locator(".note-new [name=first_frame]").fill("7")
    page.locator(".note-new textarea").fill(FACE)
    page.get_by_role("button", name="Pin it").click()

    expect(page.get_by_role("link", name="frame 7")).to_be_visible()
