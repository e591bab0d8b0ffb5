"""What a person answers to the terms."""

from collections.abc import Iterable

from django.db import transaction

from artists.models import Acceptance, Artist, Decline, Terms
from artists.models.acceptance import USER_AGENT_MAX_CHARS
from artists.models.terms import TermsQuerySet
from artists.tasks import send_receipt


@transaction.atomic
def accept(
    *, artist: Artist, terms: Iterable[Terms], ip_address: str | None = None, user_agent: str = ""
) -> None:
    """Keep somebody's yes to published versions, of each once, and mail a receipt.

    `ip_address` is None, and `user_agent` empty, for somebody who did not ask by a browser.
    """
    is_new = False
    for one in terms:
        _, is_first = Acceptance.objects.get_or_create(
            artist=artist,
            terms=one,
            defaults={
                "sha256": one.sha256,
                "ip_address": ip_address,
                "user_agent": user_agent[:USER_AGENT_MAX_CHARS],
            },
        )
        is_new = is_new or is_first
    if is_new:
        send_receipt.delay_on_commit(artist.pk)


@transaction.atomic
def decline(artist: Artist) -> None:
    """Keep somebody's no to whatever is in force without their yes; they may accept it later."""
    for one in owed_by(artist):
        Decline.objects.get_or_create(artist=artist, terms=one)


def owed_by(artist: Artist) -> TermsQuerySet:
    """What an artist must accept before making anything new."""
    return Terms.objects.in_force().unaccepted_by(artist.pk)


def ahead_of(artist: Artist) -> TermsQuerySet:
    """What an artist will have to accept, and may accept beforehand."""
    return Terms.objects.upcoming().unaccepted_by(artist.pk)
