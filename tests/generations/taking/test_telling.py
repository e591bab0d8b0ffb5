"""Who asked for an archive is told when it is ready, once."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.models import Archive, Generation
from generations.taking import making
from generations.taking.services import ask
from generations.tasks import make_archives, tell_untold


@pytest.mark.usefixtures("tasks_run_at_once")
def test_the_letter_follows_the_archive(artist: Artist, work: Generation) -> None:
    archive = ask(artist)

    for _ in range(3):
        make_archives()
        tell_untold()

    archive.refresh_from_db()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([artist.email], "Greenroom: your archive is ready")
    for words in (reverse("generations:take"), reverse("artists:sessions")):
        assert words in letter.body
    assert f"{archive.expires_at:%-d %B %Y}" in letter.body
    assert str(archive.pk) not in letter.body


@pytest.mark.usefixtures("tasks_run_at_once")
def test_a_letter_that_a_killed_worker_left_is_sent_later(artist: Artist) -> None:
    archive = ask(artist)
    making.make(archive.pk)  # and then the worker is killed

    tell_untold()
    assert mail.outbox == []
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        tell_untold()
        tell_untold()

    assert len(mail.outbox) == 1


def test_an_archive_that_is_not_ready_or_is_over_is_not_told_of(artist: Artist) -> None:
    archive = ask(artist)
    notices.tell("archive", archive.pk)
    making.make(archive.pk)
    Archive.objects.update(expires_at=timezone.now())

    notices.tell("archive", archive.pk)

    assert mail.outbox == []
    assert not notices.untold("archive").exists()
