"""Why a report is not taken."""

from http import HTTPStatus

from portal.errors import PortalError


class NotShown(PortalError):
    code = "not_shown"
    message = "This clip is no longer shown, so there is nothing left to report."
    status = HTTPStatus.GONE
