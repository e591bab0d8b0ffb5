"""Credits held without a generation, for tests of the quotas alone."""

from django.db import transaction

from artists.models import Artist, Reservation, Token
from artists.quotas import services


@transaction.atomic
def reserve(
    *, artist: Artist, amount: int, money: int | None = None, token: Token | None = None
) -> Reservation:
    """Make a reservation and hold it, in a transaction of its own or the caller's."""
    reservation = Reservation.objects.create(artist=artist, credits=amount, money=money)
    services.reserve(reservation, token=token)
    return reservation
