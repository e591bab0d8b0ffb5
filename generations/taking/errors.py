"""Why no archive is begun, or found."""

from http import HTTPStatus
from typing import ClassVar

from portal.errors import PortalError


class MadeJustNow(PortalError):
    code: ClassVar[str] = "archive_made_just_now"
    message = "Your archive was made a few minutes ago. A new one can be made in a while."
    status: ClassVar[int] = HTTPStatus.TOO_MANY_REQUESTS


class ExportNotFound(PortalError):
    """One answer for an archive that never was, is over, or is somebody else's (I7)."""

    code: ClassVar[str] = "export_not_found"
    message = "There is no export with this id, or its time is over."
    status: ClassVar[int] = HTTPStatus.NOT_FOUND


class ExportNotReady(PortalError):
    code: ClassVar[str] = "export_not_ready"
    message = "This export is not made yet, or could not be made: its status says which."
    status: ClassVar[int] = HTTPStatus.NOT_FOUND
