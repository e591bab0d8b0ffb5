"""What an artist says of a submission, said otherwise before anybody reviews it."""

from typing import TypedDict, Unpack

from django.db import transaction

from generations.models import Review, Submission
from generations.sharing.errors import TooLateToAmend


class Words(TypedDict, total=False):
    """Columns of a submission that may be amended; what is left out stays."""

    title: str
    note: str
    credit_name: str
    show_prompt: bool
    destination: str


AMENDED = tuple(Words.__annotations__)


@transaction.atomic
def amend(submission: Submission, **words: Unpack[Words]) -> None:
    """Change what was said, not what was submitted; the due date stays.

    What the first of two people has judged is what the second judges. Raises TooLateToAmend.
    """
    # The row of the review decides between this and a claim, which locks it too.
    free = Review.objects.free().filter(submission=submission)
    review = free.select_for_update(no_key=True).first()
    if review is None or review.opinions.given().exists():
        raise TooLateToAmend
    unknown = words.keys() - set(AMENDED)
    if unknown:
        raise ValueError(f"not to be amended: {', '.join(sorted(unknown))}")
    Submission.objects.filter(pk=submission.pk).update(**words)
    submission.refresh_from_db()
