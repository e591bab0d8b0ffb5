from http import HTTPStatus

from portal.errors import PortalError


class BadImage(PortalError):
    code = "bad_image"
    message = "This file is not an image that can be read."
    status = HTTPStatus.BAD_REQUEST
    field = "first_image"
