"""Seeking in a private clip, in Chromium, over a real server."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from playwright.sync_api import Page, Route, expect

from generations.models import Generation, Rendition
from tests.generations.media.clips import write_clip
from tests.generations.sharing.fixtures import make_work, work
from tests.services.s3 import S3, Files

__all__ = ["make_work", "work"]

WATCH = """
async ({ source, at }) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = source;
  document.body.append(video);
  const once = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(video.error.message), { once: true });
  });
  await once("loadedmetadata");
  const seeked = once("seeked");
  video.currentTime = at;
  await seeked;
  const before = video.currentTime;
  const bright = brightness(video);
  await video.play();
  await new Promise((resolve) => video.requestVideoFrameCallback(function next() {
    if (video.currentTime > before + 0.3) resolve();
    else video.requestVideoFrameCallback(next);
  }));
  return { before, after: video.currentTime, duration: video.duration, bright,
           width: video.videoWidth, height: video.videoHeight };

  function brightness(source) {
    const canvas = document.createElement("canvas");
    canvas.width = source.videoWidth;
    canvas.height = source.videoHeight;
    const context = canvas.getContext("2d");
    context.drawImage(source, 0, 0);
    return context.getImageData(canvas.width / 4, canvas.height / 2, 1, 1).data[0];
  }
}
"""


# 10 MB, more than a browser fetches ahead: the coder fills up what the picture does not need.
FILLED = {
    "preset": "ultrafast",
    "g": "24",
    "x264-params": "nal-hrd=cbr:filler=1:bitrate=4000:vbv-maxrate=4000:vbv-bufsize=4000",
}


@pytest.fixture
def signed(files: Files, s3: S3, settings: Any) -> None:
    """A site whose files lie in a bucket, to which browsers are sent for them."""
    settings.DELIVERY = "signed"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {kind: ["'self'", s3.url] for kind in ("img-src", "media-src")}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | sources}


@pytest.fixture
def long_work(work: Generation, tmp_path: Path) -> Generation:
    """A work of 20 s and 10 MB."""
    path = write_clip(tmp_path / "master.mp4", size=(1280, 720), frames=480, options=FILLED)
    master = work.renditions.get(kind=Rendition.Kind.MASTER)
    with path.open("rb") as file:
        master.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        master.file.save("long.mp4", File(file), save=False)
    master.size_bytes = path.stat().st_size
    master.save()
    return work


def test_chromium_seeks_to_the_middle_and_plays_on(page: Page, long_work: Generation):
    answers: list[str] = []
    page.on("response", lambda answer: answers.append(answer.headers.get("content-range", "")))
    page.goto(long_work.poster_url)

    seen = page.evaluate(WATCH, {"source": long_work.video_url, "at": 12})

    assert (seen["width"], seen["height"]) == (1280, 720)
    assert seen["duration"] == pytest.approx(20, abs=0.1)
    assert seen["before"] == pytest.approx(12, abs=0.05)
    assert seen["after"] >= 12.3
    assert seen["bright"] == pytest.approx(20 + 200 * 12 / 20, abs=8)
    size = long_work.renditions.get(kind="master").size_bytes
    starts = [int(answer.split()[1].split("-")[0]) for answer in answers if answer]
    assert max(starts) > size / 4, "it read all that comes before"


def test_an_address_that_ran_out_while_one_looked_is_asked_for_anew_unseen(
    page: Page, long_work: Generation
) -> None:
    """As one that S3 was to answer at, and that was signed for a minute."""
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.headers.get("range", ""))
            route.fulfill(status=403)

    page.goto(long_work.get_absolute_url())
    page.wait_for_function("() => document.querySelector('video').readyState >= 2")
    page.locator(".scrubber").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('clip-player').shown > 0.9")
    page.route("**/master/", refuse_once)

    page.keyboard.press("9")

    page.wait_for_function("() => document.querySelector('clip-player').shown >= 18")
    assert refused
    expect(page.locator(".player-trouble")).to_be_hidden()


def test_chromium_seeks_in_a_clip_that_the_bucket_gives_it(
    page: Page, s3: S3, signed: None, long_work: Generation
) -> None:
    """Past the content policy, over the redirect, and in ranges."""
    answers: list[tuple[str, int]] = []
    page.on("response", lambda answer: answers.append((answer.url, answer.status)))
    page.goto(long_work.get_absolute_url())
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    page.locator(".scrubber").focus()

    page.keyboard.press("6")

    page.wait_for_function("() => document.querySelector('clip-player').shown >= 12")
    sent = [status for url, status in answers if url.endswith(long_work.video_url)]
    given = [status for url, status in answers if url.startswith(s3.url) and "long" in url]
    assert set(sent) == {302}
    assert set(given) == {206}
