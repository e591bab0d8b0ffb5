"""How a reviewer wants to watch what may be hard to watch."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Review, ReviewerPreferences, Submission
from generations.taking.sections import TABLES
from generations.taking.tables import read
from generations.veil.services import veils_of
from tests.generations.sharing.fixtures import MakeSubmission

PAGE = reverse("generations:how_i_review")


def test_at_first_flagged_clips_are_blurred_grey_and_mute(reviewer: Artist) -> None:
    veil = veils_of(reviewer).over(is_flagged=True)

    assert veil is not None
    assert (veil.words, veil.mutes, veil.state) == ("blur grey", True, "Blurred, grey and mute")
    assert veils_of(reviewer).over(is_flagged=False) is None


def test_a_reviewer_says_when_and_how(client: Client, reviewer: Artist) -> None:
    client.force_login(reviewer)

    client.post(PAGE, {"veiled": "all", "greys": "on"})

    veil = veils_of(reviewer).over(is_flagged=False)
    assert veil is not None
    assert (veil.words, veil.mutes, veil.state) == ("grey", False, "Grey")
    client.post(PAGE, {"veiled": "none", "greys": "on", "blurs": "on"})
    assert veils_of(reviewer).over(is_flagged=True) is None
    assert ReviewerPreferences.objects.count() == 1


def test_a_veil_that_hides_nothing_is_none(client: Client, reviewer: Artist) -> None:
    client.force_login(reviewer)

    client.post(PAGE, {"veiled": "all"})

    assert veils_of(reviewer).over(is_flagged=True) is None


def test_what_is_no_choice_is_not_kept(client: Client, reviewer: Artist) -> None:
    client.force_login(reviewer)

    assert client.post(PAGE, {"veiled": "sometimes"}).status_code == 400
    assert not ReviewerPreferences.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewerPreferences.objects.create(reviewer=reviewer, veiled="often")


def test_the_page_of_a_review_comes_veiled_and_mute_without_script(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    ReviewerPreferences.objects.create(reviewer=reviewer, veiled="all")
    client.force_login(reviewer)

    page = client.get(submission.review.get_absolute_url()).content.decode()

    assert 'data-veil="blur grey"' in page
    assert "<video controls playsinline muted" in page


def test_a_clip_that_a_check_flagged_comes_veiled(
    client: Client, reviewer: Artist, submission: Submission
) -> None:
    address = submission.review.get_absolute_url()
    client.force_login(reviewer)
    assert "data-veil" not in client.get(address).content.decode()

    Review.objects.update(is_flagged=True)

    page = client.get(address).content.decode()
    assert 'data-veil="blur grey"' in page
    assert "a check flagged this clip" in page


def test_in_the_queue_too_what_is_flagged_is_veiled_and_the_rest_is_not(
    client: Client, reviewer: Artist, make_submission: MakeSubmission
) -> None:
    flagged, _ = make_submission(), make_submission()
    Review.objects.filter(submission=flagged).update(is_flagged=True)
    client.force_login(reviewer)

    page = client.get(reverse("generations:queue")).content.decode()

    assert page.count('class="frame" data-veil="blur grey"') == 1
    assert page.count('class="frame"') == 2


def test_ones_choice_is_in_the_archive(reviewer: Artist) -> None:
    ReviewerPreferences.objects.create(reviewer=reviewer, veiled="all", mutes=False)
    table = next(table for table in TABLES if table.name == "how_you_review")

    assert list(read(table, reviewer)) == [
        {"veiled": "all", "blurs": True, "greys": True, "mutes": False}
    ]
