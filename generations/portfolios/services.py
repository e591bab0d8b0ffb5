"""An artist's portfolio: where it is, whether anybody sees it, and what is in it in which order."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from artists.access.membership import check_membership
from artists.models import Artist
from artists.terms.errors import TermsNotAccepted
from generations.models import Portfolio, Share
from generations.portfolios.errors import AddressTaken

SHARES_MAX = 100


@transaction.atomic
def save_portfolio(
    artist: Artist,
    *,
    address: str,
    is_open: bool,
    shows_links: bool,
    is_findable: bool,
    shares: Sequence[int],
    cover: int | None = None,
) -> Portfolio:
    """Keep how an artist's portfolio is, with live shares of theirs in the order that is given.

    Keys that are none of theirs are passed over (I7). A cover that is not among the shares is
    none. Raises AddressTaken, and for one that is to be open MembershipEnded, TermsNotAccepted.
    """
    if is_open:
        check_membership(artist)
        if artist.owes_terms:
            raise TermsNotAccepted
    own = Share.objects.live().filter(submission__artist=artist)
    mine = set(own.filter(pk__in=shares).values_list("pk", flat=True))
    chosen = [share for share in dict.fromkeys(shares) if share in mine][:SHARES_MAX]
    try:
        with transaction.atomic():
            portfolio, _ = Portfolio.objects.update_or_create(
                artist=artist,
                defaults={
                    "address": address,
                    "is_open": is_open,
                    "shows_links": shows_links,
                    "is_findable": is_findable,
                    "cover_id": cover if cover in chosen else None,
                },
            )
    except IntegrityError as error:
        raise AddressTaken from error
    _place(artist, chosen)
    return portfolio


def _place(artist: Artist, chosen: Sequence[int]) -> None:
    """Give the chosen shares their places, from 1 on, and take the others out."""
    placed = Share.objects.filter(submission__artist=artist).exclude(place=None)
    placed.exclude(pk__in=chosen).update(place=None)
    rows = [Share(pk=share, place=place) for place, share in enumerate(chosen, start=1)]
    Share.objects.bulk_update(rows, ["place"])
