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
        super().__init__(describe(window, needed=needed), resets_at=window.resets_at)
        self.window = window


def describe(window: Window, *, needed: int) -> str:
    """Say which limit refuses, how much is left of it and when it resets."""
    end = (
        f"It resets on {date_format(timezone.localtime(window.resets_at), 'j F, H:i T')}."
        if window.resets_at
        else "It does not reset."
    )
    return (
        f"This needs {needed} credits, and {window.free} of {window.credits} are left "
        f"{window.label.lower()} for {window.scope_label}. {end}"
    )
