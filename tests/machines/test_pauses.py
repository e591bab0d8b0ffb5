"""A pause and a revocation while two webs and the workers of two machines are busy (I8).

Both artists create without a break; one of them is stopped. The video model never ends a clip, so
that what was sent is all there is to see of it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import httpx
import pytest

from tests.emulators.served import served
from tests.machines.programme import Api
from tests.machines.site import Site, running_site
from tests.machines.studio import OWN_KEY, Studio
from tests.services.portal import ROOT

SETUP = "import django, time; django.setup()\n"
MAKE_ROOM = """
from artists.models import Cohort, Limit, Window
from generations.models import VideoModel
Cohort.objects.update(running_cap=5000, queued_cap=5000)
Limit.objects.update(ceiling=10**8)
Window.objects.update(ceiling=10**8)
VideoModel.objects.update(concurrency=5000)
"""
FIND = """
from artists.models import Artist, Token
token = Token.objects.filter(artist__credit_name__startswith="Tomo").latest("pk")
artist = token.artist
"""
STOPS = {
    "paused": """
from datetime import timedelta
from django.utils import timezone
from artists.access.pausing import pause
from artists.models import Pause
end = timezone.now() + timedelta(hours=1)
pause(Pause(artist=artist, reason="A test", expected_end=end), by=None)
print(time.time())
""",
    "token_revoked": """
from artists.access.services import revoke
revoke(token, by=artist)
print(time.time())
""",
}
SENT_AFTER = """
from datetime import UTC, datetime
from generations.models import Attempt
moment = datetime.fromtimestamp({moment}, UTC)
print(Attempt.objects.filter(generation__artist=artist, sent_at__gt=moment).count())
"""
UNSENT = """
from generations.models import Generation
print(Generation.objects.filter(artist=artist, status__in=["queued", "submitting"]).count())
"""
LIFT = """
from artists.access.pausing import lift
lift(artist.pauses.in_force().get(), by=None)
"""


class Watched(Studio):
    """Writes down when each create call came, and for which prompt."""

    def __init__(self) -> None:
        super().__init__()
        self.creates: list[tuple[float, str]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        at = time.time()
        answer = super().answer(request)
        if request.method == "POST" and answer.is_success:
            self.creates.append((at, self.jobs[answer.json()["id"]]["prompt"]))
        return answer

    def times_of(self, who: str) -> list[float]:
        return [at for at, prompt in list(self.creates) if prompt.startswith(who)]


@dataclass
class Tries:
    """What one artist's programs asked for: when it was sent, when answered, and how."""

    answers: list[tuple[float, float, int, str]] = field(default_factory=list)

    def begun_after(self, moment: float) -> set[tuple[int, str]]:
        return {(status, code) for began, _, status, code in self.answers if began > moment}

    def first_refusal(self) -> float:
        return min(ended for _, ended, status, _ in self.answers if status != 200)

    def accepted_before(self, moment: float) -> int:
        return sum(status == 200 for _, ended, status, _ in self.answers if ended < moment)


@pytest.fixture(scope="module")
def studio() -> Watched:
    return Watched()


@pytest.fixture(scope="module")
def site(studio: Watched, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(studio) as url:
        own = {
            "GREENROOM_PROVIDER_SKETCH_URL": url,
            "GREENROOM_PROVIDER_SKETCH_KEY": OWN_KEY,
            "GREENROOM_API_WRITE_RATE": "100000/min",
        }
        with running_site(tmp_path_factory.mktemp("site"), own) as running:
            run(running, MAKE_ROOM)
            yield running


def run(site: Site, script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SETUP + script],
        cwd=ROOT,
        env=dict(site.example.environment) | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def create(api: Api, prompt: str) -> tuple[float, float, int, str]:
    body = {"prompt": prompt, "seconds": "4", "size": "1280x720"}
    began = time.time()
    answer = api.http.post("/v1/videos", json=body)
    code = "" if answer.is_success else answer.json()["error"]["code"]
    return began, time.time(), answer.status_code, code


@contextmanager
def load(**artists: Api) -> Iterator[dict[str, Tries]]:
    """Two programs of each artist, which create until the block ends."""
    enough = Event()
    tries = {name: Tries() for name in artists}

    def work(name: str) -> None:
        while not enough.is_set():
            tries[name].answers.append(create(artists[name], f"{name} {len(tries[name].answers)}"))

    with ThreadPoolExecutor(2 * len(artists)) as pool:
        running = [pool.submit(work, name) for name in artists for _ in range(2)]
        try:
            yield tries
        finally:
            enough.set()
        for one in running:
            one.result()


@pytest.mark.parametrize("code", list(STOPS))
def test_a_stop_holds_within_a_second_for_one_artist_alone(
    site: Site, studio: Watched, code: str
) -> None:
    """I8"""
    studio.creates.clear()
    with load(stopped=site.artist, other=site.stranger) as tries:
        site.wait_until(lambda: len(studio.times_of("stopped")) >= 10)
        stopped_at = float(run(site, FIND + STOPS[code]))
        time.sleep(3)
    sent_after = run(site, FIND + SENT_AFTER.format(moment=stopped_at))
    unsent = run(site, FIND + UNSENT)
    time.sleep(3)

    stopped, other = tries["stopped"], tries["other"]
    assert stopped.accepted_before(stopped_at) >= 10
    assert stopped.begun_after(stopped_at) == {(403 if code == "paused" else 401, code)}
    assert stopped.first_refusal() - stopped_at < 1
    assert int(sent_after) == 0
    assert max(studio.times_of("stopped")) < stopped_at + 1
    assert other.begun_after(stopped_at) == {(200, "")}
    assert max(studio.times_of("other")) > stopped_at + 1
    if code == "paused":
        assert run(site, FIND + UNSENT) == unsent
        run(site, FIND + LIFT)
