"""A letter's words with its facts in their places, as text and as HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString

from artists.letters.catalogue import CATALOGUE
from artists.models import LetterKind


@dataclass(frozen=True)
class Rendered:
    """What goes out: a subject of one line, the text, and the same words as safe HTML."""

    subject: str
    text: str
    html: SafeString


def render(*, subject: str, body: str, facts: Mapping[str, str]) -> Rendered:
    """Fill in the placeholders. What a fact holds is never read as a placeholder itself.

    The HTML is made of the text, all of it escaped: a letter says the same in both.
    """
    line = " ".join(Template(subject).substitute(facts).split())
    text = re.sub(r"\n{3,}", "\n\n", Template(body).substitute(facts)).strip() + "\n"
    html = linebreaks(urlize(text, autoescape=True))
    return Rendered(subject=line, text=text, html=SafeString(html))


def complain_about(words: str, *, kind: LetterKind, needed: frozenset[str]) -> str:
    """Say what is wrong with the placeholders of a template; "" where nothing is."""
    template = Template(words)
    known = CATALOGUE[kind].fields
    if not template.is_valid():
        return "A $ stands alone, or before what is no name. Write $$ for a plain $."
    used = set(template.get_identifiers())
    if unknown := sorted(used - set(known)):
        names = ", ".join(f"${name}" for name in known)
        return f"There is no ${unknown[0]} in this letter. There are: {names}."
    if missing := sorted(needed - used):
        return f"Leave ${missing[0]} in: without it the letter is of no use."
    return ""
