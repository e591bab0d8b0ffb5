"""New terms are announced to each member once, whatever is killed meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from artists.letters import announcing
from artists.letters.sending import send_letter
from artists.models import Artist, Departure, Letter, LetterKind, Terms
from artists.tasks import announce_terms, send_left_behind
from artists.terms.services import accept
from tests.artists.terms.texts import publish_text

OLD, NEW = "# Ours\n\nBe kind.\n", "# Ours\n\nBe kind and careful.\n"


@pytest.fixture
def coming(artist) -> Terms:
    publish_text(OLD)
    return publish_text(NEW, notice_days=20)


def told() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def send_all() -> None:
    """What the workers do: the task that follows, and the letters that it nudges."""
    announce_terms()
    for letter in Letter.objects.filter(sent_at=None):
        send_letter(letter.pk)


def test_each_member_gets_one_letter(coming, artist, other_artist, manager):
    for _ in range(3):
        send_all()

    assert told() == [artist.email, other_artist.email, manager.email]


def test_it_says_what_changes_when_and_what_a_no_means(coming, artist):
    send_all()

    body = str(mail.outbox[0].body)
    changes = reverse("artists:terms_changes", args=["programme", 2, 1])
    day = f"{coming.takes_effect_at:%-d %B %Y}"
    for words in ("Dear Ada", "Programme terms", day, "Words added: 3, removed: 1.", changes):
        assert words in body
    assert "You may also decline" in body
    assert reverse("artists:accept_terms") in body


def test_its_date_is_in_the_readers_time_zone(coming, artist):
    Artist.objects.filter(pk=artist.pk).update(time_zone="Asia/Kolkata")

    send_all()

    assert "IST" in mail.outbox[0].subject or "IST" in mail.outbox[0].body


def test_a_manager_may_write_it_in_other_words(coming, artist, client, manager):
    client.force_login(manager)
    accept(artist=manager, terms=Terms.objects.in_force())
    words = {"subject": "Read $document", "body": "$date $link $answer", "save": "yes"}
    client.post(reverse("artists:letter", args=["terms"]), words)

    send_all()

    assert {letter.subject for letter in mail.outbox} == {"Read Programme terms"}


def test_a_first_text_that_is_yet_to_come_is_announced_too(artist):
    terms = publish_text(OLD, notice_days=20)

    send_all()

    assert "the first text of its kind" in mail.outbox[0].body
    assert terms.get_absolute_url() in mail.outbox[0].body


def test_nothing_is_announced_that_holds_at_once_or_that_another_replaces(artist):
    publish_text(OLD)
    with time_machine.travel(timezone.now(), tick=False):
        publish_text("# A mistake\n", notice_days=20)
        publish_text(NEW, notice_days=20)

    send_all()

    assert list(Letter.objects.values_list("terms__version", flat=True)) == [3]


def test_who_left_or_said_yes_is_not_written_to(coming, artist, other_artist, manager):
    now = timezone.now()
    Departure.objects.create(
        artist=artist, kind="left", by=artist, ends_at=now, erase_at=now + timedelta(days=30)
    )
    Artist.objects.filter(pk=other_artist.pk).update(is_active=False)
    accept(artist=manager, terms=[coming])

    send_all()

    assert (told(), Letter.objects.count()) == ([], 0)


def test_nor_who_leaves_before_the_letter_is_sent(coming, artist):
    announce_terms()
    now = timezone.now()
    Departure.objects.create(
        artist=artist, kind="left", by=artist, ends_at=now, erase_at=now + timedelta(days=30)
    )

    send_letter(Letter.objects.get().pk)

    assert (told(), Letter.objects.count()) == ([], 0)


def test_letters_are_written_in_batches_and_a_killed_worker_loses_none(
    coming, artist, other_artist, manager, monkeypatch
):
    monkeypatch.setattr(announcing, "AT_ONCE", 2)
    assert len(announcing.write_next()) == 2  # and then the worker is killed

    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        announce_terms()
        left = list(Letter.objects.left_behind())
        send_left_behind()
        for letter in left:
            send_letter(letter.pk)
        send_all()

    assert (len(left), told()) == (2, [artist.email, other_artist.email, manager.email])
    assert announcing.write_next() == []


def test_the_database_takes_no_second_letter(coming, artist):
    announce_terms()

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(kind=LetterKind.TERMS, artist=artist, terms=coming)


def test_publishing_begins_it(artist, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as begun:
        publish_text(OLD, notice_days=20)

    assert len(begun) == 1
