"""The thread of an appeal: its artist and whoever decides it, and nobody else."""

from django.db import transaction

from artists.models import Artist
from generations.appeals.errors import AppealIsOver, NotYourThread, ThreadIsFull
from generations.appeals.letters import announce_message
from generations.models import Appeal, AppealMessage, Review
from portal import audit

MESSAGES_MAX = 200


@transaction.atomic
def write(*, appeal: Appeal, author: Artist, text: str) -> AppealMessage:
    """Write to the other one, while the appeal is open; they are told by a letter.

    Raises NotYourThread, AppealIsOver, ThreadIsFull.
    """
    Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    if not may_read(appeal, author):
        raise NotYourThread
    if not Appeal.objects.open().filter(pk=appeal.pk).exists():
        raise AppealIsOver
    if appeal.messages.count() >= MESSAGES_MAX:
        raise ThreadIsFull
    message = AppealMessage.objects.create(
        appeal=appeal, author=author, is_from_artist=author.pk == appeal.artist_id, text=text
    )
    decider = decider_of(appeal)
    if not message.is_from_artist:
        announce_message(appeal, to=appeal.artist)
        audit.record("appeal.written", actor=author, subject=appeal)
    elif decider is not None:
        announce_message(appeal, to=decider)
    return message


def decider_of(appeal: Appeal) -> Artist | None:
    """Who decides: who decided it, or holds it now. None while nobody does."""
    if not appeal.is_open:
        return appeal.decided_by
    review = Review.objects.select_related("claimed_by").get(appeal=appeal)
    return review.claimed_by if review.is_in_hands else None


def may_read(appeal: Appeal, reader: Artist) -> bool:
    """The artist, and who holds the appeal or decided it."""
    return reader.pk == appeal.artist_id or reader == decider_of(appeal)


def messages_for(appeal: Appeal, reader: Artist) -> list[AppealMessage] | None:
    """The whole thread, the first message first; None for whom it is not."""
    if not may_read(appeal, reader):
        return None
    return list(appeal.messages.in_order())
