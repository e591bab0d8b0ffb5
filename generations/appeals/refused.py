"""Appeals against prompts that the checks refused: how artists make them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from artists.models import Artist
from generations.appeals.errors import (
    AlreadyAppealed,
    NothingToAppeal,
    RefusedPromptNotFound,
    TooLateToAppeal,
)
from generations.appeals.letters import write_letter
from generations.models import Appeal, AppealLetter, Promise, RefusedPrompt, Review
from generations.models.appeal import appealable_until, last_moment_to_appeal
from portal import audit


@transaction.atomic
def appeal_refused(refused_id: UUID, *, artist: Artist, text: str) -> Appeal:
    """Ask, as its artist, that a person decide on what a machine refused.

    The time runs from the last refusal of these words. Raises RefusedPrompt.DoesNotExist of
    another's, NothingToAppeal where they pass already, AlreadyAppealed, TooLateToAppeal; then
    nothing is changed.
    """
    # Who leaves takes the first lock, of two appeals at once one waits at the second.
    artist = Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    own = RefusedPrompt.objects.visible_to(artist).select_related(None).order_by()
    refused = own.select_for_update(no_key=True).get(pk=refused_id)
    if Appeal.objects.filter(refused=refused).exists():
        raise AlreadyAppealed
    if RefusedPrompt.objects.pass_now(artist, refused.prompt) or not artist.is_active:
        raise NothingToAppeal
    now = timezone.now()
    if now >= appealable_until(refused.last_at):
        raise TooLateToAppeal
    made = Appeal.objects.create(artist=artist, refused=refused, ground=refused.ground, text=text)
    Review.objects.create(
        kind=Review.Kind.APPEAL,
        appeal=made,
        artist=artist,
        cohort_id=artist.cohort_id,
        video_model_id=refused.video_model_id,
        due_at=Promise.objects.in_force().appeal_due_at(now),
    )
    audit.record(
        "appeal.made", actor=artist, subject=made, facts={"refused_prompt": str(refused.pk)}
    )
    write_letter(made, to=artist, kind=AppealLetter.Kind.RECEIVED)
    return made


def own_refused(artist: Artist, refused_id: UUID) -> RefusedPrompt:
    """Return one of the artist's own, with its appeal. Raises RefusedPromptNotFound (I7)."""
    own = RefusedPrompt.objects.visible_to(artist).with_appeals()
    found = own.filter(pk=refused_id).first()
    if found is None:
        raise RefusedPromptNotFound
    return found


def until(refused: RefusedPrompt) -> datetime | None:
    """The end of the last day for an appeal; None where it may not be made, or no more.

    The refused prompt was read with its appeal.
    """
    end = appealable_until(refused.last_at)
    if hasattr(refused, "appeal") or refused.passes_now or timezone.now() >= end:
        return None
    return end


def last_moment(refused: RefusedPrompt) -> datetime | None:
    """The last minute of that day."""
    return last_moment_to_appeal(refused.last_at) if until(refused) else None
