"""Managers are told before a certificate ends, once for each occasion."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from artists.models import Artist
from generations.media.credentials.watching import watch
from tests.generations.media.credentials.chains import write_chain


def told() -> list[str]:
    return [str(one.subject) for one in mail.outbox]


def test_nothing_is_told_of_certificates_that_last(
    manager: Artist, settings: Any, tmp_path: Path
) -> None:
    write_chain(tmp_path, settings, lasts_days=90)

    watch()

    assert told() == []


@pytest.mark.parametrize(("days", "words"), [(30, "ends in 28 days"), (5, "ends in 3 days")])
def test_managers_are_told_once_that_a_certificate_ends(
    days: int, words: str, manager: Artist, artist: Artist, settings: Any, tmp_path: Path
) -> None:
    write_chain(tmp_path, settings, lasts_days=days)

    watch()
    watch()

    [letter] = mail.outbox
    assert words in letter.subject
    assert letter.to == [manager.email]


def test_managers_are_told_when_nothing_can_be_signed(
    manager: Artist, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.C2PA_CHAIN, settings.C2PA_KEY = "/gone.pem", "/gone-key.pem"

    watch()
    watch()

    assert told() == ["Greenroom cannot sign files: nothing is published"]
    assert "/gone.pem cannot be read" in mail.outbox[0].body
    assert caplog.records[0].levelname == "CRITICAL"


def test_a_letter_that_was_not_taken_is_written_again(
    manager: Artist, settings: Any, tmp_path: Path
) -> None:
    write_chain(tmp_path, settings, lasts_days=5)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.artists.letters.refusing.RefusingBackend"
    with pytest.raises(ConnectionRefusedError):
        watch()
    settings.EMAIL_BACKEND = working

    watch()

    assert len(told()) == 1
