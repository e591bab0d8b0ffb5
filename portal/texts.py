"""What people may write into a field."""

import re
import unicodedata
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

# Categories of Unicode: control, format, private, surrogate, unassigned, line and paragraph.
ODD = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # shown as nothing, yet of none
# They turn what follows, past the end of the text too. Letters turn a line by themselves, and the
# marks that only side with them (U+200E, U+200F, U+061C) turn nothing else.
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SPACES = r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+"
LOOKED_FOR_MAX = 200  # characters
MARKS_MAX = 4  # accents in a row; Vietnamese stacks two


def words_looked_for(request: HttpRequest) -> str:
    """What somebody looks for on a page, within bounds, and without NUL: PostgreSQL takes none."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LOOKED_FOR_MAX]


def refuse_control_characters(text: str) -> None:
    """Refuse what no single line holds that stands among others' words, as a title does."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValidationError("Please leave out line breaks and control characters.")
    if any(sign in TURNS for sign in text):
        raise ValidationError("Please leave out marks that turn the direction of a line.")


def refuse_unseen(text: str) -> None:
    """Refuse a text that shows nothing at all."""
    if not any(_is_seen(sign) for sign in text):
        raise ValidationError("Please write something that can be seen.")


def refuse_all_but_line_breaks(text: str) -> None:
    if any(
        unicodedata.category(character) == "Cc" for character in text if character not in "\r\n\t"
    ):
        raise ValidationError("Please leave out control characters.")


def refuse_odd_characters(text: str) -> None:
    """Refuse what a name can hide behind: controls, marks of direction, signs without a width."""
    if any(unicodedata.category(sign) in ODD or sign in BLANK for sign in text):
        raise ValidationError("Please leave out control characters and invisible ones.")
    if (
        max(
            (len(list(run)) for is_mark, run in groupby(text, _is_mark) if is_mark),
            default=0,
        )
        > MARKS_MAX
    ):
        raise ValidationError("Please put fewer accents on one letter.")


def _is_seen(sign: str) -> bool:
    return not (unicodedata.category(sign) in ODD or sign in BLANK or sign.isspace())


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) in ("Mn", "Me")


def compose(text: str, *, at_most: int | None) -> str:
    """Return a text in Unicode's composed form (NFC), if it can be short enough in it.

    A sign is composed of four at most. To sort many accents in a row takes their number squared:
    a text that is too long in any form stays as it came, for its field to refuse.
    """
    if at_most is not None and len(text) > 4 * at_most:
        return text
    return unicodedata.normalize("NFC", text)


class NameField(forms.CharField):
    """A name that others read: one line, in Unicode's composed form (NFC), with single spaces."""

    default_validators = [refuse_odd_characters]  # as Django's fields have it

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return compose(re.sub(SPACES, " ", text), at_most=self.max_length)
