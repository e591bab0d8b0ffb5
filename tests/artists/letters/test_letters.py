"""Letters: managers' words, placeholders, both parts, and sending at least once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from artists.admissions.services import invite
from artists.letters.catalogue import CATALOGUE, built_in_words
from artists.letters.preview import preview_words
from artists.letters.rendering import complain_about, render
from artists.letters.sending import send_letter
from artists.models import Invitation, Letter, LetterKind, LetterTemplate
from artists.tasks import send_left_behind
from portal.audit import Event

INVITATION = reverse("artists:letter", args=["invitation"])
WORDS = {"subject": "Come to $programme", "body": "In $cohort:\n\n$link\n\nUntil $expires"}


@pytest.fixture
def letter(cohort) -> Letter:
    invite(email="new@example.org", cohort=cohort, invited_by=None)
    return Letter.objects.get()


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_built_in_words_pass_the_form_and_can_be_looked_at(kind):
    subject, body = built_in_words(kind)

    assert complain_about(subject, kind=kind, needed=frozenset()) == ""
    assert complain_about(body, kind=kind, needed=CATALOGUE[kind].needed) == ""
    assert "$" not in preview_words(kind, subject=subject, body=body).text


def test_a_manager_writes_the_words_and_the_next_letter_says_them(client, manager, cohort):
    client.force_login(manager)

    client.post(INVITATION, WORDS | {"save": "yes"})
    invite(email="new@example.org", cohort=cohort, invited_by=None)
    send_letter(Letter.objects.get().pk)

    (sent,) = mail.outbox
    assert sent.subject == "Come to Greenroom"
    assert str(sent.body).startswith("In Spring:\n\nhttp")
    event = Event.objects.filter(verb="letter.changed").get()
    assert (event.actor_id, event.subject_id) == (manager.pk, "invitation")


def test_a_letter_keeps_the_words_in_force_when_it_was_written(client, manager, letter):
    client.force_login(manager)
    client.post(INVITATION, WORDS | {"save": "yes"})

    send_letter(letter.pk)

    assert mail.outbox[0].subject == "You are invited to Greenroom"


def test_looking_saves_nothing(client, manager):
    client.force_login(manager)

    page = client.post(INVITATION, WORDS)

    assert "Come to Greenroom" in page.text
    assert not LetterTemplate.objects.exists()


def test_reset_puts_the_built_in_words_back(client, manager):
    client.force_login(manager)
    client.post(INVITATION, WORDS | {"save": "yes"})

    page = client.post(reverse("artists:reset_letter", args=["invitation"]), follow=True)

    assert "You are invited to $programme" in page.text
    assert not LetterTemplate.objects.exists()
    assert Event.objects.latest().verb == "letter.reset"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("body", "No way in.", "Leave $link in"),
        ("body", "$link and $password", "There is no $password in this letter"),
        ("body", "$link costs $ 5", "Write $$ for a plain $"),
        ("body", "$link ${link.secret}", "Write $$ for a plain $"),
        ("body", "$link ${", "Write $$ for a plain $"),
        ("body", "$link " + "x" * 5000, "at most 5000 characters"),
        ("body", "$link \x07", "control characters"),
        ("body", "", "required"),
        ("subject", "", "required"),
        ("subject", "x\nBcc: all@example.org", "line breaks"),
        ("subject", "x" * 201, "at most 200 characters"),
        ("subject", "$note", "There is no $note"),
    ],
)
def test_words_that_would_not_do_are_refused(client, manager, field, value, complaint):
    client.force_login(manager)

    page = client.post(INVITATION, WORDS | {field: value, "save": "yes"})

    assert page.status_code == 400
    assert complaint in str(page.context["form"].errors[field])
    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize("words", ["{{ settings.SECRET_KEY }}", "{% debug %}", "{0.__class__}"])
def test_no_template_language_runs_in_a_letter(client, manager, words):
    client.force_login(manager)

    page = client.post(INVITATION, WORDS | {"body": f"$link {words}"})

    assert words in page.context["preview"].text


def test_the_html_part_says_the_same_and_nothing_in_it_runs():
    facts = {"name": "<script>alert(1)</script> $link $$", "link": "https://x.example/a?b=1&c=2"}

    letter = render(subject="To $name\n", body="Dear $name,\n\n\n\n$link\n<b>Bye</b>", facts=facts)

    assert letter.text == (
        "Dear <script>alert(1)</script> $link $$,\n\nhttps://x.example/a?b=1&c=2\n<b>Bye</b>\n"
    )
    assert "<script" not in letter.html
    assert "<b>" not in letter.html
    assert '<a href="https://x.example/a?b=1&amp;c=2"' in letter.html
    assert letter.subject == "To <script>alert(1)</script> $link $$"


def test_a_letter_goes_out_once_as_text_and_html(letter):
    send_letter(letter.pk)
    send_letter(letter.pk)

    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert [kind for _, kind in sent.alternatives] == ["text/html"]
    letter.refresh_from_db()
    assert letter.sent_at is not None


def test_a_letter_in_another_worker_s_hands_is_left_to_it(letter):
    assert Letter.objects.claim(letter.pk)

    send_letter(letter.pk)

    assert mail.outbox == []


def test_what_the_mail_server_does_not_take_is_sent_later(letter, settings, monkeypatch):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.artists.letters.refusing.RefusingBackend"
    with pytest.raises(ConnectionRefusedError):
        send_letter(letter.pk)
    settings.EMAIL_BACKEND = backend

    Letter.objects.update(written_at=timezone.now() - timedelta(minutes=3))
    assert list(Letter.objects.left_behind()) == [letter]
    send_letter(letter.pk)

    assert len(mail.outbox) == 1
    assert list(Letter.objects.left_behind()) == []


def test_a_letter_of_a_worker_that_died_is_taken_up_again(letter):
    Letter.objects.claim(letter.pk)
    Letter.objects.update(written_at=timezone.now() - timedelta(minutes=3))
    assert list(Letter.objects.left_behind()) == []

    Letter.objects.update(sending_until=timezone.now() - timedelta(seconds=1))

    assert list(Letter.objects.left_behind()) == [letter]
    send_left_behind()  # a message each; the row is what a worker goes by
    send_letter(letter.pk)
    assert len(mail.outbox) == 1


def test_no_secret_stands_in_a_letter_that_waits(letter):
    invitation = Invitation.objects.get()
    row = str(Letter.objects.values())

    send_letter(letter.pk)

    secret = str(mail.outbox[0].body).partition("/invitations/")[2][:43]
    assert len(secret) == 43
    assert secret not in row
    assert secret not in str(Letter.objects.values())
    assert invitation.secret_sha256 not in row


def test_an_unknown_letter_is_not_found(client, manager):
    client.force_login(manager)

    assert client.get(reverse("artists:letter", args=["ransom"])).status_code == 404
