"""The letters there are: when each goes out, what may and must stand in it, its built-in words."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from artists.models import LetterKind, LetterTemplate


@dataclass(frozen=True)
class Description:
    """`fields` are the placeholders there are, with what each stands for; `needed` must be used."""

    when: str
    fields: dict[str, str]
    needed: frozenset[str]


WORDS = Path(__file__).parent / "words"
PROGRAMME = {"programme": "The name of the programme."}
ROUND = {"round": "The name of the round."}
NAME = {"name": "The applicant’s name."}
MEMBER = {"name": "The member’s name."}
NOTE = {"note": "What you write for the occasion; often nothing."}
PRIVATE = {"link": "The private link to the application."}
JOINING = {
    "cohort": "The cohort that the invitation leads to.",
    "link": "The link of the invitation.",
    "expires": "Until when the link works.",
}

# The first letter goes to an address that nobody has proven: it holds nothing that the sender of
# the form wrote, or anybody could have the programme mail their words to anybody.
CATALOGUE = {
    LetterKind.RECEIVED: Description(
        when="At once, to the address that an application names.",
        fields=PROGRAMME
        | ROUND
        | PRIVATE
        | {"closes": "Until when the application may be changed."},
        needed=frozenset({"link"}),
    ),
    LetterKind.ACCEPTED: Description(
        when="When you accept an application. It carries the invitation.",
        fields=PROGRAMME | ROUND | NAME | JOINING | NOTE,
        needed=frozenset({"link"}),
    ),
    LetterKind.WAITLISTED: Description(
        when="When you put an application on the waiting list.",
        fields=PROGRAMME | ROUND | NAME | PRIVATE | NOTE,
        needed=frozenset(),
    ),
    LetterKind.DECLINED: Description(
        when="When you decline an application.",
        fields=PROGRAMME | ROUND | NAME | NOTE,
        needed=frozenset(),
    ),
    LetterKind.INVITATION: Description(
        when="When you invite somebody, or send their invitation again.",
        fields=PROGRAMME | JOINING,
        needed=frozenset({"link"}),
    ),
    LetterKind.TERMS: Description(
        when="To each member, once, when a version of terms is published that takes effect later.",
        fields=PROGRAMME
        | MEMBER
        | {
            "document": "Which of the documents it is.",
            "date": "When the new version takes effect.",
            "changes": "How much changed, in a few words.",
            "link": "The page that shows what changed, word by word.",
            "answer": "The page on which one accepts or declines.",
        },
        needed=frozenset({"date", "link", "answer"}),
    ),
    LetterKind.FACTORS: Description(
        when="When you remove the second factors of somebody who lost them.",
        fields=PROGRAMME
        | MEMBER
        | {
            "note": "The reason that you gave.",
            "who": "Whom to ask about it: who did it, with their address.",
            "link": "The page on which one sets up a new second factor.",
        },
        needed=frozenset({"who", "link"}),
    ),
}
SAMPLE = {
    "round": "Autumn round",
    "name": "Nora Quill",
    "cohort": "Autumn residency",
    "note": "We liked the tide studies above all.",
    "expires": "24 December 2026, 18:00 UTC",
    "closes": "30 November 2026, 18:00 UTC",
    "document": "Programme terms",
    "date": "24 December 2026, 18:00 UTC",
    "changes": "12 words were added and 5 removed.",
    "answer": f"{settings.PUBLIC_URL}/…",
    "who": "Mona Reyes (mona@example.org)",
}


@cache
def built_in_words(kind: LetterKind) -> tuple[str, str]:
    """The subject and the body that a letter has until a manager writes others."""
    text = (WORDS / f"{kind}.txt").read_text(encoding="utf-8")
    subject, _, body = text.partition("\n")
    return subject, body.strip()


def words_of(kind: LetterKind) -> tuple[str, str]:
    """The subject and the body in force: a manager's, or else the built-in ones."""
    changed = LetterTemplate.objects.filter(kind=kind).first()
    return (changed.subject, changed.body) if changed else built_in_words(kind)
