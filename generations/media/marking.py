"""Which copy carries which visible mark, and what it says. docs/media.md has it in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from generations.media.kinds import MARKED
from generations.media.marks import Mark
from generations.models import Generation, MarkStyle, Rendition

COPIES = {
    Rendition.Kind.MASTER: "The clip that is reviewed, shared and downloaded",
    Rendition.Kind.PROXY: "The small draft that plays in lists",
}
WORDS = {
    Rendition.Kind.MASTER: "the programme’s name",
    Rendition.Kind.PROXY: "your credit name, the programme’s name and the date",
}


@dataclass(frozen=True)
class Copy:
    """A copy of a clip with what is to be seen on it, both in words for its artist."""

    title: str
    mark: str


def marks_for(generation: Generation) -> dict[str, Mark]:
    """Return the marks of a clip that is finished now, by the kind of copy.

    A draft says whose it is; the share master does not, for its public page does that as the
    artist chooses when they submit it.
    """
    programme = settings.PROGRAMME_NAME
    made_on = date_format(timezone.localtime(generation.created_at), "j M Y")
    words: dict[str, Sequence[str]] = {
        Rendition.Kind.MASTER: [programme],
        Rendition.Kind.PROXY: [generation.artist.credit_name, programme, made_on],
    }
    styles = {kind: style for kind, style in settings.MARKS.items() if style in MarkStyle.values}
    return {kind: Mark(style, words[kind]) for kind, style in styles.items()}


def copies_to_come() -> list[Copy]:
    """Say which marks the copies of a clip get that is made now."""
    return [_copy(kind, settings.MARKS[kind]) for kind in MARKED]


def copies_of(renditions: Sequence[Rendition]) -> list[Copy]:
    """Say which marks the copies of a finished clip have, whatever is set today."""
    marks = {rendition.kind: rendition.mark for rendition in renditions}
    return [_copy(kind, marks[kind]) for kind in MARKED if kind in marks]


def _copy(kind: str, style: str) -> Copy:
    of = Rendition.Kind(kind)
    if style not in MarkStyle.values:
        return Copy(COPIES[of], "no visible mark")
    return Copy(COPIES[of], f"{WORDS[of]}, {MarkStyle(style).label}")
