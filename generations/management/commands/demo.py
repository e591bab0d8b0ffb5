"""manage.py demo: fill in the sample programme, and send one real prompt through all of it."""

import time
from typing import Any

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand

from artists.access.services import create_token, revoke
from artists.models import Artist
from generations.demo.admissions import fill_in_admissions
from generations.demo.afterwards import go_on, save_views
from generations.demo.past import remember_months
from generations.demo.programme import fill_in
from generations.demo.showing import show_clips
from generations.demo.story import carry_on, queue_scenes
from generations.models import Generation

TOKEN_NAME = "demo"  # noqa: S105  (a name, no secret)
PROMPT = "A small boat with a white sail on a calm sea at sunset, birds"
GIVE_UP_AFTER_SECONDS = 900
STEP_SECONDS = 2.0


class Command(BaseCommand):
    help = "Fill in the sample programme of a demo that `up` has started, and follow its story."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise ImproperlyConfigured("set GREENROOM_DEMO=1: the sample programme is for demos.")
        is_first = not Generation.objects.exists()
        people = fill_in()
        fill_in_admissions(people)
        remember_months()
        save_views(people)
        token = self._new_token(people["ines"])
        self._say_where(people, token)
        video_id = self._send_one(token) if is_first else ""
        queue_scenes(people)
        self._follow(people, token, video_id)

    def _new_token(self, artist: Artist) -> str:
        """A token is shown once, so each start of the demo makes a new one and ends the last."""
        for token in artist.tokens.filter(name=TOKEN_NAME, revoked_at=None):
            revoke(token, by=artist)
        return create_token(artist, TOKEN_NAME)[1]

    def _say_where(self, people: dict[str, Artist], token: str) -> None:
        url = settings.PUBLIC_URL
        roles = {"ines": "artist", "rosa": "reviewer", "mina": "manager"}
        names = ", ".join(f"{people[name]} ({role})" for name, role in roles.items())
        self.stdout.write(
            f"\n  Look here     {url}/\n"
            f"  Sign in       {url}/accounts/login/ with one click: {names}\n"
            f"  Mail          {settings.HOME / 'mail'}\n"
            f"  API token     {token}\n\n"
            f"  curl {url}/v1/videos \\\n"
            f"    -H 'Authorization: Bearer {token}' \\\n"
            f"    -F model=sketch-1 -F size=1280x720 -F seconds=4 \\\n"
            f"    -F prompt='Balloons over a valley at dawn'\n\n"
            f"  Or with no key: GREENROOM_URL={url} python3 clients/greenroom.py sign-in\n"
        )

    def _send_one(self, token: str) -> str:
        fields = {"model": "sketch-1", "size": "1280x720", "seconds": "4", "prompt": PROMPT}
        response = httpx.post(
            f"{_local_url()}/v1/videos", json=fields, headers=_bearer(token), timeout=30
        )
        response.raise_for_status()
        self.stdout.write(f"  One real prompt is on its way: “{PROMPT}”")
        return str(response.json()["id"])

    def _follow(self, people: dict[str, Artist], token: str, video_id: str) -> None:
        """Carry the story on as its clips come in, and tell when the real prompt's is there."""
        started = time.monotonic()
        while time.monotonic() - started < GIVE_UP_AFTER_SECONDS:
            if video_id and self._is_there(token, video_id, seconds=time.monotonic() - started):
                video_id = ""
            ended = [carry_on(people), go_on(people), show_clips(people)]
            if all(ended) and not video_id:
                return
            time.sleep(STEP_SECONDS)
        self.stderr.write("The demo's clips are not all there; those that come later stay private.")

    def _is_there(self, token: str, video_id: str, *, seconds: float) -> bool:
        answer = httpx.get(
            f"{_local_url()}/v1/videos/{video_id}", headers=_bearer(token), timeout=30
        )
        answer.raise_for_status()
        status = answer.json()["status"]
        if status == "completed":
            work = f"{settings.PUBLIC_URL}/works/"
            self.stdout.write(f"  The real prompt's clip is there after {seconds:.0f} s: {work}")
        elif status == "failed":
            self.stderr.write(f"  The real prompt failed: {answer.json()['error']['message']}")
        return status in ("completed", "failed")


def _local_url() -> str:
    return f"http://localhost:{settings.PORT}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
