"""Which copy plays where: a phone is spared its line, and a reviewer watches what they approve."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Share, Submission
from tests.generations.reviews.acting import claim

pytestmark = pytest.mark.django_db

PHONE = {"Sec-CH-UA-Mobile": "?1"}


def played(page: str) -> str:
    return page.partition("<video ")[2].partition(' src="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("headers", "query", "kind", "offers"),
    [
        ({}, "", "master", ""),
        ({"Sec-CH-UA-Mobile": "?0"}, "", "master", ""),
        (PHONE, "", "proxy", "?clip=full"),
        ({"Save-Data": "on"}, "", "proxy", "?clip=full"),
        (PHONE, "?clip=full", "master", "?clip=draft"),
        ({}, "?clip=draft", "proxy", "?clip=full"),
        ({}, "?clip=other", "master", ""),
    ],
)
def test_the_page_of_a_work_plays_the_small_draft_to_a_phone_with_a_way_to_the_full_clip(
    client: Client,
    artist: Artist,
    work: Generation,
    headers: Any,
    query: str,
    kind: str,
    offers: str,
) -> None:
    client.force_login(artist)

    page = client.get(f"{work.get_absolute_url()}{query}", headers=headers).text

    assert played(page) == work.file_url(kind)
    assert ("?clip=" in page) == bool(offers)
    assert f'href="{work.get_absolute_url()}{offers}"' in page or not offers


def test_a_reviewer_watches_the_very_bytes_that_are_approved_whatever_they_watch_on(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    """I1"""
    client.force_login(reviewer)
    claim(submission=submission, reviewer=reviewer)

    page = client.get(
        f"{reverse('generations:review', args=[submission.review.pk])}?clip=draft", headers=PHONE
    ).text

    assert played(page) == submission.review.video_url


def test_a_public_page_plays_the_approved_file_on_phones_too(client: Client, share: Share) -> None:
    page = client.get(f"{share.get_absolute_url()}?clip=draft", headers=PHONE).text

    assert played(page) == share.video_url
