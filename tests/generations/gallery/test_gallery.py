"""The programme's gallery, and what search engines are told."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.gallery import paging
from generations.models import Decision, Share
from generations.portfolios.services import save_portfolio
from generations.sharing.services import withdraw
from tests.generations.sharing.fixtures import MakeShare

GALLERY = "/gallery/"


def titles(client: Client, address: str = GALLERY) -> list[str]:
    """The titles of a page, in its order."""
    found = client.get(address).text.split('clip-card-title" dir="auto">')[1:]
    return [words.split(">")[1].split("<")[0] for words in found]


def choose(share: Share, **chosen: Any) -> None:
    Share.objects.filter(pk=share.pk).update(**chosen)


def test_the_gallery_shows_what_artists_share_the_newest_first_and_on_the_front_page_too(
    client: Client, make_share: MakeShare
) -> None:
    for title in ("One", "Two", "Three"):
        make_share(title=title)

    assert titles(client) == ["Three", "Two", "One"]
    assert "Three" in client.get(reverse("front")).text


def test_what_does_not_stand_or_is_kept_out_is_in_no_list(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    """I1: each for another reason."""
    make_share(title="Shown")
    withdraw(make_share(title="Withdrawn"), artist=artist)
    choose(make_share(title="Kept out"), in_gallery=False)
    choose(make_share(title="Locked"), password="hashed")
    choose(make_share(title="Expired"), expires_at=timezone.now() - timedelta(seconds=1))
    unapproved = make_share(title="Unapproved")
    Decision.objects.filter(submission__share=unapproved).update(rendition_sha256="0" * 64)

    assert titles(client) == ["Shown"]
    front = client.get(reverse("front")).text
    assert "Shown" in front
    assert not [word for word in ("Withdrawn", "Kept out", "Locked", "Expired") if word in front]


def test_pages_follow_each_other_without_a_gap_whatever_ends_meanwhile(
    client: Client, make_share: MakeShare, artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging.page_after, "__kwdefaults__", {"size": 2})
    shares = [make_share(title=str(number)) for number in range(5)]
    assert titles(client) == ["4", "3"]

    withdraw(shares[3], artist=artist)

    assert titles(client, f"{GALLERY}?after={shares[3].slug}") == ["2", "1"]
    assert titles(client, f"{GALLERY}?after={shares[1].slug}") == ["0"]
    fragment = client.get(f"{GALLERY}?after={shares[1].slug}", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert client.get(f"{GALLERY}?after=no-such-page").status_code == 404
    assert client.get(f"{GALLERY}?after=%00").status_code == 404


@pytest.mark.parametrize("address", [GALLERY, "/", "/artists/ada/", "/sitemap.xml"])
def test_lists_cost_as_many_queries_for_many_as_for_one(
    client: Client, make_share: MakeShare, artist: Artist, address: str
) -> None:
    def save(shares: list[Share]) -> None:
        Share.objects.update(is_findable=True)
        save_portfolio(
            artist,
            address="ada",
            is_open=True,
            shows_links=True,
            is_findable=True,
            shares=[share.pk for share in shares],
        )

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    shares = [make_share()]
    save(shares)
    of_one = queries()
    shares += [make_share() for _ in range(6)]
    save(shares)

    assert queries() == of_one <= 5


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="others plan a small table otherwise")
def test_an_index_leads_to_each_page_of_the_lists() -> None:
    plans = {
        "share_gallery": Share.objects.offered().order_by("-pk")[:25],
        "share_findable": Share.objects.findable()[:25],
        "share_expiring": Share.objects.expired(),
    }

    plans_told = {index: rows.explain() for index, rows in plans.items()}

    assert [index for index, plan in plans_told.items() if f"INDEX {index}" not in plan] == []


def test_search_engines_find_what_the_artist_lets_be_found_and_nothing_else(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    found, hidden, locked, over = (make_share() for _ in range(4))
    Share.objects.exclude(pk=hidden.pk).update(is_findable=True)
    choose(locked, password="hashed")
    withdraw(over, artist=artist)

    root = ET.fromstring(client.get("/sitemap.xml").content)

    addresses = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert addresses == [f"http://localhost:8000{found.get_absolute_url()}"]
    assert 'name="robots"' not in client.get(found.get_absolute_url()).text
    assert "X-Robots-Tag" not in client.get(found.poster_url)
    assert 'name="robots" content="noindex"' in client.get(hidden.get_absolute_url()).text
    assert client.get(hidden.poster_url)["X-Robots-Tag"] == "noindex"
    assert 'content="noindex, follow"' in client.get(GALLERY).text


@pytest.mark.django_db
def test_robots_are_led_to_the_sitemap(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://localhost:8000/sitemap.xml" in answer.text
    assert "Disallow: /s/\n" not in answer.text  # else none would read that a page is unlisted
