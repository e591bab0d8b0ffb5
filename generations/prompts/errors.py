"""Refusals of a prompt, a cancellation or a removal."""

from http import HTTPStatus

from portal.errors import PortalError


class NotOffered(PortalError):
    """The video model, size, duration or style is not one that can be chosen; `field` names it."""

    code = "not_offered"
    status = HTTPStatus.BAD_REQUEST


class QueueFull(PortalError):
    code = "queue_full"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, *, cap: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"You have {cap} generations waiting, the most that your cohort may queue at a time. "
            "Another can be queued as soon as one of them starts."
        )
        self.retry_after_seconds = retry_after_seconds


class NotInvitedToMake(PortalError):
    code = "no_cohort"
    message = "Your account belongs to no cohort yet, so there is no quota to make videos with."
    status = HTTPStatus.FORBIDDEN


class OutsideCohortDates(PortalError):
    code = "cohort_not_running"
    message = (
        "Your cohort has not begun yet, or has ended, so no new videos are made. What you made "
        "stays yours."
    )
    status = HTTPStatus.FORBIDDEN


class TooLateToCancel(PortalError):
    code = "too_late_to_cancel"
    message = "This has been sent to the video model already and can't be called back."


class CannotBeStopped(PortalError):
    code = "cannot_be_stopped"
    message = "This cannot be stopped any more, or its video model cannot stop what it has begun."


class StillRunning(PortalError):
    code = "still_running"
    message = "This is still being made. It can be removed once it has ended."
