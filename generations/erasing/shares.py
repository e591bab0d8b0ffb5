"""What becomes of the public pages of somebody who leaves."""

import logging

from django.db import transaction
from django.http import Http404

from artists.models import Artist, Departure
from generations.judging.ending import withdraw_appeals, withdraw_share, withdraw_submissions
from generations.media.credentials.copies import replace_public
from generations.media.credentials.errors import MasterMissing, NotSigned
from generations.models import Appeal, Portfolio, Review, Share, SignedCopy, Submission
from generations.models.signed_copy import SignedCopyQuerySet
from portal import audit
from portal.errors import FilesAway

NO_NAME = "an artist"

logger = logging.getLogger(__name__)


@transaction.atomic
def settle_shares(artist: Artist, choice: str) -> None:
    """Take back what nobody has decided on, and close or rename the pages, as the artist chose.

    The portfolio goes: it is a page about the person.
    """
    Portfolio.objects.filter(artist=artist).delete()
    own = Submission.objects.filter(artist=artist)
    live = Share.objects.live().filter(submission__artist=artist)
    live.lock()
    Review.objects.filter(artist=artist).lock_open()
    withdraw_submissions(own)
    withdraw_appeals(Appeal.objects.filter(artist=artist))
    if choice == Departure.Shares.UNNAMED:
        own.filter(share__in=live).update(credit_name=NO_NAME, file_has_name=False)
    elif choice == Departure.Shares.WITHDRAWN:
        for share in live:
            withdraw_share(share.pk)


def unname_files() -> None:
    """Sign those public files anew that name an artist who wants that no more."""
    for copy in _naming():
        try:
            replace_public(copy)
        except (NotSigned, MasterMissing, FilesAway):
            logger.error("%s goes on naming its artist", copy)  # noqa: TRY400  (it is logged why)
        except Http404:
            continue  # the work is removed, and its files are about to be deleted


def close_lost(artist: Artist) -> None:
    """Close the pages whose file names its artist and cannot be signed anew: its master is gone.

    That nothing names them was promised; what nobody can mend keeps nobody from being erased.
    """
    for copy in _naming().filter(submission__artist=artist):
        master = copy.submission.rendition.file  # type: ignore[union-attr]  # as it is public
        if master and master.storage.exists(str(master.name)):
            continue
        share = copy.submission.share  # type: ignore[union-attr]
        if withdraw_share(share.pk):
            audit.record("share.closed", actor=None, subject=share, facts={"why": "master missing"})


def is_named(artist: Artist) -> bool:
    """Say whether a public file still names somebody who wants that no more."""
    return _naming().filter(submission__artist=artist).exists()


def _naming() -> SignedCopyQuerySet:
    named = SignedCopy.objects.public().filter(
        submission__file_has_name=False, says__has_key="credit_name"
    )
    return named.select_related("submission__rendition", "submission__generation__video_model")
