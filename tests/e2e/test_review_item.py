"""The page of a review, in Chromium: notes, drawing, comparing, the veil; all by the keyboard."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from artists.models import Artist
from generations.models import (
    Generation,
    Ground,
    Note,
    Review,
    ReviewerPreferences,
    Submission,
    SubmissionSet,
)
from generations.notes.services import pin
from tests.e2e.films import READ, give_film
from tests.generations.reviews.acting import claim, decide, let_stand, review_of
from tests.generations.sharing.fixtures import ground, make_submission, make_work

__all__ = ["ground", "make_submission", "make_work"]

FACE = "Whose face is it?"
FRAMES = 48  # two seconds
OF_THE_OTHER = """() => {
  const read = READ;
  const player = document.querySelector("clip-player");
  const other = player.querySelector(".player-other:not([hidden]) video");
  return [player.frame, read(player.video), read(other)];
}""".replace("READ", READ)

SCROLLED = """() => {
  const screen = document.querySelector(".screen");
  screen.scrollTop = 40;
  return screen.scrollTop;
}"""


@pytest.fixture
def earlier(
    make_work: Callable[..., Generation],
    make_submission: Callable[..., Submission],
    tmp_path: Path,
) -> Submission:
    """Ada's first version, submitted too: shorter by a second."""
    folder = tmp_path / "earlier"
    folder.mkdir()
    return make_submission(give_film(make_work(), folder, frames=24), title="Boat, first")


@pytest.fixture
def submission(
    earlier: Submission,
    make_work: Callable[..., Generation],
    make_submission: Callable[..., Submission],
    tmp_path: Path,
) -> Submission:
    """Made from the first version, with a first image."""
    work = give_film(make_work(parent=earlier.generation), tmp_path, frames=FRAMES)
    image = io.BytesIO()
    Image.new("RGB", (640, 360), "orange").save(image, "JPEG")
    work.first_image.save("hers.jpg", ContentFile(image.getvalue()))
    return make_submission(work)


@pytest.fixture
def held(submission: Submission, reviewer: Artist) -> Submission:
    claim(submission=submission, reviewer=reviewer)
    return submission


@pytest.fixture
def window(
    browser: Browser, live_server: LiveServer, client: Client, reviewer: Artist
) -> Iterator[Callable[..., Page]]:
    """Open a window in which Rita is signed in, or another; `options` are those of a context."""
    contexts, complaints = [], []

    def open_window(who: Artist = reviewer, **options: Any) -> Page:
        client.force_login(who)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=live_server.url, **options)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(window: Callable[..., Page]) -> Page:
    return window()


def watch(page: Page, submission: Submission) -> None:
    page.goto(submission.review.get_absolute_url())
    page.wait_for_function("() => document.querySelector('clip-player video').readyState >= 2")


def go_to(page: Page, frame: int) -> None:
    page.evaluate(f"document.querySelector('clip-player').seekToFrame({frame})")
    page.wait_for_function(
        f"""() => {{ const player = document.querySelector("clip-player");
        return player.frame === {frame} && !player.video.seeking; }}"""
    )


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """Draw with the mouse, in parts of the picture."""
    box = page.locator(".player-stage > video").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


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


def pin_at(submission: Submission, author: Artist, frame: int, **said: Any) -> Note:
    facts: dict[str, Any] = {"last_frame": frame, "text": FACE, "drawing": []} | said
    return pin(submission=submission, author=author, first_frame=frame, **facts)


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
        page.wait_for_timeout(100)
        sheet, film = page.evaluate(
            """() => [".sheet", ".player-stage > video"].map((one) =>
              document.querySelector(one).getBoundingClientRect().toJSON())"""
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


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("state", ["notes", "writing", "side", "wipe", "veil", "keys"])
def test_no_state_of_it_breaks_a_rule_of_accessibility(
    state: str, scheme: Any, page: Page, held: Submission, reviewer: Artist
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    veiled = "all" if state == "veil" else "none"
    ReviewerPreferences.objects.create(reviewer=reviewer, veiled=veiled)
    pin_at(held, reviewer, 0, drawing=[[[0.1, 0.1], [0.2, 0.2]]])
    watch(page, held)
    does = {"writing": "n", "side": "w", "wipe": "ww", "keys": "?"}
    for key in does.get(state, ""):
        page.keyboard.press(key)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
