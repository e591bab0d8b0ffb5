from portal.errors import PortalError


class AlreadySettled(PortalError):
    code = "already_settled"
    message = "What became of this create call is known by now: see the page again."


class JobHasOwner(PortalError):
    code = "job_has_owner"
    message = "That job belongs to another generation already."
    field = "job_id"
