"""A program of an artist who may have a hundred clips made at once."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import httpx

from tests.services.portal import ROOT

FILL_IN = """
import django; django.setup()
from artists.access.services import create_token
from artists.models import Cohort, Limit
from artists.quotas.ceilings import grant
from generations.demo.programme import fill_in
from generations.models import VideoModel
people = fill_in()
Cohort.objects.update(running_cap=100, queued_cap=100)
VideoModel.objects.update(concurrency=100)
for limit in Limit.objects.filter(artist__isnull=False):
    grant(limit, amount=100_000)
for name in ("tomo", "vera"):
    print(create_token(people[name], "machines")[1])
"""


def tokens(environment: Mapping[str, str]) -> list[str]:
    """Make the programme, and return a token of each of two artists."""
    done = subprocess.run(
        [sys.executable, "-c", FILL_IN],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


class Api:
    """A program with one artist's token; `options` are those of httpx."""

    def __init__(self, url: str, token: str, **options: Any) -> None:
        self.http = httpx.Client(base_url=url, **{"timeout": 20, **options})
        self.http.headers["Authorization"] = f"Bearer {token}"

    def create(self, prompt: str, **fields: str) -> str:
        body = {"prompt": prompt, "seconds": "4", "size": "1280x720"} | fields
        answer = self.http.post("/v1/videos", json=body)
        assert answer.is_success, answer.text
        return str(answer.json()["id"])

    def video(self, video_id: str) -> dict[str, Any]:
        answer = self.http.get(f"/v1/videos/{video_id}")
        answer.raise_for_status()
        return dict(answer.json())

    def has_ended(self, video_id: str) -> bool:
        return self.video(video_id)["status"] in ("completed", "failed")

    def content(
        self, video_id: str, headers: Mapping[str, str] | None = None, *, method: str = "GET"
    ) -> httpx.Response:
        return self.http.request(method, f"/v1/videos/{video_id}/content", headers=headers)
