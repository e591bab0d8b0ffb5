"""Who may fetch the files of a work."""

import hashlib
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.models import Generation, Rendition
from tests.generations.sharing.fixtures import stored_bytes

KINDS = [str(kind) for kind in Rendition.Kind]


@pytest.fixture
def signed_in(client: Client):
    """A browser in which somebody is signed in."""

    def sign_in(person: Artist) -> Client:
        client.force_login(person)
        return client

    return sign_in


def address(work: Generation, kind: str = "master") -> str:
    return reverse("generations:file", args=[work.pk, kind])


@pytest.mark.parametrize("kind", KINDS)
def test_an_artist_sees_every_file_of_their_own_work(signed_in, artist, work, kind):
    response = signed_in(artist).get(address(work, kind))

    assert response.status_code == 200
    assert response.getvalue() == stored_bytes(work, kind)
    assert response["Content-Disposition"] == "inline"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_work_names_the_addresses_of_its_files(work):
    assert KINDS == ["master", "proxy", "poster", "filmstrip", "waveform"]
    assert [work.video_url, work.proxy_url, work.poster_url] == [
        address(work, kind) for kind in KINDS[:3]
    ]
    assert [work.filmstrip_url, work.waveform_url] == [address(work, kind) for kind in KINDS[3:]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_visitor_finds_nothing(client, work, kind):
    """I1: not even a way to sign in, which would say that something is there."""
    assert client.get(address(work, kind)).status_code == 404


def test_another_artist_finds_nothing(signed_in, other_artist, work, submission):
    """I7: not even when it was submitted."""
    browser = signed_in(other_artist)

    assert browser.get(address(work)).status_code == 404
    assert browser.get(address(submission.generation)).status_code == 404
    assert browser.get(reverse("generations:download", args=[work.pk])).status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "manager"])
def test_those_who_review_have_an_address_of_their_own(request, signed_in, role, submission):
    """I7: what was submitted is seen at its submission, not at the artist's address."""
    browser = signed_in(request.getfixturevalue(role))

    assert browser.get(address(submission.generation)).status_code == 404


def test_a_removed_work_is_gone_for_everybody(signed_in, artist, reviewer, submission):
    work = submission.generation
    Generation.objects.filter(pk=work.pk).update(removed_at=timezone.now())

    for person in (artist, reviewer):
        browser = signed_in(person)
        assert browser.get(address(work)).status_code == 404
        assert browser.get(reverse("generations:download", args=[work.pk])).status_code == 404


def test_somebody_who_was_shut_out_gets_nothing_more(signed_in, artist, work):
    """I8: from the next request on."""
    browser = signed_in(artist)
    browser.get(address(work)).getvalue()

    Artist.objects.filter(pk=artist.pk).update(is_active=False)

    assert browser.get(address(work)).status_code == 404


def test_a_work_that_is_not_ready_has_no_files(signed_in, artist, make_work):
    work = make_work()
    work.renditions.all().delete()

    assert signed_in(artist).get(address(work)).status_code == 404


def test_a_work_that_never_was_is_not_found(signed_in, artist, work):
    browser = signed_in(artist)

    assert browser.get(reverse("generations:file", args=[uuid4(), "master"])).status_code == 404
    assert browser.get(f"/works/{work.pk}/render/").status_code == 404


def test_files_are_only_read(signed_in, artist, work):
    browser = signed_in(artist)

    assert browser.post(address(work)).status_code == 405
    assert browser.head(address(work)).status_code == 200


def test_an_artist_takes_the_master_away_under_a_name_that_says_what_it_is(
    signed_in, artist, make_work
):
    work = make_work(prompt="A lighthouse, à la Monet")

    response = signed_in(artist).get(reverse("generations:download", args=[work.pk]))

    given = hashlib.sha256(response.getvalue()).hexdigest()
    assert given == work.signed_copies.get().sha256 != work.renditions.get(kind="master").sha256
    assert response["Content-Type"] == "video/mp4"
    tail = f"{work.pk.hex[-6:]}.mp4"
    assert response["Content-Disposition"] == (
        f'attachment; filename="greenroom-a-lighthouse-la-monet-{tail}"; '
        f"filename*=UTF-8''greenroom-a-lighthouse-%C3%A0-la-monet-{tail}"
    )


def test_a_file_of_ones_own_takes_three_queries(signed_in, artist, work, django_assert_num_queries):
    browser = signed_in(artist)

    with django_assert_num_queries(3):  # the session, the person, the rendition
        browser.get(address(work)).getvalue()
