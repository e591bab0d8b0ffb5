from http import HTTPStatus

from portal.errors import PortalError


class NotBelieved(PortalError):
    """A callback that its provider did not sign, or that is too old."""

    code = "not_believed"
    message = "This callback is not signed by the provider, or its signature is too old."
    status = HTTPStatus.BAD_REQUEST


class NotVerifiable(PortalError):
    """A callback whose provider's keys cannot be read now: it may be sent again."""

    code = "not_verifiable"
    message = "The signature of this callback cannot be verified now. Send it again later."
    status = HTTPStatus.SERVICE_UNAVAILABLE
