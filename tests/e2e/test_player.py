"""The player, in Chromium: right to the frame, by keys, by touch, without script, in trouble."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from generations.models import Generation, Share
from tests.e2e.films import READ, give_film
from tests.generations.sharing.fixtures import make_share, make_submission, make_work, work

__all__ = ["make_share", "make_submission", "make_work", "work"]

# Press keys one by one, and tell after each which frame the player says and which one it shows.
STEPS = """
async (steps) => {
  const read = READ;
  const player = document.querySelector("clip-player");
  const frames = [];
  for (const step of steps) {
    const arrived = new Promise((resolve) =>
      player.video.addEventListener("seeked", resolve, { once: true }));
    player.dispatchEvent(new KeyboardEvent("keydown", { key: step, bubbles: true }));
    await arrived;
    await new Promise(requestAnimationFrame);
    frames.push([player.querySelector(".player-frame").textContent, read(player.video)]);
  }
  return frames;
}
""".replace("READ", READ)


@pytest.fixture
def film(work: Generation, tmp_path: Path) -> Generation:
    """Two seconds, 48 numbered frames."""
    return give_film(work, tmp_path)


@pytest.fixture
def shared(film: Generation, make_share: Callable[..., Share]) -> Share:
    return make_share(film)


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open a window of a visitor; `options` are those of a browser context."""
    contexts = []

    def open_window(**options: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, **options))
        return contexts[-1].new_page()

    yield open_window
    for context in contexts:
        context.close()


def watch(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("() => document.querySelector('video').readyState >= 2")


def frame_of(page: Page) -> int:
    return int(page.evaluate("document.querySelector('clip-player').frame"))


def video(page: Page, name: str) -> Any:
    return page.evaluate(f"document.querySelector('video').{name}")


@pytest.mark.parametrize(
    "rate", [24, Fraction(24000, 1001), Fraction(30000, 1001)], ids=["24", "23.976", "29.97"]
)
def test_each_step_shows_the_frame_that_it_says(
    page: Page, work: Generation, tmp_path: Path, rate: Fraction | int
) -> None:
    give_film(work, tmp_path, rate=rate, frames=60)
    watch(page, work.get_absolute_url())

    on = page.evaluate(STEPS, ["."] * 59)
    back = page.evaluate(STEPS, [","] * 5)
    far = page.evaluate(STEPS, ["Home", "End", "5", ","])

    assert on == [[f"frame {number}", number] for number in range(1, 60)]
    assert back == [[f"frame {number}", number] for number in range(58, 53, -1)]
    assert far == [[f"frame {number}", number] for number in (0, 59, 30, 29)]


def test_while_it_plays_it_says_each_frame_that_it_shows(page: Page, film: Generation) -> None:
    watch(page, film.get_absolute_url())

    seen = page.evaluate(
        """async () => {
          const read = READ;
          const player = document.querySelector("clip-player");
          const seen = [];
          player.addEventListener("framechange", ({ detail }) =>
            seen.push([detail.frame, read(player.video)]));
          player.play();
          await new Promise((resolve) =>
            player.video.addEventListener("ended", resolve, { once: true }));
          return seen;
        }""".replace("READ", READ)
    )

    assert len(seen) > 5
    # The picture may be one further on by the time that it is read.
    assert [(said, shown) for said, shown in seen if shown - said not in (0, 1)] == []


def test_all_of_it_by_the_keyboard_alone(page: Page, film: Generation) -> None:
    watch(page, film.get_absolute_url())
    line = page.get_by_role("slider", name="Position")
    line.focus()

    page.keyboard.press("5")
    expect(line).to_have_attribute("aria-valuetext", "0:01.00, frame 24 of 0:02.00")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    expect(line).to_have_attribute("aria-valuetext", "0:00.00, frame 0 of 0:02.00")
    page.keyboard.press("m")
    page.keyboard.press("]")
    page.keyboard.press("z")

    expect(page.get_by_role("button", name="Sound on")).to_be_visible()
    assert [video(page, "muted"), video(page, "playbackRate")] == [True, 1.5]
    expect(page.locator("clip-player")).to_have_attribute("data-size", "actual")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys of the player")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.wait_for_function("() => document.querySelector('video').ended")
    expect(page.get_by_role("button", name="Play again")).to_be_visible()


def test_the_buttons_are_reached_and_pressed_by_the_keyboard(page: Page, film: Generation) -> None:
    watch(page, film.get_absolute_url())
    page.get_by_role("slider", name="Position").focus()
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))

    assert names[:3] == ["One frame back", "Play", "One frame on"]
    page.get_by_role("button", name="One frame on").focus()
    page.keyboard.press("Space")

    page.wait_for_function("() => document.querySelector('clip-player').frame === 1")
    assert video(page, "paused") is True


def test_how_one_likes_to_watch_is_kept(page: Page, film: Generation) -> None:
    watch(page, film.get_absolute_url())
    page.get_by_role("combobox", name="Speed").select_option("0.5")
    page.get_by_role("button", name="Mute").click()

    page.reload()

    expect(page.get_by_role("button", name="Sound on")).to_be_visible()
    expect(page.get_by_role("combobox", name="Speed")).to_have_value("0.5")
    assert [video(page, "muted"), video(page, "playbackRate")] == [True, 0.5]


def test_keys_are_left_to_text_fields_and_to_who_wants_them_in_the_player_alone(
    page: Page, film: Generation
) -> None:
    watch(page, film.get_absolute_url())
    title = page.get_by_label("Title")
    title.fill("")
    title.press_sequentially("k.m5")

    assert (title.input_value(), frame_of(page), video(page, "paused")) == ("k.m5", 0, True)

    title.blur()
    page.keyboard.press(".")
    page.wait_for_function("() => document.querySelector('clip-player').frame === 1")
    page.keyboard.press("?")
    page.get_by_label("They work anywhere").uncheck()
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press(".")
    page.keyboard.press("k")

    assert (frame_of(page), video(page, "paused")) == (1, True)


def test_a_range_repeats_and_nothing_beside_it_is_shown(page: Page, film: Generation) -> None:
    watch(page, film.get_absolute_url())
    page.locator(".scrubber").focus()
    page.evaluate(STEPS, ["2", "."])
    first = frame_of(page)
    page.keyboard.press("i")
    page.evaluate(STEPS, ["."] * 4)
    page.keyboard.press("o")
    page.get_by_role("combobox", name="Speed").select_option("0.25")

    shown = page.evaluate(
        """() => new Promise((resolve) => {
          const player = document.querySelector("clip-player");
          const shown = [];
          player.addEventListener("framechange", ({ detail }) => {
            shown.push(detail.frame);
            if (shown.filter((frame) => frame === shown[0]).length > 3) resolve(shown);
          });
          player.play();
        })"""
    )

    assert shown[0] == first
    # A browser that is short of breath may show one more before it turns back.
    assert set(shown) - {first + 5} == set(range(first, first + 5))
    repeat = page.get_by_role("button", name="Repeat", exact=True)
    expect(repeat).to_have_attribute("aria-pressed", "true")
    page.locator(".scrubber").focus()
    page.keyboard.press("c")
    assert page.evaluate("document.querySelector('clip-player').range") is None
    expect(page.get_by_role("button", name="Forget the marks")).to_be_hidden()


def test_drawing_along_the_filmstrip_previews_and_moves_the_clip(
    page: Page, film: Generation
) -> None:
    watch(page, film.get_absolute_url())
    box = page.locator(".scrubber").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2

    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    preview = page.locator(".scrubber-preview")
    expect(preview).to_have_text("0:00.60, frame 14")
    tile, picture = (page.locator(f".scrubber-tile{one}").bounding_box() for one in ("", " img"))
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.move(box["x"] + box["width"] * 0.755, middle)
    page.mouse.up()

    page.wait_for_function("() => document.querySelector('clip-player').frame === 36")
    assert tile
    assert picture
    assert tile["x"] - picture["x"] == pytest.approx(3 * tile["width"], abs=2)
    assert picture["width"] == pytest.approx(12 * tile["width"], abs=2)


def test_by_touch_it_plays_skips_and_scrubs(window: Callable[..., Page], shared: Share) -> None:
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    watch(page, shared.get_absolute_url())
    stage = page.locator("video").bounding_box()
    line = page.locator(".scrubber").bounding_box()
    assert stage
    assert line
    right = (stage["x"] + stage["width"] * 0.9, stage["y"] + stage["height"] / 2)

    page.touchscreen.tap(line["x"] + line["width"] * 0.255, line["y"] + 20)
    page.wait_for_function("() => document.querySelector('clip-player').frame === 12")
    page.touchscreen.tap(*right)
    page.touchscreen.tap(*right)
    page.wait_for_function("() => document.querySelector('clip-player').frame === 36")
    assert video(page, "paused") is True
    page.touchscreen.tap(*right)
    page.wait_for_function("() => !document.querySelector('video').paused")

    small = page.evaluate(
        """() => [...document.querySelectorAll(".scrubber, .player-group > :is(button, select)")]
          .filter((one) => one.checkVisibility())
          .map((one) => [one.dataset.do, one.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 44 || height < 44)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_script_the_browsers_own_player_shows_it(
    window: Callable[..., Page], shared: Share
) -> None:
    page = window(java_script_enabled=False)
    page.goto(shared.get_absolute_url())

    assert page.locator("video").get_attribute("controls") is not None
    expect(page.locator("video")).to_be_visible()
    expect(page.locator(".player-deck")).to_be_hidden()
    box = page.locator("video").bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(16 / 9, abs=0.02)


def test_what_cannot_be_reached_is_said_and_tried_again(
    window: Callable[..., Page], shared: Share
) -> None:
    page = window()
    page.route("**/master/", lambda route: route.fulfill(status=503))
    page.goto(shared.get_absolute_url())
    expect(page.get_by_role("alert")).to_contain_text("The clip cannot be reached just now")

    page.unroute("**/master/")
    page.get_by_role("button", name="Try again").click()

    page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    "size",
    [(320, 180), (180, 320), (240, 240), (420, 180)],
    ids=lambda size: "x".join(map(str, size)),
)
def test_nothing_moves_while_a_clip_of_any_shape_loads(
    page: Page, work: Generation, tmp_path: Path, size: tuple[int, int]
) -> None:
    # A slow machine paints before it has read the whole page.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.moved += entry.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    give_film(work, tmp_path, size=size, frames=24)

    watch(page, work.get_absolute_url())

    box = page.locator("video").bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(size[0] / size[1], rel=0.02)
    assert box["y"] + box["height"] < 720
    assert page.evaluate("window.moved") < 0.001


@pytest.mark.parametrize("size", ["fit", "actual", "fill"])
def test_no_state_of_it_breaks_a_rule_of_accessibility(
    page: Page, film: Generation, size: str
) -> None:
    watch(page, film.get_absolute_url())
    page.get_by_role("combobox", name="Picture size").select_option(size)
    page.keyboard.press("i")
    page.get_by_role("button", name="Keys").click()

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_a_clip_whose_frames_cannot_be_counted_shows_the_time_alone(
    page: Page, film: Generation
) -> None:
    film.renditions.update(frame_rate=None)
    watch(page, film.get_absolute_url())
    page.locator(".scrubber").focus()
    page.keyboard.press("5")

    expect(page.locator(".player-time")).to_have_text("0:01.00")
    expect(page.locator(".player-frame")).to_be_empty()
    assert page.evaluate("document.querySelector('clip-player').frame") is None
