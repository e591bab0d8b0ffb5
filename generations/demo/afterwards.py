"""What follows in the demo once clips are there and decided on: a set, a report, appeals.

Each step knows by what is there whether it was taken.
"""

from contextlib import suppress

from django.db import transaction

from artists.models import Artist
from generations.appeals.refused import appeal_refused
from generations.appeals.services import appeal
from generations.appeals.thread import write
from generations.demo.story import REFUSED, SET_OF_TWO
from generations.models import (
    Appeal,
    Generation,
    Ground,
    Opinion,
    RefusedPrompt,
    Report,
    Review,
    SavedView,
    Share,
    Submission,
    SubmissionSet,
)
from generations.reports.services import make_report
from generations.reviews import saved_views
from generations.reviews.claiming import claim
from generations.reviews.deciding import decide
from generations.sharing.sets import submit_set
from portal.errors import PortalError

VIEWS = {  # whose, and what each narrows the queue down to
    "rosa": {"Appeals": "kind=appeal", "Free submissions": "state=waiting&kind=submission"},
    "paul": {"Reports": "kind=report", "Past their date": "overdue=on"},
    "mina": {"For managers": "level=managers"},
}


def save_views(people: dict[str, Artist]) -> None:
    """Give those who review a few views of the queue, once."""
    for name, views in VIEWS.items():
        if not SavedView.objects.filter(reviewer=people[name]).exists():
            for title, asked in views.items():
                saved_views.keep(reviewer=people[name], name=title, querystring=asked)


def go_on(people: dict[str, Artist]) -> bool:
    """Take each step that can be taken now; True once nothing that was decided is yet to stand."""
    for step in (_submit_set, _report, _appeal_prompt, _appeal_decisions, _decide_appeal):
        with suppress(PortalError):  # a visitor of the demo was quicker
            step(people)
    return not Opinion.objects.pending().exists()


def _submit_set(people: dict[str, Artist]) -> None:
    artist = people["ines"]
    works = list(Generation.objects.shareable_by(artist).filter(prompt__in=SET_OF_TWO))
    if len(works) < len(SET_OF_TWO) or SubmissionSet.objects.filter(artist=artist).exists():
        return
    submit_set(
        artist=artist,
        works=works,
        title="Two weathers",
        note="They hang side by side, so please see them together.",
        credit_name=artist.credit_name,
        show_prompt=True,
        destination="Two screens in the foyer of the studio",
    )


def _report(people: dict[str, Artist]) -> None:
    """What a visitor says of a public page."""
    share = Share.objects.live().filter(submission__title="Lanterns").order_by("pk").first()
    if share and not Report.objects.filter(share=share).exists():
        ground = Ground.objects.in_force().get(code="rights")
        words = "This looks very much like my installation of last autumn. Was it the model for it?"
        make_report(share, ground=ground, text=words)


def _appeal_prompt(people: dict[str, Artist]) -> None:
    artist = people[REFUSED.by]
    unasked = RefusedPrompt.objects.visible_to(artist).filter(appeal=None, prompt=REFUSED.prompt)
    if refused := unasked.first():
        words = "It is a bow to his films: a hat, a cane and a walk, and no face of anybody."
        appeal_refused(refused.pk, artist=artist, text=words)


def _appeal_decisions(people: dict[str, Artist]) -> None:
    """Two ask that somebody else decide again; one of them is yet to be answered."""
    for name, title, words in (
        (
            "vera",
            "The keeper",
            "My grandmother kept this light. I know of no feature of that name.",
        ),
        ("tomo", "After hours", "A sun over a city is nobody’s, and I had no cover in mind."),
    ):
        refused = Submission.objects.refused().filter(artist=people[name], title=title)
        found = refused.filter(appeal=None).first()
        if found:
            appeal(submission=found, text=words)


@transaction.atomic
def _decide_appeal(people: dict[str, Artist]) -> None:
    waiting = Review.objects.filter(
        appeal__artist=people["tomo"],
        appeal__submission__title="After hours",
        status=Review.Status.WAITING,
    )
    review = waiting.select_related("appeal").first()
    if review is None or review.appeal is None:
        return
    made: Appeal = review.appeal
    claim(review=review, reviewer=people["paul"])
    write(
        appeal=made,
        author=people["paul"],
        text="Which pictures did you look at while you wrote it?",
    )
    write(appeal=made, author=people["tomo"], text="None. I wrote it on a night bus, in the rain.")
    decide(
        review=review,
        reviewer=people["paul"],
        outcome=Opinion.Outcome.OVERTURN,
        reason="A sun over towers is a genre, and a genre is nobody’s. It may be shown.",
    )
