"""What an artist says of a submission, said otherwise before anybody reviews it."""

from django.db import transaction

from generations.models import Review, Submission
from generations.sharing.errors import TooLateToAmend

AMENDED = ("title", "note", "credit_name", "show_prompt", "destination")


@transaction.atomic
def amend(submission: Submission, **words: object) -> None:
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
