"""A program learns who its artist is, and how they stand with the programme."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token
from artists.models import Artist, Departure, Token
from artists.terms.services import accept, decline
from generations.leaving.services import end_membership
from generations.models import VideoModel
from tests.artists.terms.texts import publish_text
from tests.generations.api.test_refusals import error_of
from tests.generations.pauses.conftest import REASON, paused
from tests.second_factor import give_app

ME = "/api/me"


def test_one_is_told_who_one_is(program: Client, artist: Artist, token: Token) -> None:
    artist.pronouns, artist.links = "she/her", ["https://ada.example/"]
    artist.save()

    assert program.get(ME).json() == {
        "id": artist.pk,
        "object": "artist",
        "email": "ada@example.org",
        "credit_name": "Ada",
        "pronouns": "she/her",
        "links": ["https://ada.example/"],
        "time_zone": "UTC",
        "joined_at": int(artist.date_joined.timestamp()),
        "roles": [],
        "cohort": "Spring",
        "membership": {"state": "member", "ends_at": None, "erase_at": None, "reason": ""},
        "owes_terms": False,
        "has_second_factor": False,
        "pauses": [],
        "token_id": token.pk,
    }


def test_roles_a_second_factor_and_the_time_zone_are_told(reviewer: Artist, db: None) -> None:
    reviewer.time_zone = "Europe/Berlin"
    reviewer.save()
    _, plaintext = create_token(reviewer, "hers")

    me = Client(headers={"Authorization": f"Bearer {plaintext}"}).get(ME).json()

    assert (me["roles"], me["has_second_factor"]) == (["reviewer"], True)
    assert me["time_zone"] == "Europe/Berlin"


def test_what_is_paused_is_told_with_its_reason_and_end(
    program: Client, artist: Artist, other_artist: Artist, token: Token, video_model: VideoModel
) -> None:
    pause = paused(token=token)
    paused(video_model_id=video_model.pk)
    paused(artist=other_artist)

    found = {one["scope"]: one for one in program.get(ME).json()["pauses"]}

    assert set(found) == {"token", "video_model"}
    assert found["video_model"]["title"] == "Sketch 1 is paused"
    assert found["token"] == {
        "scope": "token",
        "title": "Your token “a program” is paused",
        "token_id": token.pk,
        "reason": REASON,
        "since": int(pause.made_at.timestamp()),
        "expected_end": int(pause.expected_end.timestamp()),
        "allows_looking": True,
    }


@pytest.mark.parametrize(("days", "state"), [(20, "ending"), (0, "ended")])
def test_the_end_of_a_membership_is_told(
    program: Client, artist: Artist, manager: Artist, days: int, state: str
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    end_membership(artist, by=manager, ends_on=day, reason="The residency is over.")

    departure = Departure.objects.get()
    assert program.get(ME).json()["membership"] == {
        "state": state,
        "ends_at": int(departure.ends_at.timestamp()),
        "erase_at": int(departure.erase_at.timestamp()),
        "reason": "The residency is over.",
    }


def test_terms_that_wait_for_an_answer_are_told(program: Client, artist: Artist) -> None:
    terms = publish_text("# Be kind\n")
    assert program.get(ME).json()["owes_terms"] is True
    decline(artist)
    assert program.get(ME).json()["owes_terms"] is True

    accept(artist=artist, terms=[terms])

    assert program.get(ME).json()["owes_terms"] is False


def test_it_takes_few_queries(
    program: Client, artist: Artist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give_app(artist)
    program.get(ME)

    # the token; its roles, departure, second factor and pauses
    with django_assert_num_queries(5):
        program.get(ME)


def test_a_pause_that_forbids_looking_shows_nothing_but_itself(
    program: Client, artist: Artist
) -> None:
    paused(artist=artist, allows_looking=False)

    answer = program.get(ME)

    assert answer.status_code == 403
    assert REASON in (error_of(answer)["message"] or "")


def test_the_quota_is_that_of_v1(program: Client) -> None:
    assert program.get("/api/quota").json() == program.get("/v1/quota").json()


def test_head_answers_as_get_without_a_body(program: Client) -> None:
    answer = program.head(ME)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/nothing", 404, "not_found"),
        ("get", "/api/me/", 404, "not_found"),
        ("get", "/api/tokens/one", 404, "not_found"),
        ("get", "/api/submissions/one", 404, "not_found"),
        ("get", "/api/terms/poetry/1", 404, "not_found"),
        ("post", "/api/me", 405, "method_not_allowed"),
        ("post", "/api/tokens", 405, "method_not_allowed"),
        ("post", "/api/tokens/1", 405, "method_not_allowed"),
        ("post", "/api/schema/", 405, "method_not_allowed"),
        ("post", "/api/", 405, "method_not_allowed"),
        ("post", "/api/terms", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there_is_enveloped(
    program: Client, method: str, path: str, status: int, code: str
) -> None:
    """No token makes, changes or widens a token, and none says yes to terms."""
    answer = getattr(program, method)(path)

    assert answer.status_code == status
    assert error_of(answer)["code"] == code


def test_the_bare_root_leads_to_the_page(client: Client) -> None:
    assert client.get("/api")["Location"] == "/api/"
