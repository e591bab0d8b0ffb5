"""A yes or a no: what is kept of it, the receipt, and that two at once are one."""

import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.models import Acceptance, Artist, Decline, Terms
from artists.tasks import send_owed_receipts
from artists.terms.receipts import send_receipt
from artists.terms.services import accept, owed_by
from portal.celery import app
from tests.artists.terms.texts import publish_text

ACCEPT, DECLINE = reverse("artists:accept_terms"), reverse("artists:decline_terms")


@pytest.fixture
def terms(db: None) -> Terms:
    return publish_text("# One\n\nKeep your token to yourself.\n")


@pytest.fixture
def browser(client: Client, artist: Artist) -> Client:
    client.force_login(artist)
    return client


@pytest.fixture
def _tasks_at_once() -> object:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_a_yes_keeps_hash_time_address_and_browser(
    browser: Client, artist: Artist, terms: Terms
) -> None:
    before = timezone.now()

    answer = browser.post(
        ACCEPT, {"terms": [terms.pk]}, REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Fox " * 200
    )

    kept = Acceptance.objects.get()
    assert answer["Location"] == reverse("home")
    assert (kept.artist, kept.terms, kept.sha256) == (artist, terms, terms.sha256)
    assert kept.ip_address == "198.51.100.7"
    assert kept.user_agent == ("Fox " * 200)[:300]
    assert before <= kept.accepted_at <= timezone.now()


def test_a_yes_leads_back_to_where_one_was_going(browser: Client, terms: Terms) -> None:
    asked = browser.get("/works/?q=sea")
    assert asked["Location"] == f"{ACCEPT}?next=%2Fworks%2F%3Fq%3Dsea"

    assert browser.post(asked["Location"], {"terms": [terms.pk]})["Location"] == "/works/?q=sea"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_and_never_to_somebody_elses_site(browser: Client, terms: Terms, wanted: str) -> None:
    answer = browser.post(f"{ACCEPT}?next={wanted}", {"terms": [terms.pk]})

    assert answer["Location"] == reverse("home")


def test_each_text_needs_its_own_yes(browser: Client, artist: Artist, terms: Terms) -> None:
    privacy = publish_text("# Privacy\n", kind=Terms.Kind.PRIVACY)

    answer = browser.post(ACCEPT, {"terms": [privacy.pk]})

    assert answer["Location"] == ACCEPT
    assert list(owed_by(artist)) == [terms]
    assert browser.get("/works/")["Location"].startswith(ACCEPT)


def test_nothing_ticked_is_no_yes(browser: Client, terms: Terms) -> None:
    answer = browser.post(ACCEPT, {})

    assert answer.status_code == 400
    assert "Tick what you have read" in answer.content.decode()
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("made_up", ["0", "99999", "x", "'", "9" * 30])
def test_what_cannot_be_accepted_is_refused(browser: Client, terms: Terms, made_up: str) -> None:
    answer = browser.post(ACCEPT, {"terms": [made_up]})

    assert answer.status_code == 400
    assert not Acceptance.objects.exists()


def test_a_version_that_was_replaced_meanwhile_is_not_accepted(
    browser: Client, terms: Terms
) -> None:
    publish_text("# Two\n")

    answer = browser.post(ACCEPT, {"terms": [terms.pk]})

    assert answer.status_code == 400
    assert "changed while you read" in answer.content.decode()
    assert not Acceptance.objects.exists()


def test_a_draft_is_not_accepted(browser: Client, db: None) -> None:
    from artists.terms.writing import draft_of, save_draft

    kept = save_draft(draft_of("privacy"), "# Draft\n", seen=draft_of("privacy").sha256)

    assert browser.post(ACCEPT, {"terms": [kept.pk]}).status_code == 400


def test_a_second_yes_changes_nothing(browser: Client, terms: Terms) -> None:
    browser.post(ACCEPT, {"terms": [terms.pk]})
    first = Acceptance.objects.values().get()

    assert browser.post(ACCEPT, {"terms": [terms.pk]}, REMOTE_ADDR="203.0.113.9").status_code == 302

    assert Acceptance.objects.values().get() == first


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(make_artist: Callable[..., Artist]) -> None:
    artist, terms, together = make_artist(), publish_text("# One\n"), Barrier(4)

    def say_yes(number: int) -> None:
        try:
            together.wait()
            accept(artist=artist, terms=[terms], ip_address=f"203.0.113.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(say_yes, range(4)))

    assert Acceptance.objects.count() == 1


def test_a_no_is_kept_and_a_yes_may_follow(browser: Client, artist: Artist, terms: Terms) -> None:
    assert browser.post(DECLINE)["Location"] == reverse("home")
    browser.post(DECLINE)

    assert Decline.objects.get().terms == terms
    page = browser.get("/home/").content.decode()
    assert "take and remove what is yours, and make nothing new" in page
    assert browser.post(ACCEPT, {"terms": [terms.pk]}).status_code == 302
    assert not owed_by(artist).exists()
    assert Decline.objects.count() == 1


def test_a_new_version_asks_again_with_what_changed(
    browser: Client, artist: Artist, terms: Terms
) -> None:
    accept(artist=artist, terms=[terms])
    publish_text("# One\n\nKeep your password and token to yourself.\n", notice_days=14)

    notice = browser.get("/home/")
    assert "New terms will take effect soon" in notice.content.decode()
    page = browser.get(ACCEPT).content.decode()
    assert "<strong>2 words added, 0 removed</strong> since version 1" in page
    assert '<ins><span class="visually-hidden">Added: </span>password and<' in page
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        browser.force_login(artist)
        assert browser.get("/home/")["Location"].startswith(ACCEPT)


def test_who_accepts_beforehand_is_not_asked_on_the_day(
    browser: Client, artist: Artist, terms: Terms
) -> None:
    accept(artist=artist, terms=[terms])
    second = publish_text("# Two\n", notice_days=14)

    browser.post(ACCEPT, {"terms": [second.pk]})

    assert "New terms will take effect" not in browser.get("/home/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        browser.force_login(artist)
        assert browser.get("/home/").status_code == 200


@pytest.mark.usefixtures("_tasks_at_once")
def test_one_receipt_tells_of_everything_and_brings_the_texts(
    browser: Client,
    artist: Artist,
    terms: Terms,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    privacy = publish_text("# Privacy\n", kind=Terms.Kind.PRIVACY)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        browser.post(ACCEPT, {"terms": [terms.pk, privacy.pk]}, REMOTE_ADDR="198.51.100.7")

    [letter] = mail.outbox
    assert letter.to == [artist.email]
    for one in (terms, privacy):
        assert one.sha256 in letter.body
        assert one.get_absolute_url() in letter.body
    assert "198.51.100.7" in letter.body
    assert [(name, text) for name, text, _ in letter.attachments] == [
        ("programme-1.md", terms.text),
        ("privacy-1.md", privacy.text),
    ]
    send_receipt(artist.pk)
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("_tasks_at_once")
def test_a_receipt_that_the_mail_server_did_not_take_is_written_again(
    artist: Artist, terms: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(artist=artist, terms=[terms])
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.mail.backends.locmem.EmailBackend.send_messages",
            lambda *_: (_ for _ in ()).throw(smtplib.SMTPServerDisconnected()),
        )
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send_receipt(artist.pk)
    assert mail.outbox == []

    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        send_owed_receipts()
        send_owed_receipts()

    assert len(mail.outbox) == 1
    assert Acceptance.objects.get().told_at is not None
