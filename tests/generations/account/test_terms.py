"""A program reads the terms, and whether its artist has accepted them."""

import hashlib
from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.models import Artist
from artists.terms.services import accept, decline
from tests.artists.terms.texts import publish_text
from tests.generations.api.test_refusals import error_of

TERMS = "/api/terms"
TEXT = "# Be kind\n\nAnd say *please*.\n"


def test_what_is_in_force_and_what_will_be_is_listed_with_ones_answers(
    program: Client, artist: Artist, other_artist: Artist
) -> None:
    first = publish_text(TEXT)
    second = publish_text("# Be kinder\n", notice_days=20)
    privacy = publish_text("# Little is kept\n", kind="privacy")
    accept(artist=artist, terms=[first])
    accept(artist=other_artist, terms=[second])
    decline(artist)

    made_at = first.published_at
    assert made_at is not None
    now, ahead, declined = program.get(TERMS).json()["data"]

    assert now == {
        "object": "terms",
        "kind": "programme",
        "version": 1,
        "title": "Programme terms",
        "is_upcoming": False,
        "published_at": int(made_at.timestamp()),
        "takes_effect_at": int(made_at.timestamp()),
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "url": "http://localhost:8000/terms/programme/1/",
        "accepted_at": int(artist.acceptances.get().accepted_at.timestamp()),
        "declined_at": None,
    }
    assert (ahead["version"], ahead["is_upcoming"], ahead["accepted_at"]) == (2, True, None)
    assert (declined["kind"], declined["accepted_at"]) == ("privacy", None)
    assert declined["declined_at"] == int(privacy.declines.get().declined_at.timestamp())


def test_a_version_is_told_with_its_text_even_after_its_time(
    program: Client, artist: Artist
) -> None:
    publish_text(TEXT)
    publish_text("# Be kinder\n", notice_days=20)

    with time_machine.travel(timezone.now() + timedelta(days=21)):
        (listed,) = program.get(TERMS).json()["data"]
        old = program.get(f"{TERMS}/programme/1").json()

    assert (listed["version"], listed["is_upcoming"]) == (2, False)
    assert old["text"] == TEXT
    assert hashlib.sha256(old["text"].encode()).hexdigest() == old["sha256"]


def test_what_is_not_published_is_not_there(program: Client) -> None:
    for version in (1, 2**40):
        answer = program.get(f"{TERMS}/sharing/{version}")
        assert (answer.status_code, error_of(answer)["code"]) == (404, "terms_not_found")


def test_a_list_takes_two_queries(
    program: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish_text(TEXT)
    publish_text("# Little is kept\n", kind="privacy")
    program.get(TERMS)

    with django_assert_num_queries(2):
        assert len(program.get(TERMS).json()["data"]) == 2
