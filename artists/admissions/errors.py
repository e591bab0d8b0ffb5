from http import HTTPStatus

from portal.errors import PortalError


class AlreadyHasAccount(PortalError):
    """Told to the person who invites, never to a visitor."""

    code = "already_has_account"
    message = "There is an account with this address already."
    field = "email"


class InvitationGone(PortalError):
    code = "invitation_gone"
    message = "This invitation was used before, or its time has run out."
    status = HTTPStatus.GONE
