"""The thread of an appeal is the artist's and the decider's, and nobody else's."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist
from generations import notices
from generations.appeals import thread
from generations.appeals.errors import AppealIsOver, NotYourThread, ThreadIsFull
from generations.appeals.letters import DIGEST
from generations.models import Appeal, AppealLetter, AppealMessage, Review
from generations.reviews import claiming
from tests.generations.appeals.fixtures import judge


def tell_due() -> None:
    """Write every letter that is due, as workers do."""
    for letter in AppealLetter.objects.filter(told_at=None):
        notices.tell("appeal", letter.pk)


@pytest.fixture
def held(appeal: Appeal, second_reviewer: Artist) -> Appeal:
    """An appeal that Sven holds."""
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    tell_due()
    mail.outbox.clear()
    return Appeal.objects.get(pk=appeal.pk)


def test_the_two_write_to_each_other(held: Appeal, artist: Artist, second_reviewer: Artist) -> None:
    thread.write(appeal=held, author=second_reviewer, text="When was it made?")
    thread.write(appeal=held, author=artist, text="In June.")

    for reader in (artist, second_reviewer):
        found = thread.messages_for(held, reader)
        assert found is not None
        assert [(one.text, one.is_from_artist) for one in found] == [
            ("When was it made?", False),
            ("In June.", True),
        ]


def test_home_leads_to_what_waits_for_an_answer(
    held: Appeal, artist: Artist, other_artist: Artist, second_reviewer: Artist, client: Client
) -> None:
    def home_of(somebody: Artist) -> str:
        client.force_login(somebody)
        return client.get("/home/").content.decode()

    link = f'href="{held.get_absolute_url()}">Read and answer'
    assert link not in home_of(artist)

    thread.write(appeal=held, author=second_reviewer, text="When was it made?")
    assert link in home_of(artist)
    assert link not in home_of(other_artist)

    thread.write(appeal=held, author=artist, text="In June.")
    assert link not in home_of(artist)

    thread.write(appeal=held, author=second_reviewer, text="Thank you.")
    judge(held, by=second_reviewer, outcome="uphold", reason="It stays.")
    assert link not in home_of(artist)


def test_nobody_else_writes_or_reads(
    held: Appeal, reviewer: Artist, other_artist: Artist, manager: Artist
) -> None:
    for one in (reviewer, other_artist, manager):
        assert thread.messages_for(held, one) is None
        with pytest.raises(NotYourThread):
            thread.write(appeal=held, author=one, text="Me too.")

    assert not AppealMessage.objects.exists()


def test_whose_claim_is_over_neither_writes_nor_reads(
    held: Appeal, second_reviewer: Artist
) -> None:
    Review.objects.filter(appeal=held).update(claim_expires_at=timezone.now())

    assert thread.messages_for(held, second_reviewer) is None
    with pytest.raises(NotYourThread):
        thread.write(appeal=held, author=second_reviewer, text="One more thing.")


def test_nothing_is_written_after_the_end_and_the_two_read_on(
    held: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    thread.write(appeal=held, author=artist, text="In June.")
    ended = judge(held, by=second_reviewer, outcome="uphold", reason="No.")

    for one in (artist, second_reviewer):
        assert thread.messages_for(ended, one)
        with pytest.raises(AppealIsOver):
            thread.write(appeal=ended, author=one, text="But.")


def test_a_thread_has_an_end(held: Appeal, artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread, "MESSAGES_MAX", 2)
    for text in ("One.", "Two."):
        thread.write(appeal=held, author=artist, text=text)

    with pytest.raises(ThreadIsFull):
        thread.write(appeal=held, author=artist, text="Three.")


def test_messages_are_told_at_once_and_then_at_most_once_in_a_digest(
    held: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    thread.write(appeal=held, author=second_reviewer, text="When was it made?")
    tell_due()
    assert [letter.to for letter in mail.outbox] == [[artist.email]]
    assert "1 new message" in mail.outbox[0].subject

    for text in ("And where?", "And by whom?"):
        thread.write(appeal=held, author=second_reviewer, text=text)
    tell_due()
    assert len(mail.outbox) == 1

    with time_machine.travel(timezone.now() + DIGEST + timedelta(minutes=3)):
        assert notices.untold("appeal").exists()
        tell_due()
    assert len(mail.outbox) == 2
    assert "2 new messages" in mail.outbox[1].subject


def test_who_holds_the_appeal_is_told_of_the_artists_message(
    held: Appeal, artist: Artist, second_reviewer: Artist
) -> None:
    thread.write(appeal=held, author=artist, text="In June.")
    tell_due()

    (letter,) = mail.outbox
    assert letter.to == [second_reviewer.email]
    assert held.review.get_absolute_url() in letter.body


def test_the_artist_writes_and_the_decider_answers_on_their_pages(
    client: Client, held: Appeal, artist: Artist, second_reviewer: Artist, reviewer: Artist
) -> None:
    client.force_login(second_reviewer)
    client.post(reverse("generations:appeal_write_to_artist", args=[held.review.pk]), {"text": "?"})
    client.force_login(artist)
    page = client.get(held.get_absolute_url()).content.decode()
    assert "Who decides" in page
    assert second_reviewer.credit_name not in page
    client.post(reverse("generations:appeal_write", args=[held.pk]), {"text": "In June."})

    client.force_login(second_reviewer)
    assert "In June." in client.get(held.review.get_absolute_url()).content.decode()
    client.force_login(reviewer)
    assert "In June." not in client.get(held.review.get_absolute_url()).content.decode()
    refused = client.post(
        reverse("generations:appeal_write_to_artist", args=[held.review.pk]), {"text": "Me too"}
    )
    assert refused.status_code == 409


def test_an_empty_message_is_not_sent(client: Client, held: Appeal, artist: Artist) -> None:
    client.force_login(artist)

    answer = client.post(reverse("generations:appeal_write", args=[held.pk]), {"text": " "})

    assert answer.status_code == 400
    assert not AppealMessage.objects.exists()
