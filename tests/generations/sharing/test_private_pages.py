"""No browser keeps what only somebody signed in may see."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Share

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "generations:library"])
def test_a_page_of_somebody_signed_in_is_kept_by_nobody(
    client: Client, artist: Artist, name: str
) -> None:
    client.force_login(artist)

    assert client.get(reverse(name)).headers["Cache-Control"] == "private, no-store"


def test_so_are_refusals_of_somebody_signed_in(client: Client, artist: Artist) -> None:
    client.force_login(artist)

    missing = client.get("/works/01a21679-db3b-79a1-864c-5a05d9860423/")

    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "private, no-store")


def test_files_and_what_is_public_say_themselves_how_they_are_kept(
    client: Client, artist: Artist, share: Share, settings: Any
) -> None:
    work: Generation = share.submission.generation
    client.force_login(artist)

    assert client.get(work.proxy_url).headers["Cache-Control"] == "private, no-cache"
    assert client.get(share.video_url).headers["Cache-Control"] == "no-cache"
    assert "Cache-Control" not in Client().get(reverse("front")).headers
