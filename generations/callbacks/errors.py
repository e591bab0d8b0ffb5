from http import HTTPStatus

from portal.errors import PortalError


class NotBelieved(PortalError):
    """A callback that its provider did not sign, or that is too old."""

    code = "not_believed"
    message = "This callback is not signed by the provider, or its signature is too old."
    status = HTTPStatus.BAD_REQUEST
