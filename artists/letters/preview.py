"""What a letter would say, before anything is decided or sent."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from artists.letters.catalogue import CATALOGUE, SAMPLE, words_of
from artists.letters.facts import say_moment
from artists.letters.rendering import Rendered, render
from artists.models import Application, LetterKind

LINK = f"{settings.PUBLIC_URL}/…"  # a real one opens something, and is in the letter alone


def preview_letters(
    kind: LetterKind, applications: Iterable[Application], *, note: str
) -> list[tuple[Application, Rendered]]:
    """The letter to each, in the words in force; a link that is yet to be made stands as dots."""
    subject, body = words_of(kind)
    expires = say_moment(timezone.now() + timedelta(days=settings.INVITATION_DAYS))
    return [
        (
            one,
            render(
                subject=subject,
                body=body,
                facts={
                    "programme": settings.PROGRAMME_NAME,
                    "round": str(one.round),
                    "name": one.name,
                    "cohort": str(one.round.cohort),
                    "link": LINK,
                    "expires": expires,
                    "note": note,
                },
            ),
        )
        for one in applications
    ]


def preview_words(kind: LetterKind, *, subject: str, body: str) -> Rendered:
    """A letter in these words to somebody who does not exist. The words have passed the form."""
    facts = SAMPLE | {"programme": settings.PROGRAMME_NAME, "link": LINK}
    known = {name: facts[name] for name in CATALOGUE[kind].fields}
    return render(subject=subject, body=body, facts=known)
