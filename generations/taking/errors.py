"""Why no archive is begun."""

from http import HTTPStatus
from typing import ClassVar

from portal.errors import PortalError


class MadeJustNow(PortalError):
    code: ClassVar[str] = "archive_made_just_now"
    message = "Your archive was made a few minutes ago. A new one can be made in a while."
    status: ClassVar[int] = HTTPStatus.TOO_MANY_REQUESTS
