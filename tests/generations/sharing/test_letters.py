"""Each letter is written once, and one that could not be sent is found again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.models import Decision, Ground, Share
from generations.sharing.services import take_down
from tests.services.servers import free_port

LATER = timezone.now() + timedelta(minutes=10)


@pytest.fixture
def away(settings: Any) -> Any:
    """A mail server that does not answer; calling it brings the mail back."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return lambda: setattr(settings, "EMAIL_BACKEND", backend)


@pytest.fixture
def decision(share: Share) -> Decision:
    return share.submission.decision


def test_a_decision_is_told_once_however_often_its_message_comes(decision: Decision) -> None:
    for _ in range(3):
        notices.tell_decision(decision.pk)

    assert len(mail.outbox) == 1


def test_a_take_down_is_told_once(share: Share, manager: Artist, ground: Ground) -> None:
    take_down(share, manager=manager, ground=ground, reason="Whose face is it?")

    for _ in range(3):
        notices.tell_take_down(share.pk)

    assert len(mail.outbox) == 1


def test_a_letter_that_could_not_be_sent_is_found_and_sent_later(
    decision: Decision, away: Any
) -> None:
    with pytest.raises(OSError, match="refused"):
        notices.tell_decision(decision.pk)
    away()

    with time_machine.travel(LATER):
        assert list(notices.untold_decisions()) == [decision]
        notices.tell_decision(decision.pk)
        assert not notices.untold_decisions().exists()
    assert len(mail.outbox) == 1


def test_a_letter_about_a_take_down_that_was_never_begun_is_found(
    share: Share, manager: Artist, ground: Ground
) -> None:
    assert not notices.untold_take_downs().exists()
    take_down(share, manager=manager, ground=ground, reason="Whose face is it?")
    assert not notices.untold_take_downs().exists()  # its own task has its time first

    with time_machine.travel(LATER):
        assert list(notices.untold_take_downs()) == [share]
