"""Each letter reaches the mail server once, or again where a death left that open."""

import socket
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.models import Decision, Ground, Share
from generations.sharing.services import take_down
from portal.telling import LETTER_TAKES, telling
from tests.services.servers import free_port


def later() -> datetime:
    """Ten minutes from now: past what a worker has for a letter."""
    return timezone.now() + timedelta(minutes=10)


@pytest.fixture
def away(settings: Any) -> Any:
    """A mail server that does not answer; calling it brings the mail back."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return lambda: setattr(settings, "EMAIL_BACKEND", backend)


class Deadly(EmailBackend):
    """The worker dies as it hands the letter over."""

    def send_messages(self, letters: Any) -> int:
        raise SystemExit


@pytest.fixture
def decision(share: Share) -> Decision:
    return share.submission.decision


def test_a_decision_is_told_once_however_often_its_message_comes(decision: Decision) -> None:
    for _ in range(3):
        notices.tell("decision", decision.pk)

    assert len(mail.outbox) == 1


def test_a_take_down_is_told_once(share: Share, manager: Artist, ground: Ground) -> None:
    take_down(share, manager=manager, ground=ground, reason="Whose face is it?")

    for _ in range(3):
        notices.tell("take_down", share.pk)

    assert len(mail.outbox) == 1


def test_a_letter_that_could_not_be_sent_is_found_and_sent_later(
    decision: Decision, away: Any
) -> None:
    with pytest.raises(OSError, match="refused"):
        notices.tell("decision", decision.pk)
    away()

    with time_machine.travel(later()):
        assert list(notices.untold("decision")) == [decision]
        notices.tell("decision", decision.pk)
        assert not notices.untold("decision").exists()
    assert len(mail.outbox) == 1


def test_a_letter_whose_worker_is_killed_is_written_again(
    decision: Decision, settings: Any
) -> None:
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Deadly"
    with pytest.raises(SystemExit):
        notices.tell("decision", decision.pk)
    settings.EMAIL_BACKEND = backend

    notices.tell("decision", decision.pk)
    assert not mail.outbox  # as far as anybody knows, it is being written

    with time_machine.travel(later()):
        assert list(notices.untold("decision")) == [decision]
        for _ in range(2):
            notices.tell("decision", decision.pk)
    assert len(mail.outbox) == 1


def test_a_letter_that_is_being_written_is_not_begun_again(decision: Decision) -> None:
    with time_machine.travel(later()):
        Decision.objects.update(telling_until=later() + timedelta(minutes=1))
        assert not notices.untold("decision").exists()

        notices.tell("decision", decision.pk)

    assert not mail.outbox


def test_who_fails_after_their_time_gives_nothing_back_that_another_has(decision: Decision) -> None:
    anothers = later()

    def fail() -> None:
        with telling(Decision.objects.filter(pk=decision.pk)):
            Decision.objects.update(telling_until=anothers)
            raise TimeoutError

    with pytest.raises(TimeoutError):
        fail()

    decision.refresh_from_db()
    assert (decision.told_at, decision.telling_until) == (None, anothers)


def test_a_mail_server_that_says_nothing_is_left(decision: Decision, settings: Any) -> None:
    assert 0 < settings.EMAIL_TIMEOUT < LETTER_TAKES.total_seconds()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        with pytest.raises(OSError, match="timed out"):
            notices.tell("decision", decision.pk)

    decision.refresh_from_db()
    assert (decision.told_at, decision.telling_until) == (None, None)


def test_a_letter_about_a_take_down_that_was_never_begun_is_found(
    share: Share, manager: Artist, ground: Ground
) -> None:
    assert not notices.untold("take_down").exists()
    take_down(share, manager=manager, ground=ground, reason="Whose face is it?")
    assert not notices.untold("take_down").exists()  # its own task has its time first

    with time_machine.travel(later()):
        assert list(notices.untold("take_down")) == [share]
