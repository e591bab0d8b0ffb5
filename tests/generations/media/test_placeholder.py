"""What stands in the pages until a poster is loaded."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Generation, Share, Submission

COLOURS = [f"{place:02x}4080" for place in range(16)]
PLACEHOLDER = re.compile(r'<svg class="placeholder".*?</svg>', re.DOTALL)


@pytest.fixture
def coloured(work: Generation) -> Generation:
    work.placeholder = "".join(COLOURS)
    work.save()
    return work


def placeholders(client: Client, address: str) -> list[str]:
    return PLACEHOLDER.findall(client.get(address).text)


def test_it_is_a_small_picture_of_sixteen_colours_without_style_or_script(client, coloured):
    client.force_login(coloured.artist)

    (picture,) = placeholders(client, reverse("generations:library"))

    assert re.findall('fill="#([0-9a-f]{6})"', picture) == COLOURS
    assert 'd="M3 0h1v1h-1z"' in picture
    assert 'd="M0 3h1v1h-1z"' in picture
    assert "style" not in picture
    assert len(picture) < 900


def test_an_artist_sees_it_on_the_page_of_a_work(client, coloured):
    client.force_login(coloured.artist)

    assert len(placeholders(client, coloured.get_absolute_url())) == 1


def test_a_reviewer_sees_it_in_the_queue_and_in_the_review(
    client, reviewer: Artist, coloured, make_submission
):
    submission: Submission = make_submission(coloured)
    client.force_login(reviewer)

    for name, arguments in (("queue", []), ("review", [submission.review.pk])):
        assert len(placeholders(client, reverse(f"generations:{name}", args=arguments))) == 1


def test_a_visitor_sees_it_on_the_public_pages(client, coloured, make_share):
    share: Share = make_share(coloured)

    assert len(placeholders(client, share.get_absolute_url())) == 1
    assert len(placeholders(client, reverse("front"))) == 1


def test_a_work_of_before_there_were_any_has_none(client, work):
    client.force_login(work.artist)

    assert placeholders(client, reverse("generations:library")) == []
