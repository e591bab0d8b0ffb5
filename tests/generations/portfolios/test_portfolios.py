"""A public portfolio, for artists who want one."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist, Departure
from generations.leaving.services import leave
from generations.models import Portfolio, Share
from generations.portfolios.errors import AddressTaken
from generations.portfolios.services import save_portfolio
from generations.sharing.services import withdraw
from tests.artists.terms.texts import publish_text
from tests.generations.gallery.test_gallery import titles
from tests.generations.sharing.fixtures import MakeShare, MakeWork

MINE = "/portfolio/"
PUBLIC = "/artists/ada-l/"


def save(artist: Artist, *shares: Share, **more: Any) -> Portfolio:
    said: dict[str, Any] = {
        "address": "ada-l",
        "is_open": True,
        "shows_links": False,
        "is_findable": False,
    }
    return save_portfolio(artist, shares=[share.pk for share in shares], **said | more)


def test_an_artist_makes_a_portfolio_in_an_order_of_their_own(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    one, two, three = (make_share(title=title) for title in ("One", "Two", "Three"))
    client.force_login(artist)
    assert client.get(PUBLIC).status_code == 404
    said = {"address": "ada-l", "is_open": "on", "cover": str(two.pk)}
    chosen = {f"in_{one.pk}": "on", f"place_{one.pk}": 1, f"in_{two.pk}": "on"}
    unchosen = {f"place_{two.pk}": 2, f"place_{three.pk}": 0}

    assert client.post(MINE, said | chosen | unchosen).status_code == 302

    visitor = Client()
    assert titles(visitor, PUBLIC) == ["One", "Two"]
    words = visitor.get(PUBLIC).text
    assert "<h1" in words
    assert "Ada" in words
    assert f'class="hero-picture" src="{two.poster_url}"' in words
    save(artist, three, one)
    assert titles(visitor, PUBLIC) == ["Three", "One"]


def test_a_portfolio_that_is_closed_is_there_for_its_artist_alone(
    client: Client, share: Share, artist: Artist, other_artist: Artist
) -> None:
    save(artist, share, is_open=False)

    assert client.get(PUBLIC).status_code == 404
    client.force_login(other_artist)
    assert client.get(PUBLIC).status_code == 404
    client.force_login(artist)
    assert "Nobody but you" in client.get(PUBLIC).text
    assert PUBLIC not in Client().get(share.get_absolute_url()).text


def test_it_shows_what_stands_and_is_behind_no_password(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    """I1"""
    shown, locked, over = (make_share(title=title) for title in ("Shown", "Locked", "Over"))
    save(artist, shown, locked, over, cover=over.pk)
    Share.objects.filter(pk=locked.pk).update(password="hashed")
    withdraw(over, artist=artist)

    assert titles(client, PUBLIC) == ["Shown"]
    assert over.slug not in client.get(PUBLIC).text


def test_links_are_shown_where_the_artist_says_so_and_the_profile_s_picture_never(
    client: Client, share: Share, artist: Artist
) -> None:
    """I1: nobody approved that picture; the portfolio's is a still of a share."""
    artist.links = ["https://art.example/ada"]
    artist.picture.save("pictures/hers.webp", ContentFile(b"her face"))
    artist.save()
    save(artist, share)
    assert "art.example" not in client.get(PUBLIC).text

    save(artist, share, shows_links=True)

    words = client.get(PUBLIC).text
    assert 'href="https://art.example/ada" rel="me nofollow noopener"' in words
    assert "/people/" not in words


def test_a_share_names_the_portfolio_that_it_is_in_and_no_other(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    """Another credit may hide its artist."""
    named, unnamed = make_share(), make_share(credit_name="Nobody")

    save(artist, named)

    assert f'href="{PUBLIC}"' in client.get(named.get_absolute_url()).text
    assert PUBLIC not in client.get(unnamed.get_absolute_url()).text


def test_at_first_the_clips_under_ones_own_name_are_proposed(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    named, unnamed = make_share(credit_name="Ada"), make_share(credit_name="Nobody")
    client.force_login(artist)

    words = client.get(MINE).text

    assert f'name="in_{named.pk}" id="id_in_{named.pk}" checked' in words
    assert f'name="in_{unnamed.pk}" id="id_in_{unnamed.pk}" checked' not in words


def test_nobody_puts_anothers_clip_into_theirs(
    client: Client, make_share: MakeShare, make_work: MakeWork, artist: Artist, other_artist: Artist
) -> None:
    """I7"""
    theirs = make_share(make_work(other_artist))

    save(artist, theirs, cover=theirs.pk)

    theirs.refresh_from_db()
    assert theirs.place is None
    assert titles(client, PUBLIC) == []


@pytest.mark.parametrize("address", ["Ada", "1ada", "ab", "ada--l", "ada-", "ada l", "ädä", "a/b"])
def test_an_address_is_short_words_of_small_letters(
    client: Client, artist: Artist, address: str
) -> None:
    client.force_login(artist)

    assert client.post(MINE, {"address": address, "is_open": "on"}).status_code == 400
    assert not Portfolio.objects.exists()


def test_an_address_is_ones_own(client: Client, artist: Artist, other_artist: Artist) -> None:
    save(artist)
    client.force_login(other_artist)

    answer = client.post(MINE, {"address": "ada-l", "is_open": "on"})

    assert "Somebody else has this address" in answer.text
    with pytest.raises(AddressTaken):
        save(other_artist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Portfolio.objects.create(artist=other_artist, address="Ben")


def test_who_owes_the_terms_opens_none_and_closes_theirs(
    client: Client, share: Share, artist: Artist
) -> None:
    client.force_login(artist)
    save(artist, share)
    publish_text("# New terms")

    assert client.post(MINE, {"address": "ada-l", "is_open": "on"}).status_code == 403
    client.post(MINE, {"address": "ada-l"})

    assert Client().get(PUBLIC).status_code == 404
    assert not Portfolio.objects.get().is_open


def test_it_closes_when_its_artist_leaves(client: Client, share: Share, artist: Artist) -> None:
    save(artist, share)

    leave(artist, shares=Departure.Shares.NAMED)

    assert client.get(PUBLIC).status_code == 404
    assert not Portfolio.objects.exists()
    assert client.get(share.get_absolute_url()).status_code == 200


def test_a_share_is_put_into_it_and_taken_out_on_its_own_page(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    first, second = make_share(title="First"), make_share(title="Second")
    page = reverse("generations:how_it_is_shared", args=[second.slug])
    client.force_login(artist)
    assert "in_portfolio" not in client.get(page).text
    save(artist, first)

    client.post(page, {"in_portfolio": "on"})
    assert titles(client, PUBLIC) == ["Second", "First"]
    client.post(page, {})
    assert titles(client, PUBLIC) == ["First"]
