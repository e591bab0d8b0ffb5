"""What people may write into a field."""

import unicodedata

from django.core.exceptions import ValidationError


def refuse_control_characters(text: str) -> None:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValidationError("Please leave out line breaks and control characters.")


def refuse_all_but_line_breaks(text: str) -> None:
    if any(
        unicodedata.category(character) == "Cc" for character in text if character not in "\r\n\t"
    ):
        raise ValidationError("Please leave out control characters.")
