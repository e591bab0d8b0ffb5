"""Views of the queue that reviewers keep for themselves."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist, Cohort
from generations.models import Review, SavedView, Submission

QUEUE = "/reviews/"
SAVE = "/reviews/views/"


@pytest.fixture
def sven(make_artist) -> Artist:
    return make_artist("Sven", role="reviewer")


@pytest.fixture
def view(reviewer: Artist) -> SavedView:
    return SavedView.objects.create(reviewer=reviewer, name="Odd ones", querystring="flagged=on")


def tabs(answer) -> list[str]:
    return re.findall(r'id="view-\d+"[^>]*>([^<]+?)(?: <span|</a>)', answer.content.decode())


def test_a_saved_view_stands_beside_those_that_come_with_the_product(
    client: Client, reviewer: Artist, submission: Submission, cohort: Cohort
) -> None:
    Review.objects.update(is_flagged=True)
    client.force_login(reviewer)

    asked = f"cohort={cohort.pk}&flagged=on&after=x&nonsense=1"
    saved = client.post(SAVE, {"name": "Odd ones", "asked": asked})
    page = client.get(saved["Location"])

    assert saved["Location"] == f"{QUEUE}?cohort={cohort.pk}&flagged=on"
    assert tabs(page) == ["Open", "Mine", "Overdue", "Flagged", "Odd ones"]
    assert 'Odd ones <span class="queue-count">1</span>' in page.content.decode()


def test_saving_under_the_same_name_changes_the_view(
    client: Client, reviewer: Artist, view: SavedView
) -> None:
    client.force_login(reviewer)

    client.post(SAVE, {"name": "Odd ones", "asked": "overdue=on"})

    assert SavedView.objects.get().querystring == "overdue=on"


def test_a_view_is_renamed_and_removed(client: Client, reviewer: Artist, view: SavedView) -> None:
    client.force_login(reviewer)

    client.post(f"{SAVE}{view.pk}/", {"name": "Look twice"})
    assert "Look twice" in tabs(client.get(QUEUE))

    client.post(f"{SAVE}{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_views_are_of_one_reviewer(client: Client, sven: Artist, view: SavedView) -> None:
    """I7"""
    client.force_login(sven)

    assert "Odd ones" not in tabs(client.get(QUEUE))
    assert client.post(f"{SAVE}{view.pk}/", {"name": "Mine now"}).status_code == 404
    assert client.post(f"{SAVE}{view.pk}/remove/").status_code == 404
    view.refresh_from_db()
    assert view.name == "Odd ones"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": "All", "asked": ""}, 409),
        ({"name": "All", "asked": "cohort=999&nonsense=1"}, 409),
        ({"name": "", "asked": "flagged=on"}, 400),
        ({"name": "x" * 41, "asked": "flagged=on"}, 400),
    ],
)
def test_what_cannot_be_saved_is_not(
    said: dict, status: int, client: Client, reviewer: Artist
) -> None:
    client.force_login(reviewer)

    assert client.post(SAVE, said).status_code == status
    assert not SavedView.objects.exists()


def test_a_name_is_given_once(client: Client, reviewer: Artist, view: SavedView) -> None:
    other = SavedView.objects.create(reviewer=reviewer, name="Mine too", querystring="mine=on")
    client.force_login(reviewer)

    assert client.post(f"{SAVE}{other.pk}/", {"name": "Odd ones"}).status_code == 409


def test_a_reviewer_keeps_twenty_views(client: Client, reviewer: Artist) -> None:
    SavedView.objects.bulk_create(
        SavedView(reviewer=reviewer, name=f"View {number}", querystring="mine=on")
        for number in range(SavedView.MOST)
    )
    client.force_login(reviewer)

    assert client.post(SAVE, {"name": "One more", "asked": "flagged=on"}).status_code == 409
    assert client.post(SAVE, {"name": "View 3", "asked": "flagged=on"}).status_code == 302


def test_a_view_of_a_cohort_that_is_no_more_can_still_be_removed(
    client: Client, reviewer: Artist
) -> None:
    view = SavedView.objects.create(reviewer=reviewer, name="Gone", querystring="cohort=999")
    client.force_login(reviewer)

    assert "Gone" in tabs(client.get(QUEUE))
    assert client.get(f"{QUEUE}?cohort=999").status_code == 400
    assert client.post(reverse("generations:remove_view", args=[view.pk])).status_code == 302
