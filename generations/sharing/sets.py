"""Several works submitted together."""

from collections.abc import Sequence
from typing import Unpack

from django.db import transaction

from artists.models import Artist
from generations.models import Generation, Submission, SubmissionSet
from generations.sharing.errors import SetTooLarge, SetTooSmall
from generations.sharing.services import Words, submit

WORKS_AT_MOST = 24


@transaction.atomic
def submit_set(
    *, artist: Artist, works: Sequence[Generation], title: str, **words: Unpack[Words]
) -> SubmissionSet:
    """Submit several works of one artist as a set, all of them or none.

    Title and words are the same for each. Raises SetTooSmall for fewer than two,
    SetTooLarge for more than WORKS_AT_MOST, and what `submit` raises for any of them.
    """
    if len(works) < 2:
        raise SetTooSmall
    if len(works) > WORKS_AT_MOST:
        raise SetTooLarge(cap=WORKS_AT_MOST)
    made = SubmissionSet.objects.create(artist=artist, title=title)
    for work in sorted(works, key=lambda one: one.pk):  # the order in which others lock them too
        submit(generation=work, title=title, submission_set=made, **words)
    return made


def set_of(submission: Submission) -> list[Submission]:
    """The submissions of the same set, in the order in which their works were made."""
    if submission.set_id is None:
        return [submission]
    together = Submission.objects.filter(set=submission.set_id).with_ends()
    return list(together.select_related("generation").order_by("generation_id"))
