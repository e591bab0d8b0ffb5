"""Why a ground is not published or retired."""

from portal.errors import PortalError


class GroundTaken(PortalError):
    code = "ground_taken"
    message = "There is a ground of this name already: publish a new version of it."
    field = "code"


class GroundChanged(PortalError):
    code = "ground_changed"
    message = "Somebody published another version meanwhile. Look at that first."


class LastGround(PortalError):
    code = "last_ground"
    message = "The list keeps one ground at least: without any, nothing could be refused."
