"""Refusals by a pause, for want of a second factor, and of programs; none echoes a token."""

from http import HTTPStatus

from django.utils import timezone
from django.utils.formats import date_format

from artists.models import Pause
from portal.errors import PortalError, WayOn


class Paused(PortalError):
    """Somebody paused it: who asks again before the pause is lifted gets the same answer."""

    code = "paused"
    status = HTTPStatus.FORBIDDEN

    def __init__(self, pause: Pause) -> None:
        super().__init__(describe(pause))
        self.pause = pause
        self.resets_at = None if pause.is_late else pause.expected_end


class TokenPaused(Paused):
    code = "token_paused"


class PausedBefore(PortalError):
    code = "paused_before"
    message = "This is paused already. Lift that pause first, or leave it."


class LiftedBefore(PortalError):
    code = "lifted_before"
    message = "This pause was lifted before."


def refusal(pause: Pause) -> Paused:
    """The refusal by a pause; a token's has a code of its own."""
    return TokenPaused(pause) if pause.token_id else Paused(pause)


def describe(pause: Pause) -> str:
    """Say what is paused, why, and until when as far as anybody knows."""
    at = date_format(timezone.localtime(pause.expected_end), "j F, H:i T")
    end = f"It was expected to end on {at}." if pause.is_late else f"It is expected to end on {at}."
    reason = pause.reason if pause.reason[-1] in ".!?…" else f"{pause.reason}."
    return f"{pause.said_to_artist}: {reason} {end}"


class SecondFactorNeeded(PortalError):
    code = "second_factor_needed"
    message = "What reviewers and managers do takes a second factor besides the sign-in."
    status = HTTPStatus.FORBIDDEN

    def __init__(self, message: str = "", *, way_on: WayOn) -> None:
        super().__init__(message)
        self.way_on = way_on


class OwnRole(PortalError):
    code = "own_role"
    message = "Nobody gives themselves a role: ask another manager."


class MoreThanOwn(PortalError):
    code = "more_than_own"
    message = "This role may do what you may not: somebody who may gives and takes it."


class LastManager(PortalError):
    code = "last_manager"
    message = "Nobody would be left to manage the programme. Make somebody else a manager first."


class UnknownToken(PortalError):
    """One and the same for whatever is no token of ours."""

    code = "invalid_api_key"
    message = "This is not a token of ours."
    status = HTTPStatus.UNAUTHORIZED


class TokenRevoked(PortalError):
    code = "token_revoked"
    message = "This token was revoked."
    status = HTTPStatus.UNAUTHORIZED


class TokenExpired(PortalError):
    code = "token_expired"
    message = "This token has expired."
    status = HTTPStatus.UNAUTHORIZED


class TokenRotated(PortalError):
    code = "token_rotated"
    message = "This token has a new secret, and the time of this one is over."
    status = HTTPStatus.UNAUTHORIZED


class AccountInactive(PortalError):
    code = "account_inactive"
    message = "This account is closed."
    status = HTTPStatus.UNAUTHORIZED


class WrongNetwork(PortalError):
    code = "wrong_network"
    message = "This token may not be used from this network."
    status = HTTPStatus.FORBIDDEN


class MissingScope(PortalError):
    code = "missing_scope"
    status = HTTPStatus.FORBIDDEN


class NotLive(PortalError):
    code = "token_not_live"
    message = "This token has ended. Make a new one."


class TokenNotFound(PortalError):
    """One answer for a token that never was and for somebody else's (I7)."""

    code = "token_not_found"
    message = "You have no token with this id."
    status = HTTPStatus.NOT_FOUND
