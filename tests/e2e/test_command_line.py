"""The command-line client against a running portal: let in by a browser, and ended by it."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.people import PASSWORD
from tests.e2e.test_main_job import sign_in
from tests.services.portal import ROOT, Portal

CLIENT = ROOT / "clients" / "greenroom.py"
ARTIST = "tomo@demo.greenroom.invalid"
WAIT_SECONDS = 120


@pytest.fixture
def start(portal: Portal, tmp_path: Path) -> Callable[..., subprocess.Popen]:
    """Start the client in an empty folder, with a session of its own."""
    environment = {**os.environ, "GREENROOM_SESSION": str(tmp_path / "session" / "it.json")}
    environment["GREENROOM_URL"] = portal.url

    def run(*arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-I", str(CLIENT), *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture
def run(start: Callable[..., subprocess.Popen]) -> Callable[..., tuple[int, str]]:
    def to_its_end(*arguments: str) -> tuple[int, str]:
        program = start(*arguments)
        out, err = program.communicate(timeout=WAIT_SECONDS)
        return program.returncode, out + err

    return to_its_end


def test_a_program_signs_in_makes_a_video_and_is_ended(
    start: Callable[..., subprocess.Popen],
    run: Callable[..., tuple[int, str]],
    new_page: Callable[[], Page],
    tmp_path: Path,
) -> None:
    assert run("list") == (1, "Sign in first: greenroom.py sign-in\n")
    signing_in = start("sign-in")
    assert signing_in.stdout is not None
    address = re.sub("^Open ", "", signing_in.stdout.readline().strip())
    code = signing_in.stdout.readline().strip().rpartition(" ")[2]
    page = new_page()
    sign_in(page, ARTIST, with_code=False)
    page.goto(address)
    expect(page.get_by_text(code)).to_be_visible()
    page.get_by_role("button", name="Let it in").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("It is let in")).to_be_visible()
    assert signing_in.communicate(timeout=WAIT_SECONDS)[0] == "Signed in.\n"

    kept = tmp_path / "session" / "it.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    made = run("make", "A paper boat", "--seconds", "4", "--size", "1280x720", "-o", "boat.mp4")
    assert made[0] == 0, made[1]
    assert (tmp_path / "boat.mp4").read_bytes()[4:8] == b"ftyp"
    assert run("make", "A paper boat", "-o", "boat.mp4")[1].startswith("boat.mp4 is there already")
    video_id = made[1].partition(" ")[0]
    assert video_id in run("list")[1]
    assert run("download", video_id, "-o", "again.mp4")[0] == 0
    assert (tmp_path / "again.mp4").read_bytes() == (tmp_path / "boat.mp4").read_bytes()

    # Of several runs at once, each of which finds its token over, one renews it for all.
    before = json.loads(kept.read_text())
    kept.write_text(json.dumps(before | {"renew_at": 0}))
    runs = [start("list") for _ in range(3)]
    assert [one.wait(WAIT_SECONDS) for one in runs] == [0, 0, 0]
    assert json.loads(kept.read_text())["refresh_token"] != before["refresh_token"]

    page.goto("/tokens/")
    page.get_by_text("End it…").click()
    page.get_by_role("button", name="End this program").click()
    expect(page.get_by_text("is revoked")).to_be_visible()
    assert run("list") == (1, "You were signed out. Sign in again.\n")
    assert not kept.exists()


def test_a_token_goes_nowhere_but_over_https(run: Callable[..., tuple[int, str]]) -> None:
    answer = run("sign-in", "--url", "http://videos.example")

    assert answer == (1, "The address must begin with https:// where it is not this machine.\n")


def test_a_portal_that_is_away_is_told_in_a_sentence(run: Callable[..., tuple[int, str]]) -> None:
    code, words = run("sign-in", "--url", "http://localhost:9")

    assert code == 1
    assert words.startswith("localhost:9 does not answer")
