"""How a share is shown is its artist's to say, at any time, and changes no picture."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.http import Http404
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations.media.credentials.copies import replace_public
from generations.models import Decision, Share, SignedCopy
from generations.prompts.services import remove
from generations.sharing import locks
from generations.sharing.choices import choose
from generations.sharing.errors import AlreadyEnded, NotOwnShare
from generations.sharing.services import take_down, withdraw
from generations.verifying.matching import find_shared
from portal.audit import Event
from portal.throttling import TooHasty
from tests.generations.sharing.fixtures import MakeShare, public_bytes

PASSWORD = "seven paper boats"
KINDS = ("master", "poster", "filmstrip")
AS_IT_COMES: dict[str, Any] = {
    "in_gallery": True,
    "is_findable": False,
    "allows_embedding": True,
    "allows_download": False,
    "hides_prompt": False,
    "in_portfolio": None,
    "expires_at": None,
}


def page(share: Share) -> str:
    return reverse("generations:how_it_is_shared", args=[share.slug])


def file(share: Share, kind: str = "master") -> str:
    return reverse("generations:share_file", args=[share.slug, kind])


def unlock(client: Client, share: Share, password: str) -> Any:
    return client.post(reverse("generations:unlock", args=[share.slug]), {"password": password})


@pytest.fixture
def locked(share: Share, artist: Artist) -> Share:
    """Ada's share, behind a password."""
    choose(share, artist=artist, **AS_IT_COMES, new_password=PASSWORD)
    share.refresh_from_db()
    return share


def test_an_artist_changes_how_a_share_is_shown_without_a_new_review(
    client: Client, share: Share, artist: Artist
) -> None:
    client.force_login(artist)
    before = public_bytes(share)
    said = {"allows_download": "on", "is_findable": "on", "expires_at": "2100-01-01T12:00"}

    answer = client.post(page(share), said)

    share.refresh_from_db()
    assert answer.status_code == 302
    assert (share.in_gallery, share.allows_embedding, share.hides_prompt) == (False, False, True)
    assert (share.allows_download, share.is_findable) == (True, True)
    assert share.expires_at
    assert share.expires_at.year == 2100
    assert Decision.objects.count() == 1
    assert b"".join(client.get(file(share))) == before


def test_only_its_artist_says_how_a_share_is_shown(
    client: Client, share: Share, artist: Artist, other_artist: Artist, manager: Artist
) -> None:
    """I7"""
    for person in (None, other_artist, manager):
        if person:
            client.force_login(person)
        assert client.get(page(share)).status_code == 404
        assert client.post(page(share), {}).status_code == 404
    with pytest.raises(NotOwnShare):
        choose(share, artist=manager, **AS_IT_COMES)
    withdraw(share, artist=artist)
    with pytest.raises(AlreadyEnded):
        choose(share, artist=artist, **AS_IT_COMES)


def test_a_prompt_may_be_hidden_later_but_never_shown_unless_it_was_approved_so(
    client: Client, share: Share, make_share: MakeShare, artist: Artist
) -> None:
    choose(share, artist=artist, **AS_IT_COMES | {"hides_prompt": True})
    assert "A paper boat on a canal" not in client.get(share.get_absolute_url()).text

    silent = make_share(show_prompt=False)
    client.force_login(artist)
    client.post(page(silent), {"shows_prompt": "on"})

    assert "shows_prompt" not in client.get(page(silent)).text
    assert "A paper boat on a canal" not in client.get(silent.get_absolute_url()).text


def test_a_prompt_that_is_hidden_leaves_the_public_file_too(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    """I1: the approval names the file that was signed anew, and its pictures are the same."""
    share = make_share(file_has_prompt=True)
    before, prompt = public_bytes(share), b"A paper boat on a canal"
    assert prompt in before
    client.force_login(artist)
    assert "the file is signed anew without it" in client.get(page(share)).text

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(page(share), {}).status_code == 302

    share = Share.objects.standing().get()
    served = b"".join(Client().get(file(share)))
    assert prompt not in served
    assert hashlib.sha256(served).hexdigest() == share.submission.decision.public_sha256
    assert share.hides_prompt
    assert not share.submission.file_has_prompt
    assert "prompt" not in share.submission.public_copy.says
    (event,) = Event.objects.filter(verb="share.signed_anew")
    assert event.facts["before"] == hashlib.sha256(before).hexdigest()

    client.post(page(share), {"shows_prompt": "on"})
    assert prompt not in b"".join(Client().get(file(share)))  # left out for good


def test_a_work_that_is_removed_while_its_file_is_signed_anew_keeps_no_file(
    client: Client, make_share: MakeShare
) -> None:
    """I12: files are deleted once; one that came after that nobody would look for again."""
    share = make_share(file_has_prompt=True)
    standing = share.submission.public_copy
    storage: Any = default_storage
    stored = [one.name for one in storage.walk("signed")]
    remove(share.submission.generation)  # and its files go when that has been committed

    with pytest.raises(Http404):
        replace_public(standing)

    assert [one.name for one in storage.walk("signed")] == stored
    assert SignedCopy.objects.get() == standing


def test_a_prompt_stays_shown_where_its_file_cannot_be_signed_anew(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    share = make_share(file_has_prompt=True)
    default_storage.delete(str(share.submission.rendition.file.name))
    client.force_login(artist)

    assert client.post(page(share), {}).status_code == 404

    share = Share.objects.standing().get()
    assert (share.hides_prompt, share.submission.file_has_prompt) == (False, True)


def test_a_share_is_downloaded_where_its_artist_allows_it(
    client: Client, make_share: MakeShare, artist: Artist
) -> None:
    """I1: the very bytes that were approved, under a name that is safe."""
    share = make_share(title='../Bö"at:\u202e one')
    address = reverse("generations:share_download", args=[share.slug])
    assert client.get(address).status_code == 404
    assert "Download" not in client.get(share.get_absolute_url()).text

    choose(share, artist=artist, **AS_IT_COMES | {"allows_download": True})

    answer = client.get(address)
    assert answer.getvalue() == public_bytes(share)
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"bat-one-by-ada-l.mp4\"; filename*=UTF-8''b%C3%B6at-one-by-ada-l.mp4"
    )
    assert "Download" in client.get(share.get_absolute_url()).text
    withdraw(share, artist=artist)
    assert client.get(address).status_code == 410


def test_behind_a_password_neither_page_nor_files_nor_a_preview_tell_anything(
    client: Client, locked: Share
) -> None:
    """I1 holds behind it too."""
    Share.objects.update(allows_download=True)
    answer = client.get(locked.get_absolute_url())

    assert answer.status_code == 200
    assert not [
        word for word in ("Boat", "Ada", "og:", "oembed", "VideoObject") if word in answer.text
    ]
    assert "noindex" in answer.text
    assert answer["Cache-Control"] == "private, no-cache"
    for kind in KINDS:
        assert client.get(file(locked, kind)).status_code == 403
    for name in ("share_download", "share_embed"):
        assert client.get(reverse(f"generations:{name}", args=[locked.slug])).status_code == 403
    assert find_shared(locked.slug) is None
    assert "Boat" not in client.get(reverse("front")).text
    assert "Boat" not in client.get(reverse("generations:gallery")).text


def test_who_knows_the_password_sees_the_clip_until_it_is_another(
    client: Client, locked: Share, artist: Artist, make_share: MakeShare
) -> None:
    assert PASSWORD not in locked.password
    other = make_share()
    choose(other, artist=artist, **AS_IT_COMES, new_password="another one here")
    assert unlock(client, locked, "seven paper goats").status_code == 400

    answer = unlock(client, locked, PASSWORD)

    assert (answer.status_code, answer["Location"]) == (302, locked.get_absolute_url())
    cookie = answer.cookies["share_key"]
    assert (cookie["path"], cookie["httponly"]) == (locked.get_absolute_url(), True)
    shown = client.get(locked.get_absolute_url())
    assert "Boat" in shown.text
    assert "og:" not in shown.text
    for kind in KINDS:
        assert client.get(file(locked, kind)).status_code == 200
        assert client.get(file(locked, kind))["Cache-Control"] == "private, no-cache"
    client.cookies["share_key"]["path"] = "/"  # even if a browser sent it elsewhere
    assert client.get(file(other)).status_code == 403

    choose(locked, artist=artist, **AS_IT_COMES, new_password="nine paper boats")
    assert client.get(file(locked)).status_code == 403


def test_a_cookie_that_a_browser_keeps_too_long_opens_nothing(
    client: Client, locked: Share
) -> None:
    unlock(client, locked, PASSWORD)
    key = client.cookies["share_key"].value

    with time_machine.travel(timezone.now() + timedelta(hours=11, minutes=59)):
        assert client.get(file(locked)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        client.cookies["share_key"] = key  # as one who copied it sends it
        assert client.get(file(locked)).status_code == 403


def test_the_artist_and_reviewers_need_no_password(
    client: Client, locked: Share, artist: Artist, other_artist: Artist, reviewer: Artist
) -> None:
    for person, status in ((artist, 200), (other_artist, 403), (reviewer, 200)):
        client.force_login(person)
        assert client.get(file(locked)).status_code == status


def test_guesses_are_few(client: Client, locked: Share) -> None:
    for number in range(10):
        assert unlock(client, locked, f"guess {number}").status_code == 400

    answer = unlock(client, locked, PASSWORD)

    assert answer.status_code == TooHasty.status
    elsewhere = Client(REMOTE_ADDR="198.51.100.9")
    assert unlock(elsewhere, locked, PASSWORD).status_code == 302


def test_the_guesses_of_many_shut_out_nobody_who_is_in_and_nobody_from_elsewhere(
    locked: Share,
) -> None:
    """Each network has its own count, also once a hundred guesses came from others."""
    inside = Client(REMOTE_ADDR="192.0.2.1")
    assert unlock(inside, locked, PASSWORD).status_code == 302
    for number in range(101):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert unlock(stranger, locked, "guess").status_code == 400

    assert "Boat" in inside.get(locked.get_absolute_url()).text
    assert inside.get(file(locked)).status_code == 200
    assert unlock(Client(REMOTE_ADDR="192.0.2.2"), locked, PASSWORD).status_code == 302


def test_all_guesses_at_one_share_have_an_end_that_holds_nobody_who_is_in(
    locked: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "GUESSES_OF_ALL", 3)
    inside = Client(REMOTE_ADDR="192.0.2.1")
    assert unlock(inside, locked, PASSWORD).status_code == 302
    said = [
        unlock(Client(REMOTE_ADDR=f"198.51.100.{number}"), locked, "guess").status_code
        for number in range(4)
    ]

    assert said == [400, 400, TooHasty.status, TooHasty.status]
    assert "Boat" in inside.get(locked.get_absolute_url()).text
    assert unlock(inside, locked, "whatever").status_code == 302


def test_who_holds_a_whole_site_of_ipv6_does_not_use_up_the_guesses_of_all(
    locked: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line of a home or a server has thousands of networks, each with a count of its own."""
    monkeypatch.setattr(locks, "GUESSES_OF_ALL", 60)
    said = [
        unlock(Client(REMOTE_ADDR=f"2001:db8:0:{number:x}::1"), locked, "guess").status_code
        for number in range(61)
    ]

    assert said == [400] * 50 + [TooHasty.status] * 11
    assert unlock(Client(REMOTE_ADDR="2001:db8:1::1"), locked, PASSWORD).status_code == 302
    assert unlock(Client(REMOTE_ADDR="192.0.2.1"), locked, PASSWORD).status_code == 302


def test_a_password_is_taken_away_by_its_artist(
    client: Client, locked: Share, artist: Artist
) -> None:
    client.force_login(artist)

    client.post(page(locked), {"removes_password": "on", "in_gallery": "on"})

    locked.refresh_from_db()
    assert not locked.is_locked
    assert Client().get(file(locked)).status_code == 200


def test_a_share_is_gone_with_its_files_at_the_moment_its_artist_chose(
    client: Client, share: Share, artist: Artist
) -> None:
    """I1"""
    now = timezone.now()
    choose(share, artist=artist, **AS_IT_COMES | {"expires_at": now + timedelta(hours=1)})
    assert client.get(file(share)).status_code == 200
    Share.objects.update(expires_at=now)

    answer = client.get(share.get_absolute_url())

    assert answer.status_code == 410
    assert "Its artist chose to show it until" in answer.text
    assert "Boat" not in answer.text
    for kind in KINDS:
        assert client.get(file(share, kind)).status_code == 410
    assert find_shared(share.slug) is None
    client.force_login(artist)
    assert "Its time was over" in client.get(page(share)).text
    client.post(page(share), {"expires_at": ""})
    assert client.get(file(share)).status_code == 200


def test_a_moment_that_is_over_cannot_be_chosen(
    client: Client, share: Share, artist: Artist
) -> None:
    client.force_login(artist)

    Artist.objects.filter(pk=artist.pk).update(time_zone="America/New_York")
    for moment in ("2020-01-01T12:00", "9999-12-31T23:59"):
        answer = client.post(page(share), {"expires_at": moment, "new_password": "short"})
        assert "Choose at least 8 characters." in answer.text
        assert answer.status_code == 400
        assert "yet to come" in answer.text

    share.refresh_from_db()
    assert (share.expires_at, share.password, share.in_gallery) == (None, "", True)


def test_what_is_taken_down_says_on_which_ground(
    client: Client, share: Share, manager: Artist, ground: Any
) -> None:
    take_down(share, manager=manager, ground=ground, reason="For the artist alone.")

    words = client.get(share.get_absolute_url()).text

    assert ground.title in words
    assert "For the artist alone." not in words


def test_who_made_what_is_over_is_led_from_its_page_to_what_can_be_done(
    client: Client, share: Share, artist: Artist, other_artist: Artist
) -> None:
    Share.objects.update(expires_at=timezone.now())
    work = share.submission.generation.get_absolute_url()
    client.force_login(artist)
    assert page(share) in client.get(share.get_absolute_url()).text

    withdraw(share, artist=artist)
    own = client.get(share.get_absolute_url()).text
    client.force_login(other_artist)
    others = client.get(share.get_absolute_url()).text

    assert page(share) not in own
    assert work in own
    assert work not in others
    assert "This is yours" not in others
