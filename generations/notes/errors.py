"""Why a note is not pinned or not changed."""

from portal.errors import PortalError


class TooManyNotes(PortalError):
    code = "too_many_notes"
    message = "There is no room for more notes on this clip. Change or remove one of yours."


class NotesAreClosed(PortalError):
    code = "notes_are_closed"
    message = "Notes are pinned and changed while you hold the clip for review, and not after."
