from portal.errors import PortalError


class AlreadySettled(PortalError):
    code = "already_settled"
    message = "What became of this create call is known by now: see the page again."


class TooEarly(PortalError):
    code = "too_early"
    message = "Its worker might still send this call. Say so again a few minutes after it was sent."


class JobRefused(PortalError):
    """A job that a manager named and that cannot be the one; nothing was moved."""

    code = "job_refused"
    field = "job_id"


class JobHasOwner(JobRefused):
    code = "job_has_owner"
    message = "That job belongs to another generation already."


class NoJobId(JobRefused):
    code = "no_job_id"

    def __init__(self, *, provider: str, form: str) -> None:
        super().__init__(f"This cannot be a job of {provider}. Give {form}.")


class JobNotKnown(JobRefused):
    code = "job_not_known"
    message = "The provider knows no job with this id. Nothing was changed."


class JobNotConfirmed(JobRefused):
    code = "job_not_confirmed"
    message = "The provider cannot be asked about this job now. Nothing was changed: try again."
