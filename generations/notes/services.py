"""Pinning notes to frames, by whoever holds the review."""

from typing import TypedDict, Unpack

from django.db import transaction

from artists.models import Artist
from generations.models import Note, Review, Submission
from generations.models.note import Stroke
from generations.notes.errors import NotesAreClosed, TooManyNotes
from portal import audit

NOTES_MAX = 50  # of one reviewer on one submission


class Said(TypedDict):
    """What a note says, and of which frames."""

    first_frame: int
    last_frame: int
    text: str
    drawing: list[Stroke]


@transaction.atomic
def pin(*, submission: Submission, author: Artist, **said: Unpack[Said]) -> Note:
    """Pin a note to the clip. Raises NotesAreClosed, and TooManyNotes."""
    _hold(submission, author)
    if Note.objects.own(author).filter(submission=submission).count() >= NOTES_MAX:
        raise TooManyNotes
    note = Note.objects.create(submission=submission, author=author, **said)
    audit.record("note.pinned", actor=author, subject=note, facts=_facts(note))
    return note


@transaction.atomic
def change(*, note: Note, author: Artist, **said: Unpack[Said]) -> None:
    """Say one's own note anew: frames, text and drawing. Raises NotesAreClosed."""
    _hold(note.submission, author)
    if not Note.objects.own(author).filter(pk=note.pk).update(**said):
        raise NotesAreClosed
    note.refresh_from_db(fields=said)
    audit.record("note.changed", actor=author, subject=note, facts=_facts(note))


@transaction.atomic
def remove(*, note: Note, author: Artist) -> None:
    """Take one's own note off again. Raises NotesAreClosed."""
    _hold(note.submission, author)
    facts = _facts(note)
    if not Note.objects.own(author).filter(pk=note.pk).delete()[0]:
        raise NotesAreClosed
    audit.record("note.removed", actor=author, subject=note, facts=facts)


def _hold(submission: Submission, author: Artist) -> None:
    """See that the review is the author's, and stays so until this is committed."""
    reviews = Review.objects.held_by(author).select_for_update(no_key=True)
    if reviews.filter(submission=submission).first() is None:
        raise NotesAreClosed


def _facts(note: Note) -> dict[str, object]:
    return {
        "submission": str(note.submission_id),
        "first_frame": note.first_frame,
        "last_frame": note.last_frame,
        "strokes": len(note.drawing),
    }
