"""The page on which one takes everything, and the download."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from generations.models import Archive, Generation
from generations.taking import making
from generations.taking.services import ask
from tests.generations.sharing.fixtures import MakeWork

PAGE = reverse("generations:take")
PROGRESS = reverse("generations:take_progress")


@pytest.fixture
def browser(client: Client, artist: Artist) -> Client:
    client.force_login(artist)
    return client


@pytest.fixture
def archive(artist: Artist, work: Generation) -> Archive:
    made = ask(artist)
    making.make(made.pk)
    made.refresh_from_db()
    return made


def test_one_click_asks_for_everything_and_a_second_changes_nothing(
    browser: Client, artist: Artist
) -> None:
    assert "Make the archive" in browser.get(PAGE).text

    for _ in range(2):
        assert browser.post(PAGE)["Location"] == PAGE

    assert Archive.objects.get().artist == artist
    page = browser.get(PAGE).text
    assert "Your archive is being made" in page
    assert "Make the archive" not in page


def test_the_fragment_asks_for_itself_until_the_archive_is_made(
    browser: Client, artist: Artist
) -> None:
    archive = ask(artist)
    Archive.objects.update(total_bytes=2000, done_bytes=500)
    fragment = browser.get(PROGRESS).text
    assert f'hx-get="{PROGRESS}"' in fragment
    assert 'value="25"' in fragment

    making.make(archive.pk)

    fragment = browser.get(PROGRESS).text
    assert "hx-get" not in fragment
    assert reverse("generations:take_download", args=[archive.pk]) in fragment
    assert "Make a new archive" in fragment


def test_the_fragment_of_a_failure_lets_one_ask_again(browser: Client, artist: Artist) -> None:
    ask(artist)
    Archive.objects.update(status=Archive.Status.FAILED)

    assert "Make the archive" in browser.get(PROGRESS).text


def test_its_artist_downloads_it_whole_and_in_ranges(browser: Client, archive: Archive) -> None:
    address = reverse("generations:take_download", args=[archive.pk])

    whole = browser.get(address)
    part = browser.get(address, headers={"range": "bytes=2-5"})

    content = whole.getvalue()
    assert len(content) == archive.size_bytes
    assert whole["Content-Disposition"].startswith('attachment; filename="greenroom-20')
    assert (part.status_code, part.getvalue()) == (206, content[2:6])
    assert "private" in whole["Cache-Control"]


def test_nobody_else_downloads_it(
    client: Client, archive: Archive, other_artist: Artist, manager: Artist
) -> None:
    """I7"""
    address = reverse("generations:take_download", args=[archive.pk])
    assert client.get(address).status_code == 404
    for person in (other_artist, manager):
        client.force_login(person)
        assert client.get(address).status_code == 404


def test_it_is_not_given_after_its_time(browser: Client, archive: Archive) -> None:
    Archive.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = browser.get(reverse("generations:take_download", args=[archive.pk]))

    assert answer.status_code == 404
    assert "Download the archive" not in browser.get(PAGE).text


def test_a_failure_is_said(browser: Client, artist: Artist) -> None:
    ask(artist)
    Archive.objects.update(status=Archive.Status.FAILED)

    page = browser.get(PAGE).text

    assert "could not be made" in page
    assert "Make the archive" in page


def test_the_page_takes_the_same_queries_however_much_there_is(
    browser: Client,
    make_work: MakeWork,
    archive: Archive,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser.get(PAGE)
    with django_assert_num_queries(7) as few:
        browser.get(PAGE)
    for _ in range(5):
        make_work()

    with django_assert_num_queries(len(few)):
        browser.get(PAGE)


def test_making_takes_few_queries_however_many_works_there_are(
    artist: Artist, make_work: Callable[..., Generation], django_assert_max_num_queries
) -> None:
    for _ in range(12):
        make_work()
    archive = ask(artist)

    with django_assert_max_num_queries(72):
        making.make(archive.pk)
