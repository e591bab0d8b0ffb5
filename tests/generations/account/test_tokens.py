"""A program sees its artist's tokens and ends them; it never makes one."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from artists.access.services import create_token, revoke
from artists.models import Artist, Limit, Token
from artists.terms.services import decline
from portal.audit import Event
from tests.artists.terms.texts import publish_text
from tests.generations.account.conftest import client_of
from tests.generations.api.test_refusals import error_of
from tests.generations.pauses.conftest import paused

TOKENS = "/api/tokens"


def path_of(token: Token) -> str:
    return f"{TOKENS}/{token.pk}"


def test_a_token_is_told_without_its_secret(program: Client, artist: Artist) -> None:
    """I11"""
    made, plaintext = create_token(
        artist,
        "laptop",
        scopes=["videos:read"],
        networks=["203.0.113.0/24"],
        requests_per_minute=60,
        ceilings={Limit.Period.DAY: 30},
    )

    answer = program.get(path_of(made))

    assert answer.json() == {
        "id": made.pk,
        "object": "token",
        "name": "laptop",
        "hint": plaintext[-4:],
        "is_program": False,
        "is_live": True,
        "scopes": ["videos:read"],
        "networks": ["203.0.113.0/24"],
        "requests_per_minute": 60,
        "windows": [
            {
                "scope": "token",
                "period": "day",
                "unit": "credits",
                "ceiling": 30,
                "held": 0,
                "spent": 0,
                "free": 30,
                "resets_at": answer.json()["windows"][0]["resets_at"],
            }
        ],
        "created_at": int(made.created_at.timestamp()),
        "expires_at": int(made.expires_at.timestamp()),
        "revoked_at": None,
        "last_used_at": None,
        "last_used_from": None,
        "last_used_by": "",
    }
    assert made.sha256 not in answer.text
    assert plaintext not in answer.text


def test_tokens_are_listed_page_by_page_the_newest_first(
    program: Client, other_program: Client, artist: Artist, token: Token
) -> None:
    """I7"""
    over, _ = create_token(artist, "over")
    revoke(over, by=artist)

    first = program.get(TOKENS, {"limit": 1}).json()
    second = program.get(TOKENS, {"limit": 1, "after": first["last_id"]}).json()

    assert [one["id"] for one in first["data"]] == [over.pk]
    assert first["data"][0]["is_live"] is False
    assert first["has_more"] is True
    assert [one["id"] for one in second["data"]] == [token.pk]
    assert second["has_more"] is False
    assert second["data"][0]["last_used_from"] == "127.0.0.1"


@pytest.mark.parametrize("after", ["0", "one", "", str(2**63), "-1"])
def test_what_is_no_place_in_the_list_is_refused(program: Client, after: str) -> None:
    answer = program.get(TOKENS, {"after": after})

    assert answer.status_code == 400
    assert error_of(answer)["param"] == "after"


def test_a_list_takes_as_many_queries_for_many_as_for_few(
    program: Client, artist: Artist, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        create_token(artist, f"{number}", ceilings={Limit.Period.DAY: 30})
    program.get(TOKENS)

    # the token that asks; the page, its limits and their windows
    with django_assert_num_queries(4):
        assert len(program.get(TOKENS).json()["data"]) == 6


def test_a_revoked_token_is_refused_from_the_next_request_on(
    program: Client, artist: Artist
) -> None:
    """I8"""
    made, plaintext = create_token(artist, "laptop")
    laptop = Client(headers={"Authorization": f"Bearer {plaintext}"})
    assert laptop.get("/api/me").status_code == 200

    for _ in range(2):  # a second time is answered alike
        answer = program.delete(path_of(made))
        assert answer.status_code == 200
        assert answer.json()["is_live"] is False
        assert answer.json()["revoked_at"]

    refused = laptop.get("/api/me")
    assert (refused.status_code, error_of(refused)["code"]) == (401, "token_revoked")
    assert not Event.objects.filter(verb="token.revoked").exists()  # nobody acted on another's


def test_a_token_may_revoke_itself(program: Client, token: Token) -> None:
    assert program.delete(path_of(token)).json()["is_live"] is False

    assert program.get(TOKENS).status_code == 401


def test_anothers_token_is_not_there(other_program: Client, artist: Artist) -> None:
    """I7"""
    made, _ = create_token(artist, "laptop")

    for answer in (other_program.get(path_of(made)), other_program.delete(path_of(made))):
        assert (answer.status_code, error_of(answer)["code"]) == (404, "token_not_found")
    made.refresh_from_db()
    assert made.is_live


def test_seeing_tokens_is_not_ending_them(artist: Artist, video_model: object) -> None:
    made, _ = create_token(artist, "laptop")
    reader = client_of(artist, scopes=["account:read"])

    answer = reader.delete(path_of(made))

    assert (answer.status_code, error_of(answer)["code"]) == (403, "missing_scope")
    assert reader.get(path_of(made)).json()["is_live"] is True


def test_who_owes_the_terms_still_ends_a_token(program: Client, artist: Artist) -> None:
    made, _ = create_token(artist, "laptop")
    publish_text("# Be kind\n")
    decline(artist)

    assert program.delete(path_of(made)).json()["is_live"] is False


def test_a_paused_token_ends_none(program: Client, artist: Artist, token: Token) -> None:
    made, _ = create_token(artist, "laptop")
    paused(token=token)

    answer = program.delete(path_of(made))

    assert (answer.status_code, error_of(answer)["code"]) == (403, "token_paused")
    assert program.get(path_of(made)).json()["is_live"] is True
