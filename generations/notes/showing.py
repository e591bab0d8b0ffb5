"""The notes of a clip as its reviewer sees them, with the forms to pin and to change."""

from typing import Any, NamedTuple

from artists.models import Artist
from generations.models import Note, Submission
from generations.notes.forms import NoteForm


class Shown(NamedTuple):
    """A note, and the form to say it anew if it is one's own and may be changed."""

    note: Note
    form: NoteForm | None


def notes_of(
    submission: Submission, *, reviewer: Artist, holds: bool, form: NoteForm | None = None
) -> dict[str, Any]:
    """What `_notes.html` shows; `form`, if given, stands open with what is wrong with it."""
    clip = submission.rendition
    found = Note.objects.filter(submission=submission).seen_by(reviewer).along_the_clip()
    shown = []
    for note in found:
        note.submission = submission  # whose clip is read already
        own = holds and note.author_id == reviewer.pk
        is_open = form is not None and form.note == note
        own_form = form if is_open else NoteForm(clip=clip, note=note)
        shown.append(Shown(note, own_form if own else None))
    new = form if form is not None and form.note is None else NoteForm(clip=clip)
    return {"notes": shown, "note_form": new if holds else None}
