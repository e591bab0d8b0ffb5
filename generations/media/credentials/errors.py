"""Why a file could not be signed."""

from http import HTTPStatus

from portal.errors import PortalError


class BadIdentity(Exception):
    """The certificates or the key with which files are signed do not fit; the message says why."""


class MasterMissing(PortalError):
    code = "not_found"
    message = "The file of this work is missing."
    status = HTTPStatus.NOT_FOUND


class NotSigned(PortalError):
    code = "not_signed"
    message = (
        "The file could not be signed, so nothing was published or handed out. Please try again "
        "in a while; the people who run the portal find the reason in its log."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_seconds = 30
