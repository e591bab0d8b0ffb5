"""Refusals about an artist's webhooks."""

from http import HTTPStatus

from portal.errors import PortalError


class BadAddress(PortalError):
    """An address that webhooks cannot be sent to; the message says what is wrong with it."""

    code = "bad_address"
    status = HTTPStatus.BAD_REQUEST
    field = "url"


class TooManyEndpoints(PortalError):
    code = "too_many_endpoints"

    def __init__(self, *, cap: int) -> None:
        super().__init__(f"You have {cap} webhooks, which is the most. Remove one first.")


class EndpointNotFound(PortalError):
    """One answer for an endpoint that never was, was removed, or is somebody else's (I7)."""

    code = "webhook_endpoint_not_found"
    message = "There is no webhook endpoint with this id."
    status = HTTPStatus.NOT_FOUND


class NeedsSession(PortalError):
    """A token may not turn what it did not make: a leaked one would live on in it."""

    code = "needs_session"
    message = (
        "This token did not make this webhook: change its address or its secret on its page in "
        "the portal."
    )
    status = HTTPStatus.FORBIDDEN


class EndedWithToken(PortalError):
    code = "ended_with_token"
    message = "The token that made this webhook is over, and the webhook with it. Keep it first."


class NoAnswer(PortalError):
    """A test that no HTTP answer came to; the message says what came instead."""

    code = "webhook_not_answered"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyLookups(PortalError):
    code = "too_many_lookups"
    message = "Other addresses are being looked up just now. Try again in some seconds."
    status = HTTPStatus.TOO_MANY_REQUESTS
    field = "url"
    retry_after_seconds = 10


class TooManyTests(PortalError):
    code = "too_many_tests"
    message = "Several webhooks are being tested just now. Try again in some seconds."
    status = HTTPStatus.TOO_MANY_REQUESTS
    retry_after_seconds = 10


class StillWaiting(PortalError):
    code = "still_waiting"
    message = "This is waiting to be sent already."
