"""Refusals of the quota."""

from http import HTTPStatus

from django.utils import timezone
from django.utils.formats import date_format

from artists.models import Window
from portal.errors import PortalError


class NoLimitSet(PortalError):
    """No limit binds this artist, and nobody chose that: it is not taken for "without end"."""

    code = "no_limit_set"
    message = "No credits are granted to you yet. The programme's managers can set a limit for you."
    status = HTTPStatus.FORBIDDEN


class QuotaExceeded(PortalError):
    """Fewer credits are free than the generation needs. `window` is the one that refused."""

    code = "quota_exceeded"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, window: Window, *, needed: int) -> None:
        super().__init__(describe(window, needed=needed))
        self.window = window
        self.resets_at = window.resets_at


class BudgetUsedUp(QuotaExceeded):
    """The programme's money for the month does not reach for the generation."""

    code = "budget_used_up"


class ChangedSince(PortalError):
    code = "changed_since"
    message = "This limit is not as it was any more: somebody has changed it since. Look again."


class UndoneBefore(PortalError):
    code = "undone_before"
    message = "This change was undone before."


class ReasonNeeded(PortalError):
    code = "reason_needed"
    message = "Give a reason, in 300 characters at most: it stands in the ledger."
    status = HTTPStatus.BAD_REQUEST
    field = "reason"


class RaiseIsOver(PortalError):
    code = "raise_is_over"
    message = "This raise has ended already."


def refusal(window: Window, *, needed: int) -> QuotaExceeded:
    """The refusal by a window that has too little free."""
    kind = BudgetUsedUp if window.limit.is_money else QuotaExceeded
    return kind(window, needed=needed)


def describe(window: Window, *, needed: int) -> str:
    """Say which limit refuses, how much is left of it and when it resets.

    Of the programme's money the artist learns no figures: prices are between it and its providers.
    """
    at = window.resets_at and date_format(timezone.localtime(window.resets_at), "j F, H:i T")
    if window.limit.is_money:
        return (
            "The programme's budget for this month is used up: what is left does not reach for "
            f"this clip. It begins anew on {at}. Your own credits stay as they are."
        )
    return (
        f"This needs {needed} credits, and {window.free} of {window.ceiling} are left "
        f"{window.label.lower()} for {window.scope_label}. "
        + (f"It resets on {at}." if at else "It does not reset.")
    )
