"""Why no archive is begun, or found."""

from datetime import datetime
from http import HTTPStatus

from portal.errors import PortalError


class MadeJustNow(PortalError):
    code = "archive_made_just_now"
    message = "Your archive was made a few minutes ago. A new one can be made in a while."
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, again_at: datetime) -> None:
        super().__init__()
        self.resets_at = again_at


class ExportNotFound(PortalError):
    """One answer for an archive that never was, is over, or is somebody else's (I7)."""

    code = "export_not_found"
    message = "There is no export with this id, or its time is over."
    status = HTTPStatus.NOT_FOUND


class ExportNotReady(PortalError):
    code = "export_not_ready"
    message = "This export is not made yet, or could not be made: its status says which."
    status = HTTPStatus.NOT_FOUND
