"""fal's errors in neutral words: a list of typed ones from an app, or one of the queue itself."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from generations.providers.base import Account, FailureKind, ProviderFailure
from generations.providers.reading import word

POLICY = "content_policy_violation"
INPUTS = ("prompt", "image_url")
CANCELLED = ("client_cancelled", "499")
FAILURES = {
    POLICY: FailureKind.SAFETY_UNSPECIFIED,
    "no_media_generated": FailureKind.BAD_OUTPUT,
    "generation_timeout": FailureKind.TIMEOUT,
    "request_timeout": FailureKind.TIMEOUT,
    "startup_timeout": FailureKind.TIMEOUT,
    "downstream_service_error": FailureKind.PROVIDER_ERROR,
    "bad_request": FailureKind.INVALID_REQUEST,
}
ABOUT_ASSETS = ("image_", "file_", "face_", "unsupported_image_format")
BY_STATUS: dict[int, FailureKind] = {
    HTTPStatus.UNAUTHORIZED: FailureKind.AUTH,
    HTTPStatus.FORBIDDEN: FailureKind.AUTH,
    HTTPStatus.PAYMENT_REQUIRED: FailureKind.FUNDS,
    HTTPStatus.NOT_FOUND: FailureKind.NOT_FOUND,
    HTTPStatus.GATEWAY_TIMEOUT: FailureKind.TIMEOUT,
}
NO_BALANCE = "User is locked"  # it comes as a plain 403, until the balance is topped up


def typed_errors(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an app says went wrong, a list of {loc, msg, type, …}; else nothing."""
    detail = body.get("detail")
    errors = detail if isinstance(detail, list) else []
    return [error for error in errors if isinstance(error, dict) and error.get("type")]


def failure_of(body: Mapping[str, Any], status_code: int, account: Account) -> ProviderFailure:
    """The error that counts: a refusal before the others. fal's prose is neither kept nor shown."""
    errors = typed_errors(body)
    refused = [error for error in errors if error["type"] == POLICY]
    error = next(iter(refused or errors), {})
    code = word(error.get("type") or body.get("error_type"), account)
    return ProviderFailure(_kind(code, error, body, status_code), code or str(status_code))


def is_cancelled(failure: ProviderFailure) -> bool:
    return failure.native_code in CANCELLED


def _kind(
    code: str, error: Mapping[str, Any], body: Mapping[str, Any], status_code: int
) -> FailureKind:
    if code == POLICY and _names_an_input(error.get("loc")):
        return FailureKind.SAFETY_INPUT
    if code in FAILURES:
        return FAILURES[code]
    if code.startswith(ABOUT_ASSETS):
        return FailureKind.INVALID_ASSET
    if not code and str(body.get("detail", "")).startswith(NO_BALANCE):
        return FailureKind.FUNDS
    if status_code in BY_STATUS:
        return BY_STATUS[status_code]
    is_theirs = status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return FailureKind.PROVIDER_ERROR if is_theirs else FailureKind.INVALID_REQUEST


def _names_an_input(loc: object) -> bool:
    return isinstance(loc, list) and any(part in INPUTS for part in loc)
