"""Which copies carry which mark: as the programme sets it, and as its artists are told."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.media.marking import copies_of, copies_to_come, marks_for
from generations.media.marks import Mark
from generations.models import Generation


@pytest.fixture(autouse=True)
def programme(settings):
    settings.PROGRAMME_NAME = "Spring Preview"
    settings.TIME_ZONE = "Pacific/Auckland"


@pytest.fixture
def dated(work: Generation) -> Generation:
    """Made late in the evening of London, when it is tomorrow where the programme is."""
    work.created_at = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    return work


def test_a_draft_says_whose_it_is_and_the_share_master_does_not(dated, settings):
    settings.MARKS = {"master": "corner", "proxy": "moving"}
    dated.artist.credit_name = "Ada L."

    assert marks_for(dated) == {
        "master": Mark("corner", ["Spring Preview"]),
        "proxy": Mark("moving", ["Ada L.", "Spring Preview", "26 Nov 2026"]),
    }


def test_where_the_programme_wants_no_mark_there_is_none(work, settings):
    settings.MARKS = {"master": "none", "proxy": "none"}

    assert marks_for(work) == {}
    assert {copy.mark for copy in copies_to_come()} == {"no visible mark"}


def test_an_artist_reads_before_they_make_a_clip_which_copies_carry_which_mark(
    client: Client, artist: Artist, settings
):
    settings.MARKS = {"master": "none", "proxy": "corner"}
    client.force_login(artist)

    page = client.get(reverse("generations:create")).text

    assert "The clip that is reviewed, shared and downloaded</dt><dd>No visible mark" in page
    assert "date, in a corner</dd>" in page


def test_a_finished_work_says_what_it_carries_whatever_is_set_today(
    client: Client, work: Generation, settings
):
    work.renditions.filter(kind="master").update(mark="moving")
    settings.MARKS = {"master": "none", "proxy": "corner"}
    client.force_login(work.artist)

    page = client.get(work.get_absolute_url()).text

    assert "downloaded</dt><dd>The programme’s name, moving slowly over the picture</dd>" in page
    assert [copy.mark for copy in copies_of(list(work.renditions.all()))][1] == "no visible mark"
