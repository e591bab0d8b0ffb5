"""Fields that people outside fill in: names in any script, links to the web."""

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from portal.texts import compose, refuse_all_but_line_breaks, refuse_control_characters

INVISIBLE = {"Cf", "Co", "Cs", "Cn"}
JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them between letters


def refuse_what_hides(text: str) -> None:
    """Refuse marks that turn the direction of a line or are seen by nobody."""
    if any(
        unicodedata.category(character) in INVISIBLE and character not in JOINERS
        for character in text
    ):
        raise ValidationError("Please leave out invisible characters.")


def refuse_addresses(text: str) -> None:
    """A name that holds a link would make an advertisement of each letter to it."""
    if "://" in text or "www." in text.casefold():
        raise ValidationError("Please leave links out of this.")


def refuse_without_letter(text: str) -> None:
    if not any(unicodedata.category(character)[0] == "L" for character in text):
        raise ValidationError("Please write it with letters.")


class PersonNameField(forms.CharField):
    """A name in any script, on one line; composed, so that one name is written in one way."""

    default_validators = [
        refuse_control_characters,
        refuse_what_hides,
        refuse_addresses,
        refuse_without_letter,
    ]

    def to_python(self, value: Any) -> str:
        return compose(super().to_python(value) or "", at_most=self.max_length)


class LineField(forms.CharField):
    default_validators = [refuse_control_characters, refuse_what_hides]


class ProseField(forms.CharField):
    """Paragraphs, their line ends as newlines."""

    widget = forms.Textarea
    default_validators = [refuse_all_but_line_breaks]

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class WebLinksField(ProseField):
    """Links to the web, one a line; cleaned to a tuple of addresses."""

    def __init__(self, *, at_most: int, **kwargs: Any) -> None:
        self.at_most = at_most
        super().__init__(max_length=at_most * 510, **kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        urls = list(dict.fromkeys(read_web_link(line) for line in lines if line))
        if len(urls) > self.at_most:
            raise ValidationError(f"Give {self.at_most} links at most; these are {len(urls)}.")
        return tuple(urls)


def read_web_link(text: str) -> str:
    """The address, with https:// where no scheme was written.

    Raises ValidationError for anything that is no http(s) address of a public-looking host, or
    that holds a name and password.
    """
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    url = text if ":" in text.partition("/")[0] else f"https://{text}"
    complaint = f"“{shown}” is no link to a web page. It begins with https:// or http://."
    try:
        URLValidator(schemes=["http", "https"])(url)
        parts = urlsplit(url)
    except (ValidationError, ValueError) as error:
        raise ValidationError(complaint) from error
    if parts.username is not None or len(url) > 500:
        raise ValidationError(complaint)
    return url
