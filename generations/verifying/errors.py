"""Why a file is not looked at."""

from http import HTTPStatus

from portal.errors import PortalError


class TooManyAtOnce(PortalError):
    code = "too_many_at_once"
    message = "Others are having their files checked. Please try again in a moment."
    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_seconds = 20


class TooSlow(PortalError):
    code = "too_slow"
    message = "This file took too long to arrive. Please try again on a faster line."
    status = HTTPStatus.REQUEST_TIMEOUT


class CannotCheck(PortalError):
    code = "cannot_check"
    message = "Credentials cannot be checked at the moment. Please try again later."
    status = HTTPStatus.SERVICE_UNAVAILABLE
