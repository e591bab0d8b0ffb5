from http import HTTPStatus

from portal.errors import PortalError


class AlreadyHasAccount(PortalError):
    """Told to the person who invites, never to a visitor."""

    code = "already_has_account"
    message = "There is an account with this address already."
    field = "email"


class InvitationGone(PortalError):
    code = "invitation_gone"
    message = "This invitation was used before, was taken back, or its time has run out."
    status = HTTPStatus.GONE


class NothingToResend(PortalError):
    code = "nothing_to_resend"
    message = "Only an invitation with an address that nobody has used can be sent again."


class NothingToRevoke(PortalError):
    code = "nothing_to_revoke"
    message = "This invitation does not work any more as it is."


class CohortFull(PortalError):
    code = "cohort_full"
    message = "All places of this cohort are taken, or promised by open invitations."
    field = "cohort"


class BadInvitationFile(PortalError):
    """The whole file cannot be read, or holds too much."""

    code = "bad_invitation_file"
    status = HTTPStatus.BAD_REQUEST
    field = "file"
