from portal.errors import PortalError


class AlreadySettled(PortalError):
    code = "already_settled"
    message = "What became of this create call is known by now: see the page again."


class TooEarly(PortalError):
    code = "too_early"
    message = "Its worker might still send this call. Say so again a few minutes after it was sent."


class JobHasOwner(PortalError):
    code = "job_has_owner"
    message = "That job belongs to another generation already."
    field = "job_id"
