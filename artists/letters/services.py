"""Writing a letter, and the words that letters are written in."""

from django.db import transaction

from artists.letters.catalogue import words_of
from artists.models import Application, Artist, Invitation, Letter, LetterKind, LetterTemplate
from artists.tasks import send_letter
from portal.audit import record


@transaction.atomic
def write_letter(
    kind: LetterKind,
    *,
    application: Application | None = None,
    invitation: Invitation | None = None,
    artist: Artist | None = None,
    by: Artist | None = None,
    note: str = "",
) -> Letter:
    """Write a letter in the words in force; it goes out once the caller's transaction stands."""
    subject, body = words_of(kind)
    letter = Letter.objects.create(
        kind=kind,
        application=application,
        invitation=invitation,
        artist=artist,
        by=by,
        subject=subject,
        body=body,
        note=note,
    )
    send_letter.delay_on_commit(letter.pk)
    return letter


@transaction.atomic
def set_words(kind: LetterKind, *, subject: str, body: str, by: Artist) -> None:
    """Put a manager's words in force, for the letters that are written from now on."""
    template, _ = LetterTemplate.objects.update_or_create(
        kind=kind, defaults={"subject": subject, "body": body, "changed_by": by}
    )
    record("letter.changed", actor=by, subject=template, facts={"subject": subject, "body": body})


@transaction.atomic
def reset_words(kind: LetterKind, *, by: Artist) -> None:
    """Put the built-in words in force again."""
    template = LetterTemplate.objects.filter(kind=kind).first()
    if template is not None:
        record("letter.reset", actor=by, subject=template)
        template.delete()
