"""The public page shows exactly what an approval names, or nothing."""

import hashlib
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Decision, Generation, Ground, Share, Submission
from generations.models.render import MediaFile
from generations.sharing.services import take_down, withdraw
from tests.generations.reviews.acting import decide
from tests.generations.sharing.fixtures import (
    MakeShare,
    change_on_disk,
    public_bytes,
    stored_bytes,
)

KINDS = ["master", "poster", "filmstrip"]


def page(share: Share) -> str:
    return reverse("generations:share", args=[share.slug])


def file(share: Share, kind: str = "master") -> str:
    return reverse("generations:share_file", args=[share.slug, kind])


def public_file(share: Share, kind: str) -> MediaFile:
    """What the public gets: of the master its signed copy."""
    if kind == "master":
        return share.submission.public_copy
    return share.submission.generation.renditions.get(kind=kind)


def test_anybody_sees_an_approved_work(client: Client, share: Share) -> None:
    answer = client.get(page(share))

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "Ada L." in words
    assert "A paper boat on a canal" in words
    assert f'property="og:image" content="http://localhost:8000{file(share, "poster")}"' in words
    assert answer["Cache-Control"] == "no-cache"


def test_a_prompt_that_the_artist_keeps_is_not_on_the_page(
    client: Client, make_share: MakeShare
) -> None:
    answer = client.get(page(make_share(show_prompt=False)))

    assert "A paper boat on a canal" not in answer.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_of_a_share_are_the_approved_bytes(
    kind: str, client: Client, share: Share
) -> None:
    answer = client.get(file(share, kind))

    assert answer.status_code == 200
    approved = share.submission.decision.sha256_of(kind)
    assert hashlib.sha256(answer.getvalue()).hexdigest() == approved
    assert answer["Cache-Control"] == "no-cache"


def test_a_browser_can_seek_in_a_shared_film(client: Client, share: Share) -> None:
    answer = client.get(file(share), headers={"Range": "bytes=100-199"})

    assert answer.status_code == HTTPStatus.PARTIAL_CONTENT
    assert answer.getvalue() == public_bytes(share)[100:200]
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("kind", ["proxy", "waveform", "render", "other"])
def test_a_share_has_no_other_files(kind: str, client: Client, share: Share) -> None:
    """I1: not the proxy: it is a draft, whose mark may name its artist."""
    assert client.get(f"{page(share)}{kind}/").status_code == 404


def test_an_approval_that_named_no_filmstrip_shows_none(client: Client, share: Share) -> None:
    """I1: as those from before the player had one."""
    Decision.objects.update(filmstrip_sha256="")

    assert client.get(file(share, "filmstrip")).status_code == 404
    assert file(share, "filmstrip") not in client.get(page(share)).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_changed_after_the_approval_is_not_served(
    kind: str, client: Client, share: Share
) -> None:
    """I1: the bytes on the disk are not those that the decision names."""
    change_on_disk(public_file(share, kind))

    assert client.get(file(share, kind)).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_rendition_that_was_made_anew_after_the_approval_is_not_served(
    kind: str, client: Client, share: Share
) -> None:
    """I1: neither are bytes whose row agrees with them, but the decision does not."""
    shown = public_file(share, kind)
    change_on_disk(shown)
    with shown.file.open() as stored:
        shown.sha256 = hashlib.file_digest(stored, "sha256").hexdigest()
    shown.save()

    assert client.get(file(share, kind)).status_code == 404


def test_a_share_of_before_there_were_signed_copies_shows_the_bytes_it_was_approved_with(
    client: Client, share: Share
) -> None:
    """I1: its approval names the share master alone."""
    work = share.submission.generation
    share.submission.public_copy.delete()
    Decision.objects.filter(submission=share.submission).update(public_sha256="")

    assert client.get(page(share)).status_code == 200
    assert client.get(file(share)).getvalue() == stored_bytes(work, "master")


def test_an_approval_whose_signed_copy_is_gone_shows_nothing(client: Client, share: Share) -> None:
    """I1: the share master is not what such an approval names."""
    share.submission.public_copy.delete()

    assert client.get(page(share)).status_code == 404
    assert client.get(file(share)).status_code == 404


def test_a_share_without_an_approval_shows_nothing(client: Client, submission: Submission) -> None:
    """I1: a share that nobody decided on, as only a change of the database makes it."""
    share = Share.objects.create(submission=submission)

    assert client.get(page(share)).status_code == 404
    assert client.get(file(share)).status_code == 404


def test_a_share_of_a_refused_submission_shows_nothing(
    client: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    """I1: a refusal opens nothing, whatever else the database says."""
    decide(
        submission=claimed,
        reviewer=reviewer,
        outcome=Decision.Outcome.REJECT,
        ground=ground,
        reason="Whose face is it?",
    )
    share = Share.objects.create(submission=claimed)

    assert client.get(page(share)).status_code == 404
    assert client.get(file(share)).status_code == 404


@pytest.mark.parametrize("known", ["work", "submission", "rendition"])
def test_knowing_other_ids_opens_nothing(
    known: str, client: Client, submission: Submission, work: Generation
) -> None:
    """I1: what waits for a decision has no public address, under none of its ids."""
    ids = {
        "work": submission.generation_id,
        "submission": submission.pk,
        "rendition": submission.rendition_id,
    }

    for slug in (str(ids[known]), ids[known].hex, ids[known].hex[:12]):
        assert client.get(f"/s/{slug}/").status_code == 404
        assert client.get(f"/s/{slug}/master/").status_code == 404


def test_a_withdrawn_share_is_gone_with_its_files(
    client: Client, artist: Artist, share: Share
) -> None:
    """I1: a withdrawal holds from the next request on."""
    withdraw(share, artist=artist)

    answer = client.get(page(share))

    assert answer.status_code == HTTPStatus.GONE
    assert "Its artist has withdrawn it." in answer.content.decode()
    assert "Boat" not in answer.content.decode()
    for kind in KINDS:
        assert client.get(file(share, kind)).status_code == HTTPStatus.GONE


def test_a_copy_that_a_browser_kept_is_not_confirmed_after_the_withdrawal(
    client: Client, artist: Artist, share: Share
) -> None:
    """I1: the browser asks again, as it is told to, and hears that the film is gone."""
    kept = client.get(file(share))["ETag"]
    assert client.get(file(share), headers={"If-None-Match": kept}).status_code == 304

    withdraw(share, artist=artist)

    answer = client.get(file(share), headers={"If-None-Match": kept})
    assert answer.status_code == HTTPStatus.GONE
    assert answer["Cache-Control"] == "no-cache"


def test_a_share_that_was_taken_down_is_gone_with_its_files(
    client: Client, manager: Artist, ground: Ground, share: Share
) -> None:
    """I1: a take-down holds from the next request on."""
    take_down(share, manager=manager, ground=ground, reason="The face is a real person's.")

    answer = client.get(page(share))

    assert answer.status_code == HTTPStatus.GONE
    assert "taken down by the programme" in answer.content.decode()
    for kind in KINDS:
        assert client.get(file(share, kind)).status_code == HTTPStatus.GONE


def test_the_page_of_a_share_is_for_reading(client: Client, share: Share) -> None:
    assert client.post(page(share)).status_code == 405
    assert client.post(file(share)).status_code == 405
