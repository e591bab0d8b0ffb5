"""Erasing whoever has left, when their time is over: what names them goes, files go for good.

In small transactions, each of which may be the last of a killed worker: the next pass goes on.
The ledger and the audit trail stay: they know people by their keys alone.
"""

import logging

from django.db import transaction

from artists.access.services import revoke
from artists.accounts.sessions import end_all
from artists.models import Artist, Departure
from generations.erasing.people import erase_person
from generations.erasing.shares import close_lost, is_named, settle_shares, unname_files
from generations.erasing.works import erase_closed, erase_words, erase_works
from generations.models import Archive
from generations.taking.making import remove

logger = logging.getLogger(__name__)


def erase_due() -> None:
    """Erase those whose time has come; what goes wrong with one leaves the others alone."""
    unname_files()
    for departure in Departure.objects.due().select_related("artist"):
        try:
            erase(departure)
        except Exception:
            logger.exception("artist %s could not be erased", departure.artist_id)
    erase_closed()


def erase(departure: Departure) -> bool:
    """Erase one person; False where that must wait for a work that is still being made, or for
    a public file that names them to be signed anew. One that cannot be any more is public no more.

    Then nobody can sign in any more, and the next pass finds the work ended and the file signed.
    """
    artist = departure.artist
    _shut(artist, departure)
    unname_files()
    close_lost(artist)
    for archive in Archive.objects.filter(artist=artist):
        remove(archive)
    if is_named(artist) or not erase_works(artist):
        return False
    erase_words(artist)
    erase_person(artist)
    return True


@transaction.atomic
def _shut(artist: Artist, departure: Departure) -> None:
    """Close the account, so that nothing new comes while the rest is erased (I8)."""
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    Artist.objects.filter(pk=artist.pk).update(is_active=False)
    for token in artist.tokens.filter(revoked_at=None):
        revoke(token, by=artist)
    settle_shares(artist, _wish(artist, departure))
    end_all(artist)


def _wish(artist: Artist, departure: Departure) -> str:
    """What the artist chose for their public pages, if they left by themselves."""
    own = Departure.objects.standing().filter(artist=artist, kind=Departure.Kind.LEFT).first()
    return (own or departure).shares
