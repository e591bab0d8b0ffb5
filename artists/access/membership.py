"""Who has left makes nothing new; what they have, they still see and take."""

from http import HTTPStatus
from typing import ClassVar

from artists.models import Artist, Departure
from portal.errors import PortalError


class MembershipEnded(PortalError):
    code: ClassVar[str] = "membership_ended"
    message = "Your membership has ended: nothing new can be made. What you made is yours to take."
    status: ClassVar[int] = HTTPStatus.FORBIDDEN


def check_membership(artist: Artist) -> None:
    """Raise MembershipEnded for somebody who has left.

    To be asked under the artist's lock: whoever leaves takes that lock too.
    """
    if Departure.objects.in_force().filter(artist=artist).exists():
        raise MembershipEnded
