"""How often a share is opened: a number for its artist, and nothing of who opened it."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Share, ViewCount

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}


def open_page(client: Client, share: Share, **headers: str) -> Any:
    return client.get(share.get_absolute_url(), headers=BROWSER | headers)


def counted(share: Share) -> int:
    return sum(share.view_counts.values_list("views", flat=True))


def test_each_opening_counts_in_one_row_a_day_and_leaves_no_cookie(
    client: Client, share: Share
) -> None:
    for _ in range(3):
        answer = open_page(client, share)
    client.get(reverse("generations:share_embed", args=[share.slug]), headers=BROWSER)

    assert not answer.cookies
    (row,) = ViewCount.objects.all()
    assert row.views == 4
    assert {field.name for field in ViewCount._meta.fields} == {"id", "share", "day", "views"}


def test_machines_heads_and_the_artist_do_not_count(
    client: Client, share: Share, artist: Artist
) -> None:
    open_page(client, share, **{"User-Agent": "Twitterbot/1.0"})
    open_page(client, share, **{"User-Agent": "facebookexternalhit/1.1"})
    open_page(client, share, **{"Sec-Purpose": "prefetch;prerender"})
    client.get(share.get_absolute_url())  # says nothing of itself
    client.head(share.get_absolute_url(), headers=BROWSER)
    client.get(share.video_url, headers=BROWSER)
    client.force_login(artist)
    open_page(client, share)

    assert counted(share) == 0


def test_the_artist_alone_sees_the_number(
    client: Client, share: Share, artist: Artist, manager: Artist
) -> None:
    for _ in range(7):
        open_page(client, share)
    page = reverse("generations:how_it_is_shared", args=[share.slug])
    client.force_login(manager)
    assert client.get(page).status_code == 404
    assert "7 views" not in open_page(client, share).text  # which counts: she is somebody

    client.force_login(artist)

    assert "<strong>8</strong> in all, 8 views in 30 days" in client.get(page).text


def test_a_share_costs_two_queries_and_no_more_for_each_view(
    client: Client, share: Share, django_assert_num_queries: Any
) -> None:
    open_page(client, share)

    with django_assert_num_queries(2):
        open_page(client, share)


@pytest.mark.django_db(transaction=True)
def test_none_of_many_at_once_is_lost(share: Share) -> None:
    def open_some() -> None:
        try:
            for _ in range(5):
                ViewCount.objects.add(share)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted(share) == 40
