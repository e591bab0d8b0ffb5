"""What each page says of a file's Content Credentials, and a check that a visitor can repeat."""

import html
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Decision, Generation, Ground, Share, Submission
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import MakeShare, public_bytes


def test_a_share_says_in_words_what_its_file_says(client: Client, make_share: MakeShare) -> None:
    share = make_share(credit_name="Ada Lovelace", file_has_name=True, file_allows_training=True)
    copy = share.submission.public_copy

    words = client.get(share.get_absolute_url()).content.decode()

    assert "Made with Sketch 1, <strong>a procedure, no trained model</strong>" in words
    assert "Approved for the public by Greenroom on" in words
    assert "By <bdi>Ada Lovelace</bdi>." in words
    assert "A keyed hash of the prompt, not its words." in words
    assert "It may be used to train models and be mined for data." in words
    assert copy.sha256 in words
    assert copy.certificate_sha256 in words
    assert "Rita" not in words


def test_the_check_that_a_share_shows_can_be_repeated_word_for_word(
    client: Client, share: Share, tmp_path: Path
) -> None:
    page = client.get(share.get_absolute_url()).content.decode()
    shown = re.search(r'python -c "(.*?)"</code>', html.unescape(page), re.DOTALL)
    assert shown
    (tmp_path / "clip.mp4").write_bytes(public_bytes(share))
    (tmp_path / "root.pem").write_bytes(client.get(reverse("generations:root_certificate")).content)

    said = subprocess.run(
        [sys.executable, "-c", shown[1]], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert said.stdout == "Trusted\n"


def test_a_share_of_before_there_were_credentials_shows_none(client: Client, share: Share) -> None:
    share.submission.public_copy.delete()
    Decision.objects.filter(submission=share.submission).update(public_sha256="")

    words = client.get(share.get_absolute_url()).content.decode()

    assert "Content Credentials" not in words


def test_a_share_takes_as_many_queries_as_before(
    client: Client, share: Share, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        client.get(share.get_absolute_url())


def test_a_reviewer_reads_what_the_public_file_will_say(
    client: Client, submission: Submission, reviewer: Artist
) -> None:
    claim(submission=submission, reviewer=reviewer)
    client.force_login(reviewer)

    words = client.get(reverse("generations:review", args=[submission.review.pk])).content.decode()

    assert "What the public file will say" in words
    assert "It names no artist." in words
    assert "Approved for the public by Greenroom" in words


def test_after_a_refusal_no_public_file_is_spoken_of(
    client: Client, claimed: Submission, reviewer: Artist, ground: Ground
) -> None:
    decide(submission=claimed, reviewer=reviewer, outcome="reject", ground=ground, reason="A face.")
    client.force_login(reviewer)

    words = client.get(reverse("generations:review", args=[claimed.review.pk])).content.decode()

    assert "Approved for the public" not in words


def test_an_artist_reads_what_a_download_says_and_chooses_what_a_public_file_will(
    client: Client, work: Generation, artist: Artist
) -> None:
    client.force_login(artist)
    page = reverse("generations:work", args=[work.pk])
    words = client.get(page).content.decode()
    assert "What your download says" in words
    assert "Approved for the public" not in words

    said = {"title": "Boat", "credit_name": "Ada", "file_has_prompt": "on"}
    client.post(reverse("generations:submit", args=[work.pk]), said)

    made = Submission.objects.get()
    assert (made.file_has_name, made.file_has_prompt) == (False, True)
    assert "no name, the prompt, training not allowed" in client.get(page).content.decode()


def test_the_usual_choices_stand_in_the_profile(
    client: Client, artist: Artist, work: Generation
) -> None:
    client.force_login(artist)

    client.post(reverse("artists:profile"), {"credit_name": "Ada", "file_has_name": "on"})

    artist.refresh_from_db()
    assert (artist.file_has_name, artist.file_has_prompt) == (True, False)
    words = client.get(reverse("generations:work", args=[work.pk])).content.decode()
    assert "By <bdi>Ada</bdi>." in words
