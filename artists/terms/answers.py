"""Who answered what to a version, as managers read it."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from artists.models import Acceptance, Artist, Decline, Terms


class Answer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NONE = "none"

    @property
    def label(self) -> str:
        return {"accepted": "Accepted", "declined": "Declined", "none": "No answer yet"}[self]


def people(terms: Terms, answer: Answer) -> QuerySet[Artist]:
    """Those who gave this answer, by key; of who gave no yes, those with an account that is open.

    Each has `accepted_at` and `declined_at`, None where there was no such answer.
    """
    yes = Acceptance.objects.filter(terms=terms, artist=OuterRef("pk"))
    no = Decline.objects.filter(terms=terms, artist=OuterRef("pk"))
    found = Artist.objects.annotate(
        accepted_at=Subquery(yes.values("accepted_at")),
        declined_at=Subquery(no.values("declined_at")),
    ).order_by("pk")
    if answer == Answer.ACCEPTED:
        return found.filter(Exists(yes))
    without_yes = found.filter(~Exists(yes), is_active=True)
    return without_yes.filter(Exists(no) if answer == Answer.DECLINED else ~Exists(no))


def counts(terms: Terms) -> dict[Answer, int]:
    """How many gave each answer."""
    return {answer: people(terms, answer).count() for answer in Answer}
