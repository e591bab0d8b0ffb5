"""What a submission comes after: an earlier one, what was said of that, and what is other now."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from generations.models import Decision, Note, Submission

WORDS = {"title": "Title", "credit_name": "Credit", "destination": "Meant for"}
CHOICES = {
    "show_prompt": "Prompt on the public page",
    "file_has_name": "Name in the file",
    "file_has_prompt": "Prompt in the file",
    "file_allows_training": "Training",
}
CHOSEN = {True: "yes", False: "no"}


class Change(NamedTuple):
    """What the artist says otherwise now; either may be empty."""

    words: str
    was: str
    now: str


@dataclass(frozen=True)
class Before:
    """An earlier submission of the work, or of the one that it was made from, and its decision."""

    submission: Submission
    decision: Decision
    notes: list[Note]
    changes: list[Change]
    is_same_clip: bool


def before_of(submission: Submission) -> Before | None:
    """The latest that was decided on before, whatever it came to; None for a first one."""
    work = submission.generation
    is_earlier_take = Q(generation=work.parent_id, generation__isnull=False)
    decided = Submission.objects.filter(
        Q(pk=submission.previous_id) | Q(generation=work.pk) | is_earlier_take,
        artist=submission.artist_id,
        decision__isnull=False,
        review__isnull=False,
        generation__removed_at=None,
        pk__lt=submission.pk,
    )
    related = ("review", "generation", "decision__ground", "decision__reviewer")
    earlier = decided.select_related(*related).order_by("-pk").first()
    if earlier is None:
        return None
    notes = Note.objects.told().filter(submission=earlier).with_clip().along_the_clip()
    return Before(
        submission=earlier,
        decision=earlier.decision,
        notes=list(notes),
        changes=_changes(earlier, submission),
        is_same_clip=earlier.rendition_id == submission.rendition_id,
    )


def _changes(was: Submission, now: Submission) -> list[Change]:
    found = [Change(words, getattr(was, name), getattr(now, name)) for name, words in WORDS.items()]
    found += [
        Change(words, CHOSEN[getattr(was, name)], CHOSEN[getattr(now, name)])
        for name, words in CHOICES.items()
    ]
    found.append(Change("Prompt", was.generation.prompt, now.generation.prompt))
    return [change for change in found if change.was != change.now]
