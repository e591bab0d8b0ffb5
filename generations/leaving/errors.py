"""Why nobody leaves, comes back, or has their membership ended."""

from portal.errors import PortalError


class LeftBefore(PortalError):
    code = "left_before"
    message = "You have left already."


class EndedBefore(PortalError):
    code = "ended_before"
    message = "This membership is being ended already. Withdraw that first, or leave it."


class TooLateToUndo(PortalError):
    code = "too_late_to_undo"
    message = "It is too late: what was kept of this person is being erased."
