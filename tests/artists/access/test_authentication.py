"""A program shows who it acts for."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.access.tokens import mint
from artists.models import Artist, Token

URL = "/v1/videos"


@pytest.fixture
def key(artist) -> str:
    _, plaintext = create_token(artist, "laptop")
    return plaintext


def ask(client, authorization: str):
    return client.get(URL, headers={"authorization": authorization})


def refusal(answer) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


def test_a_token_opens_the_api(client, key):
    assert ask(client, f"Bearer {key}").status_code == 200


def test_the_scheme_is_read_in_any_case(client, key):
    assert ask(client, f"bearer {key}").status_code == 200


def test_what_is_no_token_of_ours_gets_one_and_the_same_answer(client, key, artist):
    """I11"""
    deleted, unknown = create_token(artist, "old")
    deleted.delete()
    typo = key[:-1] + ("0" if key[-1] != "0" else "1")
    others = [unknown, typo, mint(), "grm_", "", "é", f"{key} {key}", "Bearer", key * 50, "\x00"]

    answers = {refusal(ask(client, f"Bearer {text}")) for text in others}

    assert answers == {(401, "invalid_api_key", "This is not a token of ours.")}


@pytest.mark.parametrize("authorization", ["", "Basic YTpi", "Token abc"])
def test_without_a_token_the_answer_is_401(client, db, authorization):
    answer = ask(client, authorization)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_no_api(client, artist):
    client.force_login(artist)

    assert client.get(URL).status_code == 401


def test_a_token_in_the_address_opens_nothing(client, key):
    """I11"""
    assert client.get(URL, {"token": key, "api_key": key, "access_token": key}).status_code == 401


def test_a_revoked_token_is_refused_from_the_next_request_on(client, key, artist):
    """I8"""
    assert ask(client, f"Bearer {key}").status_code == 200
    revoke(Token.objects.get(), by=artist)

    assert refusal(ask(client, f"Bearer {key}"))[:2] == (401, "token_revoked")


def test_an_expired_token_is_refused(client, key):
    Token.objects.update(expires_at=timezone.now())

    assert refusal(ask(client, f"Bearer {key}"))[:2] == (401, "token_expired")


def test_the_token_of_a_closed_account_is_refused(client, key):
    """I8"""
    Artist.objects.update(is_active=False)

    assert refusal(ask(client, f"Bearer {key}"))[:2] == (401, "account_inactive")


def test_use_is_noted_once_a_minute(client, key):
    ask(client, f"Bearer {key}")
    token = Token.objects.get()
    assert token.last_used_at

    Token.objects.update(last_used_at=token.last_used_at - timedelta(seconds=50))
    recent = Token.objects.get().last_used_at
    ask(client, f"Bearer {key}")
    assert Token.objects.get().last_used_at == recent

    Token.objects.update(last_used_at=token.last_used_at - timedelta(minutes=1))
    ask(client, f"Bearer {key}")
    token.refresh_from_db()
    assert token.last_used_at != recent
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)


def test_a_token_is_echoed_in_no_answer_and_no_log(client, key, artist, caplog, settings):
    """I11"""
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    token = Token.objects.get()
    answers = [ask(client, f"Bearer {key}"), ask(client, f"Bearer {key}x")]
    revoke(token, by=artist)
    answers.append(ask(client, f"Bearer {key}"))
    answers.append(
        client.post(URL, "{", "application/json", headers={"authorization": f"Bearer {key}"})
    )

    for answer in answers:
        assert key not in answer.text
        assert key not in str(answer.headers)
    assert key not in caplog.text
