"""What a token looks like, and that it is shown once (I11)."""

import re
from datetime import timedelta
from string import ascii_letters, digits
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.access.tokens import mint, parse
from artists.models import Token
from portal.audit import Event


def test_a_token_is_grm_and_36_letters_and_digits():
    assert re.fullmatch(r"grm_[0-9A-Za-z]{36}", mint())
    assert len({mint() for _ in range(1000)}) == 1000


def test_the_checksum_is_the_crc_32_of_what_stands_before_it():
    body = "grm_0123456789abcdefghijABCDEFGHIJ"

    assert parse(f"{body}0vnWGU") is not None


def test_what_the_docs_give_to_scanners_tells_tokens_from_other_text():
    page = (settings.BASE_DIR / "docs" / "api.md").read_text()
    pattern = next(line for line in page.splitlines() if line.startswith(r"\bgrm_"))
    names: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], names)
    token = mint()

    assert re.findall(pattern, f"key={token}; other=grm_{'a' * 36}0") == [token]
    assert names["is_token"](token)
    assert not names["is_token"](f"grm_{'a' * 36}")


def test_every_single_typing_error_is_noticed_without_a_query(django_assert_num_queries, db):
    token = mint()
    with django_assert_num_queries(0):
        for place in range(4, len(token)):
            for sign in digits + ascii_letters:
                if sign != token[place]:
                    assert parse(token[:place] + sign + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "grm_", "grm_é", "x" * 40, "{token}\n", " {token}"])
def test_other_text_is_no_token(text):
    assert parse(text.format(token=mint())) is None


def test_the_database_holds_the_hash_alone(artist):
    """I11"""
    token, plaintext = create_token(artist, "laptop")

    stored = str(Token.objects.values().get())
    assert plaintext not in stored
    assert plaintext[:-4] not in stored
    assert (token.sha256, token.hint) == (parse(plaintext), plaintext[-4:])


def test_a_token_expires_in_30_days_unless_told_otherwise(artist):
    before = timezone.now()
    token, _ = create_token(artist, "laptop")

    assert timedelta(days=30) <= token.expires_at - before < timedelta(days=30, minutes=1)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_lives_a_year_at_most(artist, days):
    with pytest.raises(ValueError, match="from 1 to 365 days"):
        create_token(artist, "laptop", expires_in_days=days)


def test_revoking_ones_own_token_is_no_matter_of_the_trail(artist):
    token, _ = create_token(artist, "laptop")

    assert revoke(token, by=artist)
    assert not revoke(token, by=artist)
    assert not Event.objects.exists()


def test_revoking_another_persons_token_stands_in_the_trail(artist, manager):
    """I10"""
    token, plaintext = create_token(artist, "laptop")

    revoke(token, by=manager)
    revoke(token, by=manager)

    (event,) = Event.objects.all()
    assert (event.verb, event.actor_id, event.subject_id) == (
        "token.revoked",
        manager.pk,
        str(token.pk),
    )
    assert plaintext not in str(event.facts)
