"""Notes and drawings on the frames of a clip, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from artists.models import Artist
from generations.models import Ground, Note, Submission, SubmissionSet
from tests.e2e.review_item.conftest import AT_REST, FACE, FRAMES, go_to, pin_at, stroke, watch
from tests.generations.reviews.acting import decide

SCROLLED = """() => {
  const screen = document.querySelector(".screen");
  screen.scrollTop = 40;
  return screen.scrollTop;
}"""


def test_a_note_is_pinned_to_the_frame_by_the_keyboard_alone(page: Page, held: Submission) -> None:
    watch(page, held)
    go_to(page, 12)

    page.keyboard.press("n")
    expect(page.get_by_label("Note for the artist").first).to_be_focused()
    page.keyboard.type(FACE)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("link", name="0:00.50, frame 12")).to_be_visible()
    expect(page.locator(".note-new > summary")).to_be_focused()
    note = Note.objects.get()
    assert (note.first_frame, note.last_frame, note.text) == (12, 12, FACE)
    expect(page.locator(".scrubber-note")).to_have_count(1)


def test_a_range_that_repeats_is_what_a_note_is_pinned_to(page: Page, held: Submission) -> None:
    watch(page, held)
    go_to(page, 10)
    page.keyboard.press("i")
    go_to(page, 19)
    page.keyboard.press("o")

    page.keyboard.press("n")
    page.keyboard.type(FACE)
    page.keyboard.press("Control+Enter")

    page.get_by_role("link", name="frames 10 to 19").click()
    assert page.evaluate("document.querySelector('clip-player').range.to * 24") == 20
    mark = page.locator(".scrubber-note").bounding_box()
    line = page.locator(".scrubber-line").bounding_box()
    assert mark
    assert line
    assert mark["width"] / line["width"] == pytest.approx(10 / FRAMES, abs=0.01)
    assert (mark["x"] - line["x"]) / line["width"] == pytest.approx(10 / FRAMES, abs=0.01)


def test_the_list_leads_to_the_frame_and_says_where_one_is(
    page: Page, held: Submission, reviewer: Artist
) -> None:
    for frame in (6, 30):
        pin_at(held, reviewer, frame)
    watch(page, held)

    page.get_by_role("link", name="frame 30").click()

    page.wait_for_function("() => document.querySelector('clip-player').frame === 30")
    expect(page.locator(".note-list > [data-here]")).to_contain_text("frame 30")
    page.keyboard.press(",")
    expect(page.locator(".note-list > [data-here]")).to_have_count(0)


def test_a_drawing_is_kept_as_strokes_and_lies_on_its_frame_alone(
    page: Page, held: Submission
) -> None:
    watch(page, held)
    go_to(page, 12)
    page.keyboard.press("n")
    page.get_by_role("button", name="Draw", exact=True).click()
    stroke(page, (0.25, 0.25), (0.5, 0.5))
    stroke(page, (0.5, 0.25), (0.25, 0.5))
    stroke(page, (0.8, 0.8), (0.9, 0.9))
    page.get_by_role("button", name="Take the last stroke back").click()
    page.get_by_label("Note for the artist").first.fill(FACE)
    page.get_by_role("button", name="Pin it").click()

    expect(page.get_by_role("link", name="frame 12")).to_be_visible()
    strokes = Note.objects.get().drawing
    assert [[points[0], points[-1]] for points in strokes] == [
        [[pytest.approx(0.25, abs=0.01)] * 2, [pytest.approx(0.5, abs=0.01)] * 2],
        [
            [pytest.approx(0.5, abs=0.01), pytest.approx(0.25, abs=0.01)],
            [pytest.approx(0.25, abs=0.01), pytest.approx(0.5, abs=0.01)],
        ],
    ]
    expect(page.locator(".sheet > polyline")).to_have_count(2)
    page.keyboard.press(".")
    expect(page.locator(".sheet > polyline")).to_have_count(0)


def test_a_drawing_lies_on_the_picture_whatever_its_size(
    page: Page, held: Submission, reviewer: Artist
) -> None:
    pin_at(held, reviewer, 0, drawing=[[[0, 0], [1, 1]]])
    watch(page, held)

    for size in ("fit", "fill", "actual"):
        page.get_by_role("combobox", name="Picture size").select_option(size)
        sheet, film = (
            page.locator(one).evaluate(AT_REST) for one in (".sheet", ".player-stage > video")
        )
        assert sheet["width"] / sheet["height"] == pytest.approx(16 / 9, rel=0.01)
        if size == "fill":  # what is over on both sides of the window is cut off
            assert sheet["width"] >= film["width"] - 1
            assert sheet["height"] >= film["height"] - 1
        else:
            assert sheet["width"] == pytest.approx(film["width"], abs=1), (size, sheet, film)
        middle = sheet["x"] + sheet["width"] / 2
        assert middle == pytest.approx(film["x"] + film["width"] / 2, abs=1)


def test_by_a_finger_one_draws_and_does_not_scroll(
    window: Callable[..., Page], held: Submission
) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    watch(page, held)
    page.get_by_text("Pin a note").tap()
    page.get_by_role("button", name="Draw", exact=True).tap()
    box = page.locator(".sheet").bounding_box()
    assert box
    before = page.evaluate("scrollY")

    wire = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.9
    steps = [("touchStart", y), *(("touchMove", y - 12 * step) for step in range(1, 8))]
    for kind, at in steps:
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(page.locator(".sheet > polyline")).to_have_count(1)
    assert page.evaluate("scrollY") == before
    small = page.evaluate(
        """() => [...document.querySelectorAll(".pen-tools > button")]
          .map((one) => one.getBoundingClientRect())
          .filter(({ width, height }) => width < 44 || height < 44).length"""
    )
    assert small == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_ones_own_note_is_changed_and_taken_off(
    page: Page, held: Submission, reviewer: Artist
) -> None:
    pin_at(held, reviewer, 12, drawing=[[[0.1, 0.1], [0.2, 0.2]]])
    watch(page, held)

    page.get_by_text("Change", exact=True).click()
    page.wait_for_function("() => document.querySelector('clip-player').frame === 12")
    page.get_by_role("button", name="Wipe the drawing off").click()
    page.locator(".note-change textarea").fill("Or a mask?")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("Or a mask?").first).to_be_visible()
    assert Note.objects.get().drawing == []
    page.get_by_text("Change", exact=True).click()
    page.get_by_role("button", name="Take this note off").click()

    expect(page.locator(".note-list")).to_have_count(0)
    expect(page.locator(".scrubber-note")).to_have_count(0)
    assert not Note.objects.exists()


def test_a_note_that_was_refused_keeps_its_words(
    page: Page, held: Submission, reviewer: Artist
) -> None:
    watch(page, held)
    page.keyboard.press("n")
    page.keyboard.type(FACE)
    decide(submission=held, reviewer=reviewer, outcome="approve")

    page.keyboard.press("Control+Enter")

    expect(page.locator(".notes-trouble")).to_contain_text("while you hold the clip for review")
    expect(page.get_by_label("Note for the artist").first).to_have_value(FACE)


def test_what_is_wrong_with_a_note_is_said_beside_it(page: Page, held: Submission) -> None:
    watch(page, held)
    page.keyboard.press("n")
    page.locator(".note-new [name=first_frame]").fill("99")
    page.locator(".note-new textarea").fill(FACE)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("The last frame of this clip is 47.")).to_be_visible()
    expect(page.locator(".note-new [name=first_frame]")).to_be_focused()


def test_the_artist_sees_marks_and_drawings_in_the_player(
    window: Callable[..., Page],
    artist: Artist,
    held: Submission,
    reviewer: Artist,
    ground: Ground,
) -> None:
    pin_at(held, reviewer, 12, drawing=[[[0.1, 0.1], [0.2, 0.2]]])
    decide(submission=held, reviewer=reviewer, outcome="changes", ground=ground, reason="See.")
    page = window(artist)
    page.goto(held.generation.get_absolute_url())
    expect(page.locator(".scrubber-note")).to_have_count(1)

    page.get_by_role("link", name="0:00.50, frame 12").click()

    page.wait_for_function("() => document.querySelector('clip-player').frame === 12")
    expect(page.locator(".sheet > polyline")).to_have_count(1)


def test_the_pen_and_the_words_of_a_note_are_in_sight_together(
    page: Page, held: Submission, artist: Artist
) -> None:
    together = SubmissionSet.objects.create(artist=artist, title="Two boats")
    Submission.objects.update(set=together)
    page.set_viewport_size({"width": 1280, "height": 900})
    watch(page, held)

    page.keyboard.press("n")

    draw = page.get_by_role("button", name="Draw", exact=True)
    pin_it = page.get_by_role("button", name="Pin it")
    expect(pin_it).to_be_in_viewport(ratio=1)
    header = page.locator(".site-header").bounding_box()
    tools = draw.bounding_box()
    assert header
    assert tools
    assert tools["y"] >= header["y"] + header["height"]
    expect(page.locator(".player-start")).to_be_hidden()
    assert page.evaluate(SCROLLED) == 0  # else what is focused hides the top of the picture
