"""How soon the next review shows: `python -m tests.bench.bench_next [--rounds 12]`.

A reviewer approves one clip after another in Chromium: timed are the ways from the press that
records a decision to the page of the next review, and to the first frame of its clip. Beside it,
in the same browser, the clip alone is opened at its address, with nothing around it.
"""

import argparse
import hashlib
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.bench_api import web
from tests.bench.portal import fresh_portal
from tests.bench.report import print_table
from tests.services.packages import CHROMIUM

MOST_MS = 300
SIZE, RATE, FRAMES = (1280, 720), 24, 96
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]

# Milliseconds since the page was pressed, or began to be opened, until its clip has a frame.
NOW = "performance.timeOrigin + performance.now()"
FIRST_FRAME = """
() => new Promise((resolve) => {
  const video = document.querySelector("clip-player video, video");
  const shown = () => resolve(performance.timeOrigin + performance.now());
  if (video.readyState >= 2) requestAnimationFrame(shown);
  else video.addEventListener("loadeddata", () => requestAnimationFrame(shown), { once: true });
})
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory(prefix="greenroom-bench-") as folder,
        fresh_portal(postgres=False),
    ):
        cookie, clip = fill(rounds + 2, Path(folder))
        with web("portal.wsgi:application", workers=1) as (url, _):
            found = measure(url, cookie, clip, rounds=rounds)
    bare = statistics.median(found["the clip alone"])
    sys.stdout.write("\nFrom one review to the next, in Chromium\n")
    print_table(
        ["", "ms, median", "worst", "ratio"],
        [
            (name, statistics.median(ms), max(ms), statistics.median(ms) / bare)
            for name, ms in found.items()
        ],
    )
    sys.stdout.write(f"The next is to show within {MOST_MS} ms.\n")


def fill(count: int, folder: Path) -> tuple[str, str]:
    """Submit so many clips; return the session of a reviewer and the address of the last clip."""
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.core.files import File
    from django.utils import timezone

    from artists.models import Cohort
    from generations.media.finishing import finish
    from generations.models import Generation, Rendition, Review
    from generations.models.generation import Status
    from generations.sharing.services import submit
    from tests.bench.rows import make_artist, make_generations, make_video_model
    from tests.e2e.films import _write
    from tests.second_factor import FullClient, give_app

    cohort = Cohort.objects.create(name="Bench", running_cap=10, queued_cap=10)
    artist, model, now = make_artist("ada", cohort), make_video_model(), timezone.now()
    _write(folder / "clip.mp4", rate=RATE, frames=FRAMES, size=SIZE)
    (folder / "out").mkdir()
    made = finish(folder / "clip.mp4", folder / "out")
    make_generations(count, artist=artist, video_model=model, status=Status.READY, finished_at=now)
    for number, work in enumerate(Generation.objects.order_by("pk")):
        for one in made:
            rendition = Rendition(generation=work, kind=one.kind, content_type=one.content_type)
            for name in ("width", "height", "duration_seconds", "frame_rate", "size_bytes"):
                setattr(rendition, name, getattr(one, name))
            rendition.sha256 = hashlib.sha256(one.path.read_bytes()).hexdigest()
            with one.path.open("rb") as file:
                rendition.file.save(one.path.name, File(file), save=False)
            rendition.save()
        submission = submit(
            generation=work,
            title=f"Boat {number}",
            note="",
            credit_name="Ada",
            show_prompt=True,
        )
        due_at = now + timedelta(hours=number + 1)
        Review.objects.filter(submission=submission).update(due_at=due_at)
    rita = make_artist("rita", cohort)
    rita.groups.add(Group.objects.get(name="reviewer"))
    give_app(rita)
    client = FullClient()
    client.force_login(rita)
    last = Review.objects.order_by("due_at").last()
    assert last is not None
    return client.cookies[settings.SESSION_COOKIE_NAME].value, last.video_url


def measure(url: str, cookie: str, clip: str, *, rounds: int) -> dict[str, list[float]]:
    program = CHROMIUM.find()
    if program is None:
        sys.exit("Chromium is not installed.")
    found: dict[str, list[float]] = {"the clip alone": [], "the page": [], "its first frame": []}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        context = browser.new_context(base_url=url)
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])
        page = context.new_page()
        for _ in range(rounds):
            page.goto("about:blank")
            start = page.evaluate(NOW)
            page.goto(clip, wait_until="commit")
            found["the clip alone"].append(page.evaluate(FIRST_FRAME) - start)
        page.goto("/reviews/")
        page.get_by_role("button", name="Next").click()
        for number in range(rounds):
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)
            page.keyboard.press("a")
            start = page.evaluate(NOW)
            page.keyboard.press("Enter")
            page.get_by_role("heading", name=f"Boat {number + 1}", level=1).wait_for()
            found["the page"].append(page.evaluate(NOW) - start)
            found["its first frame"].append(page.evaluate(FIRST_FRAME) - start)
        browser.close()
    return found


if __name__ == "__main__":
    main()
