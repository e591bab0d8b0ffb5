"""Who has left makes nothing new; what they have, they still see and take."""

from http import HTTPStatus
from typing import ClassVar

from django.db.models import DateTimeField, IntegerField
from django.utils import timezone

from artists.models import Artist, Departure
from portal.errors import PortalError
from portal.prepared import Arg, Count


class MembershipEnded(PortalError):
    code: ClassVar[str] = "membership_ended"
    message = "Your membership has ended: nothing new can be made. What you made is yours to take."
    status: ClassVar[int] = HTTPStatus.FORBIDDEN


def check_membership(artist: Artist) -> None:
    """Raise MembershipEnded for somebody who has left.

    To be asked under the artist's lock: whoever leaves takes that lock too.
    """
    if _DEPARTURES(artist=artist.pk, now=timezone.now()):
        raise MembershipEnded


_DEPARTURES = Count(
    lambda: (
        Departure.objects.in_force(Arg("now", DateTimeField()))
        .filter(artist=Arg("artist", IntegerField()))
        .values("pk")
    )
)
